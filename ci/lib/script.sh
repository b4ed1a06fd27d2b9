# shellcheck shell=bash
# The beginning of the scripts of ci/, which source it after `set -euo pipefail`. It changes to the root of the project. $script is the
# path of the script from there, for messages.

export LC_ALL=C.UTF-8
script=$(realpath -- "$0")
# shellcheck disable=SC2164 # scripts end at the first command that fails
cd "$(dirname -- "${BASH_SOURCE[0]}")/../.."
script=${script#"$(pwd -P)"/}

# Ends the script with a reason: REASON [EXIT_STATUS]
fail() {
    echo "$script: $1" >&2
    exit "${2:-1}"
}

# Prints a result of the script.
report() {
    echo "$script: $*"
}

# Files of the working tree that git does not ignore; in a source archive, all but what builds have made.
files() {
    if [[ -e .git ]]; then
        # a file that is deleted and not yet committed is still in git's list
        # shellcheck disable=SC2016 # for the shell of xargs
        git -c safe.directory='*' ls-files -z --cached --others --exclude-standard |
            xargs -0 sh -c 'for file; do [ ! -f "$file" ] || printf "%s\0" "$file"; done' sh
    else
        find . \( -name target -o -name .git \) -prune -o -type f -printf '%P\0'
    fi
}

# Waits until a command succeeds, a minute at most, or $PATIENCE_S seconds.
await() {
    local patience
    for ((patience = 0; patience < 20 * ${PATIENCE_S:-60}; patience++)); do
        "$@" && return 0
        sleep 0.05
    done
    return 1
}

# Whether nobody listens at a port of this host.
is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
