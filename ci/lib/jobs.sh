# shellcheck shell=bash
# For scripts of ci/ that start jobs on this machine, in place of script.sh, which it sources. It unsets all variables by which a
# launcher gives a rank its number, and makes the folder $scratch. When the script ends, that folder is removed, and every process
# that start() has begun is ended. Needs java/tools/target/signvote.jar: mvn package -DskipTests

# shellcheck source=ci/lib/script.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/script.sh"
scratch=$(mktemp -d)
pids=()
jar=$PWD/java/tools/target/signvote.jar
# shellcheck disable=SC2034 # for the scripts
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
# below the ports that the kernel gives to those who connect
port=$((20000 + RANDOM % 10000))
# shellcheck source=ci/lib/no-launcher.sh
. ci/lib/no-launcher.sh

finish_jobs() {
    [[ ${#pids[@]} -eq 0 ]] || kill "${pids[@]}" 2>/dev/null || true
    wait || true
    rm -rf "$scratch"
}
trap finish_jobs EXIT

# Ends the script with a reason, after which it prints the logs of all processes: REASON [EXIT_STATUS]
fail() {
    local log
    echo "$script: $1" >&2
    for log in "$scratch"/log*; do
        [[ ! -f $log ]] || sed "s|^|    ${log##*/}: |" "$log" >&2
    done
    exit "${2:-1}"
}

# Starts a process in the background; what it says goes to the log of this name.
start() {
    "${@:2}" >>"$scratch/log.$1" 2>&1 &
    pids+=($!)
}

# The same as a rank of a job on this host, at $port: RANK SIZE COMMAND...
start_rank() {
    start "$1" env RANK="$1" WORLD_SIZE="$2" LOCAL_RANK="$1" LOCAL_WORLD_SIZE="$2" MASTER_ADDR=127.0.0.1 MASTER_PORT="$port" \
        "${@:3}"
}

# Sets $port to another one, at which nobody listens.
take_port() { until is_free $((port += 1)); do :; done; }

# Whether the processes have said something so many times: PATTERN TIMES
says() { (($(cat "$scratch"/log* 2>/dev/null | grep -c -- "$1") >= $2)); }

[[ -f $jar ]] || fail "$jar is missing: mvn package -DskipTests"
