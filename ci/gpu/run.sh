#!/usr/bin/env bash
# Checks, times and tests the kernels on a machine with a card, and collects the results.
#
#   ./run.sh                        all parts in the order below, until the time limit
#   ./run.sh PART...                these parts: check sanitizer kernels peers vote profile tests memcheck processes large
#   ./run.sh --emulated DIRECTORY   all parts with small sizes, on the emulated driver of a build (native/target/emulator).
#                                   The results say EMULATED, and nothing is timed.
#
# Results go to $OUT, or to results/ without it: up to eight files of at most 15 MiB, written while the parts run. summary.txt is
# written again after each part, so a run that ends early loses only the current part. LIMIT is the time limit of all parts in
# seconds, 560 by default. If no time is left for a part, the summary names the command that runs it.
#
# Needs glibc 2.34, an NVIDIA driver of CUDA 13 (580 or later) and a card of compute capability 7.5 or later. Java is in runtime/.
# Optional tools: compute-sanitizer, ncu, and cupy, torch or triton of python3.
# Exit status: 1 if a test failed or a result is wrong, 2 if only a budget was missed, 3 if only a part is incomplete.
set -uo pipefail # without -e: each part has a status of its own
export LC_ALL=C.UTF-8
# LD_LIBRARY_PATH for Python, without the folders that are added below
library_path=${LD_LIBRARY_PATH-}
results=${OUT:-$(dirname "$0")/results}
mkdir -p "$results" || exit 1
results=$(cd "$results" && pwd)
cd "$(dirname "$0")" || exit 1
here=$PWD

LIMIT=${LIMIT:-560}
ORDER=(check sanitizer kernels peers vote profile tests memcheck processes large)
# time limit of each part in seconds
declare -A SECONDS_OF=([check]=60 [sanitizer]=120 [kernels]=150 [peers]=60 [vote]=60 [profile]=60 [tests]=240
    [memcheck]=240 [processes]=90 [large]=180)
# with less time left, a part does not begin
LEAST_SECONDS=5
BYTES_MAX=$((15 << 20))
COUNTS="25_600_000 250_000_000"
ZEROS=0.001,0.01
# tests of votes, saved states, retries and kernels on the device
MEMCHECKED=(io.signvote.kernel.cuda.DeviceKernelsTest io.signvote.kernel.DeviceKernelsContractTest
    io.signvote.device.DeviceCollectivesTest io.signvote.optim.DeviceSignumTest)
LARGE=io.signvote.device.LargeDeviceTest
PORT=29517

