#!/bin/bash
# Runs what only a machine with an NVIDIA GPU can show, in under 10 minutes:
#     bash tests/cuda/session.sh [FOLDER FOR LOGS [STEP ...]]
# From the root of a checkout, which need not be installed. Needs Python with torch and the packages of the extra
# `test`; wheels of those that are missing can be put into .whl/. PYTHON names another interpreter.
set -u

logs=${1:-/tmp/ptquiz-cuda}
wanted=" ${*:2} "
python=${PYTHON:-python3}
jobs=$(nproc)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Workers are other users and must read the packages. The sandbox lets them read folders of PYTHONPATH whose name ends
# in -packages.
chmod 755 "$work"
packages=$work/site-packages
mkdir -p "$logs" "$packages"
export PTQUIZ_HOME=$work/home PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
export PYTHONPATH=$PWD:$packages${PYTHONPATH:+:$PYTHONPATH}
failed=()

# Run a command with a limit of seconds; its output goes to NAME.log and its last lines to the terminal.
step() {
    local name=$1 limit=$2 lines=$3 start=$SECONDS status
    shift 3
    [[ $wanted == "  " || $wanted == *" $name "* || $name == wheels ]] || return
    timeout --kill-after=10 "$limit" "$@" >"$logs/$name.log" 2>&1
    status=$?
    printf '== %s: exit status %d, %d s, %d s in all\n' "$name" "$status" "$((SECONDS - start))" "$SECONDS"
    tail -n "$lines" "$logs/$name.log" | cut -c1-300
    ((status == 0)) || failed+=("$name")
}

if compgen -G '.whl/*.whl' >/dev/null; then
    step wheels 60 5 "$python" -m pip install --quiet --no-index --no-deps --no-compile --no-cache-dir \
        --target "$packages" .whl/*.whl
fi
if command -v nvidia-smi >/dev/null; then
    step driver 20 20 nvidia-smi
fi
step doctor 40 14 "$python" -m quizapp doctor
# The tests of the start come first: if CUDA does not start, every other test is skipped with the reason.
step tests 300 60 "$python" -m pytest -p no:cacheprovider -m cuda -vv -rs --tb=short --durations=15 \
    tests/cuda/test_start.py tests/cuda
step benchmark 45 12 "$python" benchmarks/cuda.py
step decks 120 15 "$python" -m quizapp check decks --jobs "$jobs" --require-cuda

printf '== failed: %s\n' "${failed[*]:-nothing}"
((${#failed[@]} == 0))
