#!/bin/bash
# Runs the tests that want a GPU on this machine's card, then the benchmarks, and prints a short table last.
#
#   ./run.sh                        all; results stay under results/
#   ./run.sh tests                  tests alone, or: sanitizer, benchmarks, peers; results of the others stay what they are
#   ./run.sh --emulated DIRECTORY   on the emulated driver of a build (native/target/emulator): everything is tried in small,
#                                   labelled so, and nothing is timed
#
# Needs an NVIDIA driver of CUDA 13 (580 or later) and a card of compute capability 7.5 or later, else nothing: Java is in
# runtime/. Where compute-sanitizer is on the path, kernels are tested under it too; where python3 has cupy or torch with CUDA,
# they pack the same data. Ends with 1 where a test failed or a result was wrong, with 2 where only a budget was missed.
set -uo pipefail
export LC_ALL=C.UTF-8
# Python finds its own libraries, not those that are put before them here
library_path=${LD_LIBRARY_PATH-}
cd "$(dirname "$0")" || exit 1
here=$PWD

COUNTS="25_600_000 250_000_000"
VOTE_COUNTS="25_600_000 250_000_000"
# what a vote, a state, a retry and the kernels ask of the device
MEMCHECKED="kernel.cuda.DeviceKernelsTest kernel.DeviceKernelsContractTest DeviceCollectivesTest optim.DeviceSignumTest"
PORT=29517

emulated=
parts=()
while [ $# -gt 0 ]; do
    case "$1" in
    --emulated)
        emulated=${2:?usage: run.sh --emulated DIRECTORY}
        shift
        ;;
    tests | sanitizer | benchmarks | peers) parts+=("$1") ;;
    *)
        sed -n '2,13s/^# \{0,1\}//p' "$0"
        exit 2
        ;;
    esac
    shift
done
[ ${#parts[@]} -gt 0 ] || parts=(tests sanitizer benchmarks peers)

results=$here/results
rm -rf tmp
mkdir -p "$results" tmp
for part in "${parts[@]}"; do
    case "$part" in
    tests) rm -rf "$results/tests.txt" "$results/junit" ;;
    sanitizer) rm -f "$results"/*check.txt ;;
    benchmarks) rm -f "$results/kernels.txt" "$results"/vote-*.txt "$results/tile.f32" ;;
    peers) rm -f "$results/peers.txt" "$results/peers-tile.txt" ;;
    esac
    rm -f "$results/notes-$part.txt"
done
rm -f "$results/notes-machine.txt"
part=machine
started=()
trap 'for pid in "${started[@]}"; do kill "$pid" 2> /dev/null; done' EXIT

say() {
    echo "=== $*"
}
note() {
    echo "$*" >> "$results/notes-$part.txt"
}
# wants PART: whether it was asked for; what is noted from here on is of it
wants() {
    local each
    part=$1
    for each in "${parts[@]}"; do
        [ "$each" != "$1" ] || return 0
    done
    return 1
}
failed=0
missed=0

java=$here/runtime/bin/java
if ! "$java" -version > "$results/java.txt" 2>&1; then
    export LD_LIBRARY_PATH=$here/runtime/fallback${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
    if ! "$java" -version > "$results/java.txt" 2>&1; then
        cat "$results/java.txt" >&2
        echo "the bundled Java does not start here: glibc 2.34 or later is needed" >&2
        exit 1
    fi
fi

# directory_of LIBRARY: where a library is that the loader may not know of
directory_of() {
    local directory
    for directory in ${LD_LIBRARY_PATH//:/ } /usr/local/cuda*/lib64 /usr/lib/x86_64-linux-gnu /usr/lib64; do
        if [ -e "$directory/$1" ]; then
            echo "$directory"
            return
        fi
    done
}

# JCublas asks for cuBLAS of CUDA 12; a machine with 13 alone gets a library of that name that forwards
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
        note "cublas: none here, its tests are skipped"
    fi
fi

properties=(-Dsignvote.root="$here" -Djava.io.tmpdir="$here/tmp" -Dsignvote.require=native,cuda
    -Djunit.jupiter.execution.timeout.default=300s
    -Djunit.jupiter.execution.timeout.thread.mode.default=SEPARATE_THREAD)