emulated=
parts=()
while [ $# -gt 0 ]; do
    if [ "$1" = --emulated ]; then
        emulated=${2:?usage: run.sh --emulated DIRECTORY}
        shift
    elif [ -n "${SECONDS_OF[$1]-}" ]; then
        parts+=("$1")
    else
        sed -n '2,15s/^# \{0,1\}//p' "$0"
        exit 2
    fi
    shift
done
[ ${#parts[@]} -gt 0 ] || parts=("${ORDER[@]}")

# a scratch folder of this run alone: a second run uses another
scratch=$(mktemp -d "$here/tmp.XXXXXX")
started=()
# shellcheck disable=SC2154 # pid is set when the trap runs
trap 'for pid in "${started[@]}"; do kill "$pid" 2> /dev/null; done; rm -rf "$scratch"' EXIT
notes=$scratch/notes
: > "$notes"
failed=0
missed=0
incomplete=0
note() {
    echo "$*" | tee -a "$notes"
}

java=$here/runtime/bin/java
if ! "$java" -version > "$scratch/java.txt" 2>&1; then
    export LD_LIBRARY_PATH=$here/runtime/fallback${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
    if ! "$java" -version > "$scratch/java.txt" 2>&1; then
        cat "$scratch/java.txt" >&2
        echo "the bundled Java does not start here: glibc 2.34 or later is needed" >&2
        exit 1
    fi
fi

# directory_of LIBRARY: prints the folder of a library that the loader may not find
directory_of() {
    local directory directories=()
    IFS=: read -ra directories <<< "${LD_LIBRARY_PATH:-}"
    directories+=(/usr/local/cuda*/lib64 /usr/lib/x86_64-linux-gnu /usr/lib64)
    # pip's packages
    while read -r directory; do
        directories+=("$directory"/nvidia/*/lib)
    done < <(python3 -c 'import site, sys; print("\n".join(set(sys.path + site.getsitepackages() + [site.getusersitepackages()])))' 2> /dev/null)
    for directory in "${directories[@]}"; do
        if [ -n "$directory" ] && [ -e "$directory/$1" ]; then
            echo "$directory"
            return
        fi
    done
}

# JCublas loads cuBLAS of CUDA 12. If a machine has only 13, a library with the name of 12 forwards the calls.
if [ -z "$emulated" ]; then
    blas=$(directory_of libcublas.so.12)
    forwarded=$(directory_of libcublas.so.13)
    if [ -n "$blas" ]; then
        export LD_LIBRARY_PATH=${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$blas
        note "cublas: $blas/libcublas.so.12"
    elif [ -n "$forwarded" ]; then
        export LD_LIBRARY_PATH=$here/cublas13:${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$forwarded
        note "cublas: calls are forwarded to $forwarded/libcublas.so.13"
    else
        note "cublas: left out, neither libcublas.so.12 nor libcublas.so.13 is here: its tests are skipped"
    fi
fi

# shellcheck disable=SC2054 # names of backends
properties=(-Dsignvote.root="$here" -Djava.io.tmpdir="$scratch" -Dsignvote.require=native,cuda
    -Djunit.jupiter.execution.timeout.default=300s
    -Djunit.jupiter.execution.timeout.thread.mode.default=SEPARATE_THREAD)
image=$here/kernels.fatbin
label=
flag=()
if [ -n "$emulated" ]; then
    emulated=$(cd "$emulated" && pwd) || exit 1
    export LD_LIBRARY_PATH=$emulated${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
    image=$emulated/kernels.emulated
    properties+=(-Dsignvote.cuda.module="$image")
    label=" EMULATED"
    flag=(--emulated)
    COUNTS="64 20_011"
    # processors are slower than a card, and nothing is timed
    LIMIT=$((10 * LIMIT))
    for part in "${ORDER[@]}"; do
        SECONDS_OF[$part]=$((10 * SECONDS_OF[$part]))
    done
fi
jars=$(printf '%s:' "$here"/lib/*.jar)
jvm=("$java" @"$here/java/jvm.options" -Xmx4g "${properties[@]}")

{
    echo "SignVote on a GPU$label, $(date -u +%FT%TZ)"
    cat build.properties
    echo "machine=$(uname -rm), $(nproc) cores"
    head -1 "$scratch/java.txt"
    if [ -z "$emulated" ] && command -v nvidia-smi > /dev/null; then
        nvidia-smi --query-gpu=name,driver_version,memory.total,pci.bus_id,clocks.max.sm,clocks.max.memory --format=csv,noheader
    fi
} | tee "$scratch/machine.txt"
cp "$scratch/machine.txt" "$results/machine.txt"
if [ -z "$emulated" ] && command -v nvidia-smi > /dev/null; then
    echo "clocks, power and temperature, each second" >> "$results/machine.txt"
    nvidia-smi -l 1 --format=csv \
        --query-gpu=timestamp,clocks.sm,clocks.mem,power.draw,temperature.gpu,utilization.gpu,clocks_event_reasons.active \
        >> "$results/machine.txt" 2>&1 &
    started+=($!)
fi

# the summary so far: machine, one line a part, then the tables
summarise() {
    {
        cat "$scratch/machine.txt"
        echo
        cat "$notes"
        for file in checks kernels peers votes; do
            [ ! -s "$results/$file.txt" ] || { echo && cat "$results/$file.txt"; }
        done
    } | head -c $BYTES_MAX > "$scratch/summary.txt"
    mv "$scratch/summary.txt" "$results/summary.txt"
}

# left: prints the seconds that remain for the current part
left() {
    local of_part=$((part_end - SECONDS)) of_all=$((LIMIT - SECONDS))
    echo $((of_part < of_all ? of_part : of_all))
}

# collect FILE COMMAND...: runs a command within the time of the part, and appends its output to a file of the results.
# Returns the status of the command, or 124 if the time limit ended it.
collect() {
    local file=$results/$1 seconds status
    shift
    seconds=$(left)
    [ "$seconds" -ge 1 ] || return 124
    timeout -k 5 "$seconds" "$@" 2>&1 | head -c $BYTES_MAX >> "$file"
    status=${PIPESTATUS[0]}
    # 137: it did not end at once
    [ "$status" != 137 ] || status=124
    [ "$(stat -c %s "$file")" -le $BYTES_MAX ] || truncate -s $BYTES_MAX "$file"
    return "$status"
}

# judge NAME FILE STATUS [BUDGET]: notes the outcome of a part. BUDGET is the status that means a missed budget, if there is one.
judge() {
    case $3 in
    0) note "$1$label: right, $2" ;;
    "${4:-none}") missed=1 && note "$1$label: right, a budget is missed, $2" ;;
    124) incomplete=1 && note "$1$label: INCOMPLETE, ended at its limit of time, $2" ;;
    *) failed=1 && note "$1$label: FAILED with $3, $2" ;;
    esac
}

# launch_tests FILE PREFIX... -- ARGUMENT...: runs JUnit's console launcher. PREFIX is a tool that starts Java.
launch_tests() {
    local file=$1 prefix=()
    shift
    while [ "$1" != -- ]; do
        prefix+=("$1")
        shift
    done
    shift
    collect "$file" "${prefix[@]}" "${jvm[@]}" -ea -Dagrona.disable.bounds.checks=false -Dagrona.strict.alignment.checks=true \
        -cp "$here/tests:$jars" org.junit.platform.console.ConsoleLauncher execute --disable-banner --details=tree \
        --disable-ansi-colors --fail-if-no-tests "$@"
}

# counts_of FILE: prints the last counts of tests by JUnit
counts_of() {
    sed -n 's/^\[ *\([0-9]* tests \(successful\|skipped\|failed\)\) *\]/\1/p' "$results/$1" | tail -3 | paste -sd, | sed 's/,/, /g'
}

# classes OPTION NAME...: prints JUnit's options for classes
classes() {
    local option=$1
    shift
    printf -- "--$option=%s\n" "$@"
}

tool_of() {
    command -v "$1" || ls "/usr/local/cuda/bin/$1" 2> /dev/null
}

why_not() {
    if [ -n "$emulated" ]; then echo "the device is emulated"; else echo "$1 is not on the path"; fi
}

part_check() {
    collect checks.txt "$here/check-kernels" "$image"
    judge "check, every kernel against the scalar tier" checks.txt $?
}

# can_sanitize: whether compute-sanitizer can use the device. In some sandboxes, such as gVisor, it cannot.
can_sanitize() {
    sanitizer=$(tool_of compute-sanitizer)
    if [ -n "$emulated" ] || [ -z "$sanitizer" ]; then
        note "$part$label: left out, $(why_not compute-sanitizer)"
        return 1
    fi
    if ! timeout "$(left)" "$sanitizer" --tool memcheck --error-exitcode 86 "$here/check-kernels" --open > "$scratch/probe.txt" 2>&1; then
        note "$part: left out, compute-sanitizer cannot use the device: $(grep -v '^=* *$' "$scratch/probe.txt" | tail -1)"
        return 1
    fi
}

part_sanitizer() {
    local tool
    can_sanitize || return
    for tool in memcheck racecheck synccheck initcheck; do
        echo "--- compute-sanitizer --tool $tool" >> "$results/checks.txt"
        # a call of the driver that fails is an error too: no call of check-kernels may fail
        collect checks.txt "$sanitizer" --tool $tool --error-exitcode 86 "$here/check-kernels" --small "$image"
        judge "compute-sanitizer $tool" checks.txt $?
    done
}

part_kernels() {
    # shellcheck disable=SC2086 # counts
    collect kernels.txt "${jvm[@]}" -Dagrona.disable.bounds.checks=true -cp "$here/benchmarks:$jars" \
        io.signvote.jmh.cuda.KernelTimes "${flag[@]}" --tile "$scratch/tile.f32" --zeros $ZEROS $COUNTS
    judge "kernels, times beside copy, memset and read" kernels.txt $? 2
}

part_peers() {
    if ! command -v python3 > /dev/null; then
        note "peers: left out, no python3"
        return
    fi
    if [ ! -s "$scratch/tile.f32" ]; then
        "${jvm[@]}" -cp "$here/benchmarks:$jars" io.signvote.jmh.cuda.KernelTimes "${flag[@]}" --tile "$scratch/tile.f32" \
            > "$scratch/tile.txt" 2>&1 || { failed=1 && note "peers$label: FAILED, there is no data: $(tail -1 "$scratch/tile.txt")" && return; }
    fi
    # shellcheck disable=SC2086 # counts
    collect peers.txt env LD_LIBRARY_PATH="$library_path" python3 "$here/peers.py" "${flag[@]}" "$scratch/tile.f32" $COUNTS
    judge "peers, other ways of packing" peers.txt $?
}

# vote ARGUMENT...: DeviceVoteTimes
vote() {
    collect votes.txt "${jvm[@]}" -Dagrona.disable.bounds.checks=true -cp "$here/benchmarks:$jars" \
        io.signvote.jmh.cuda.DeviceVoteTimes "${flag[@]}" "$@"
}

part_vote() {
    local count
    for count in $COUNTS; do
        vote --ranks 2 "$count"
        judge "vote of $count, two ranks of one process" votes.txt $?
    done
}

part_profile() {
    local ncu
    ncu=$(tool_of ncu)
    if [ -n "$emulated" ] || [ -z "$ncu" ]; then
        note "profile$label: left out, $(why_not ncu)"
        return
    fi
    collect profile.txt "$ncu" --target-processes application-only --section SpeedOfLight --section LaunchStats \
        --section Occupancy --section SchedulerStats --section WarpStateStats --section ComputeWorkloadAnalysis \
        --section MemoryWorkloadAnalysis "$here/check-kernels" --profile "$image"
    local status=$?
    if grep -q ERR_NVGPUCTRPERM "$results/profile.txt" 2> /dev/null; then
        note "profile: left out, this user may not read the counters of the card (ERR_NVGPUCTRPERM)"
        return
    fi
    judge "profile by ncu" profile.txt $status
}

part_tests() {
    local selected
    # the test classes with a tag for GPUs
    mapfile -t selected < <(grep -vx "$LARGE" tests.txt)
    mapfile -t selected < <(classes select-class "${selected[@]}")
    launch_tests tests.txt -- "${selected[@]}" --include-tag=gpu
    judge "tests tagged gpu, cuda required" tests.txt $?
    note "  $(counts_of tests.txt)"
}

part_memcheck() {
    local selected
    can_sanitize || return
    mapfile -t selected < <(classes select-class "${MEMCHECKED[@]}")
    # Java throws for each call of the driver that fails, and a test fails with it. But a query of a busy stream is no error.
    launch_tests tests.txt "$sanitizer" --tool memcheck --error-exitcode 86 --report-api-errors no \
        --target-processes application-only -- "${selected[@]}"
    judge "memcheck of the way through Java" tests.txt $?
}

part_processes() {
    local count status other
    export WORLD_SIZE=2 MASTER_ADDR=127.0.0.1 MASTER_PORT=$PORT
    for count in $COUNTS; do
        RANK=1 vote "$count" &
        RANK=0 vote "$count"
        status=$?
        wait $!
        other=$?
        [ $other = 0 ] || [ $status = 1 ] || status=$other
        judge "vote of $count, two processes that share the card" votes.txt $status
    done
    unset WORLD_SIZE MASTER_ADDR MASTER_PORT
}

part_large() {
    launch_tests tests.txt -- --select-class="$LARGE" --include-tag=gpu
    judge "large sizes, 600 M and 2^31 coordinates" tests.txt $?
    note "  $(counts_of tests.txt)"
}

for part in "${parts[@]}"; do
    case $part in
    check) rm -f "$results/checks.txt" ;;
    kernels | peers | profile | tests) rm -f "$results/$part.txt" ;;
    vote) rm -f "$results/votes.txt" ;;
    esac
done
for part in "${parts[@]}"; do
    part_end=$((SECONDS + SECONDS_OF[$part]))
    if [ "$(left)" -lt $LEAST_SECONDS ]; then
        incomplete=1
        note "$part$label: NOT BEGUN, the time of all parts is over: ./run.sh $part"
    else
        echo "=== $part$label, at $SECONDS s"
        "part_$part"
    fi
    summarise
done

echo "=== in short$label, after $SECONDS s"
cat "$results/summary.txt"
[ $failed = 0 ] || exit 1
[ $missed = 0 ] || exit 2
[ $incomplete = 0 ] || exit 3
