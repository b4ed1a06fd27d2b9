# shellcheck shell=bash
# For scripts of ci/ that run the commands of pages, in place of script.sh, which it sources. ci/check-pages states the rules of a page.

# shellcheck source=ci/lib/script.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/script.sh"

# the words that run a command as a user without rights; none if this user is not root
# shellcheck disable=SC2034 # for the scripts
user=()

# Copies the working tree to FOLDER.
copy_tree() {
    files | tar --null --files-from=- --create --file=- | tar --extract --file=- --directory="$1"
}

# Copies a folder, by hard links if both places are on one file system.
link_tree() {
    cp -al "$1" "$2" 2>/dev/null || { rm -rf "$2" && cp -a "$1" "$2"; }
}

# Prints the steps of a page, one a line, in fields that tabs separate: run, marked, save or text; the line of the fence; the section;
# the file to save as. The content of each block goes to FOLDER/LINE.
steps_of() {
    awk -v folder="$2" '
        function emit(kind) { print kind "\t" fence "\t" (section == "" ? "-" : section) "\t" file }
        /^ *```/ && !inside {
            inside = 1; fence = FNR; language = $0; sub(/^ *```/, "", language)
            kind = file = ""
            if (match(paragraph, /Save (this program )?as `[^`]+`/)) {
                kind = "save"; file = substr(paragraph, RSTART, RLENGTH - 1); sub(/.*`/, "", file)
            } else if (language == "sh") {
                kind = paragraph ~ /\*[Nn]ot run here/ ? "marked" : "run"
            } else if (language == "text" && isAfterRun) {
                kind = "text"
            }
            if (kind != "") { emit(kind); printf "" > (folder "/" fence) }
            next
        }
        /^ *```/ { inside = 0; isAfterRun = kind == "run"; if (kind != "") close(folder "/" fence); paragraph = ""; next }
        inside { if (kind != "") print > (folder "/" fence); next }
        /^## / { section = substr($0, 4) }
        /^$/ { isBlank = 1; next }
        { if (isBlank) paragraph = ""; isBlank = 0; paragraph = paragraph " " $0; isAfterRun = 0 }
    ' "$1"
}

# Prints each line of a file that the output lacks, or has less often.
lacking() {
    awk 'NR == FNR { have[$0]++; next } --have[$0] < 0' "$2" "$1"
}

# Root gives these folders to the user nobody, without the files in a Maven repository, which may be links to root's own.
be_nobody() {
    local folder
    ((EUID == 0)) || return 0
    for folder; do
        find "$folder" \( -path '*/.m2/repository/*' -not -type d \) -o -exec chown -h nobody {} +
    done
    # shellcheck disable=SC2034 # for the scripts
    user=(setpriv --reuid nobody --regid "$(id -g nobody)" --clear-groups)
}

# Removes the variables of launchers, and sets $port to a port at which nobody listens.
take_port() {
    # shellcheck source=ci/lib/no-launcher.sh
    . ci/lib/no-launcher.sh
    port=$((20000 + RANDOM % 10000))
    until is_free "$port"; do port=$((port + 1)); done
}