label=
flag=()
if [ -n "$emulated" ]; then
    emulated=$(cd "$emulated" && pwd) || exit 1
    export LD_LIBRARY_PATH=$emulated${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
    properties+=(-Dsignvote.cuda.module="$emulated/kernels.emulated")
    label=" EMULATED"
    flag=(--emulated)
    COUNTS="64 20_011"
    VOTE_COUNTS=100_003
fi
jars=$(printf '%s:' "$here"/lib/*.jar)
jvm=("$java" @"$here/jvm.options" -Xmx4g "${properties[@]}")

{
    echo "SignVote on a GPU$label, $(date -u +%FT%TZ)"
    cat build.properties
    echo "machine=$(uname -rm), $(nproc) cores"
    head -1 "$results/java.txt"
    if [ -z "$emulated" ] && command -v nvidia-smi > /dev/null; then
        nvidia-smi --query-gpu=name,driver_version,memory.total,pci.bus_id,clocks.max.sm,clocks.max.memory --format=csv,noheader
    fi
} | tee "$results/machine.txt"

# the test classes that say that they want a GPU
selected=()
while read -r name; do
    selected+=(--select-class="$name")
done < tests.txt

# launch NAME PREFIX... -- ARGUMENT...: JUnit's console launcher, behind a prefix of commands
launch() {
    local name=$1 prefix=()
    shift
    while [ "$1" != -- ]; do
        prefix+=("$1")
        shift
    done
    shift
    "${prefix[@]}" "${jvm[@]}" -ea -Dagrona.disable.bounds.checks=false -Dagrona.strict.alignment.checks=true \
        -cp "$here/tests:$jars" org.junit.platform.console.ConsoleLauncher execute --disable-banner --details=tree \
        --disable-ansi-colors --fail-if-no-tests "$@" > "$results/$name.txt" 2>&1
}

if wants tests; then
    say "tests tagged gpu, cuda required$label: results/tests.txt"
    if launch tests -- "${selected[@]}" --include-tag=gpu --reports-dir="$results/junit"; then
        note "tests$label: $(sed -n 's/^\[ *\([0-9]* tests successful\) *\]/\1/p' "$results/tests.txt")," \
            "$(sed -n 's/^\[ *\([0-9]* tests skipped\) *\]/\1/p' "$results/tests.txt")"
    else
        failed=1
        tail -100 "$results/tests.txt"
        note "tests$label: FAILED, results/tests.txt"
    fi
fi

sanitizer=$(command -v compute-sanitizer || ls /usr/local/cuda/bin/compute-sanitizer 2> /dev/null)
if wants sanitizer && [ -z "$emulated" ] && [ -z "$sanitizer" ]; then
    note "sanitizer: left out, compute-sanitizer is not on the path"
elif wants sanitizer && [ -z "$emulated" ]; then
    for tool in memcheck racecheck synccheck initcheck; do
        checked=kernel.cuda.DeviceKernelsTest
        [ $tool != memcheck ] || checked=$MEMCHECKED
        classes=()
        for name in $checked; do
            classes+=(--select-class="io.signvote.$name")
        done
        say "$checked under compute-sanitizer --tool $tool: results/$tool.txt"
        if launch $tool "$sanitizer" --tool $tool --error-exitcode 86 --target-processes application-only -- \
            "${classes[@]}"; then
            note "compute-sanitizer $tool: clean"
        else
            failed=1
            tail -40 "$results/$tool.txt"
            note "compute-sanitizer $tool: FAILED, results/$tool.txt"
        fi
    done
fi

# Runs a program of the benchmarks and keeps what it says: benchmark NAME CLASS ARGUMENT...
benchmark() {
    local name=$1 status=0
    shift
    "${jvm[@]}" -Dagrona.disable.bounds.checks=true -cp "$here/benchmarks:$jars" "$@" > "$results/$name.txt" 2>&1 || status=$?
    case $status in
    0) ;;
    2) missed=1 ;;
    *) failed=1 && note "$name$label: FAILED, results/$name.txt" ;;
    esac
    cat "$results/$name.txt"
    return $status
}

if wants benchmarks; then
    say "kernels against copies of the same bytes$label"
    # shellcheck disable=SC2086 # counts
    benchmark kernels io.signvote.jmh.cuda.KernelTimes "${flag[@]}" --tile "$results/tile.f32" $COUNTS
    for count in $VOTE_COUNTS; do
        say "a device vote of $count, two ranks in one process$label"
        benchmark "vote-threads-$count" io.signvote.jmh.cuda.DeviceVoteTimes "${flag[@]}" --ranks 2 "$count"
        say "a device vote of $count, two processes that share the card$label"
        export WORLD_SIZE=2 MASTER_ADDR=127.0.0.1 MASTER_PORT=$PORT
        RANK=1 benchmark "vote-rank1-$count" io.signvote.jmh.cuda.DeviceVoteTimes "${flag[@]}" "$count" &
        started+=($!)
        RANK=0 benchmark "vote-processes-$count" io.signvote.jmh.cuda.DeviceVoteTimes "${flag[@]}" "$count"
        wait "${started[0]}" || failed=1
        started=()
        unset WORLD_SIZE MASTER_ADDR MASTER_PORT
    done
fi

if wants peers; then
    say "other ways of packing$label"
    python=(env LD_LIBRARY_PATH="$library_path" python3)
    if ! command -v python3 > /dev/null; then
        note "peers: left out, no python3"
    elif [ ! -s "$results/tile.f32" ] &&
        ! benchmark peers-tile io.signvote.jmh.cuda.KernelTimes "${flag[@]}" --tile "$results/tile.f32"; then
        note "peers$label: FAILED, there is no data, results/peers-tile.txt"
    elif "${python[@]}" "$here/peers.py" "${flag[@]}" "$results/tile.f32" $COUNTS > "$results/peers.txt" 2>&1; then
        cat "$results/peers.txt"
    else
        failed=1
        cat "$results/peers.txt"
        note "peers$label: FAILED, results/peers.txt"
    fi
fi

say "in short$label"
{
    cat "$results/machine.txt"
    echo
    for part in machine tests sanitizer benchmarks peers; do
        [ ! -s "$results/notes-$part.txt" ] || cat "$results/notes-$part.txt"
    done
    for file in "$results"/kernels.txt "$results"/peers.txt "$results"/vote-threads-*.txt "$results"/vote-processes-*.txt; do
        [ ! -s "$file" ] || { echo && cat "$file"; }
    done
} | tee "$results/short.txt"
[ $failed = 0 ] || exit 1
[ $missed = 0 ] || exit 2
