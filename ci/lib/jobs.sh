# shellcheck shell=bash
# For scripts of ci/ that start jobs on this machine. They run `set -euo pipefail`, change to the project's folder and source this:
# it unsets all variables that would tell a rank who it is, and makes a folder that is removed when the script ends, with every
# process that start() has begun. Needs java/tools/target/signvote.jar: mvn package -DskipTests

export LC_ALL=C.UTF-8
script=ci/${0##*/}
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

# Ends the script with a reason, and with all that the processes have said.
fail() {
    local log
    echo "$script: $1" >&2
    for log in "$scratch"/log*; do
        [[ ! -f $log ]] || sed "s|^|    ${log##*/}: |" "$log" >&2
    done
    exit 1
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

# Waits a minute at most until a command succeeds.
await() {
    local patience
    for ((patience = 0; patience < 1200; patience++)); do
        "$@" && return 0
        sleep 0.05
    done
    return 1
}

is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Sets $port to another one, at which nobody listens.
take_port() { until is_free $((port += 1)); do :; done; }

# Whether the processes have said something so many times: PATTERN TIMES
says() { (($(cat "$scratch"/log* 2>/dev/null | grep -c -- "$1") >= $2)); }

[[ -f $jar ]] || fail "$jar is missing: mvn package -DskipTests"
