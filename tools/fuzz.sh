#!/usr/bin/env bash
# Runs every fuzz target of build/fuzz for so many seconds each:  tools/fuzz.sh SECONDS
# New inputs go to build/fuzz/corpus, those that break something to build/fuzz/crashes.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/say.sh

case ${1:-} in
'' | *[!0-9]*) die "TIME is '${1:-}', which is no number" "make fuzz TIME=60" ;;
esac
mkdir -p build/fuzz/crashes
broken=()
for source in tests/fuzz/fuzz_*.c; do
    target=$(basename "$source" .c)
    name=${target#fuzz_}
    mkdir -p "build/fuzz/corpus/$name"
    words=()
    [ ! -f "tests/fuzz/$name.dict" ] || words=("-dict=tests/fuzz/$name.dict")
    say "$name: $1 seconds"
    "build/fuzz/$target" -max_total_time="$1" -timeout=1 -rss_limit_mb=512 -print_final_stats=1 "${words[@]}" \
        -artifact_prefix="build/fuzz/crashes/$name-" "build/fuzz/corpus/$name" \
        "tests/fuzz/corpus/$name" || broken+=("$name")
done
[ ${#broken[@]} -eq 0 ] || die "broken: ${broken[*]}" \
    "the inputs are in build/fuzz/crashes; once fixed, they belong into tests/fuzz/corpus/NAME"
say "nothing broke"
