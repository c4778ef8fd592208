#!/usr/bin/env bash
# clang-tidy and cppcheck over the core:  tools/lint.sh [FILE...]
#
# .clang-tidy says which checks; a finding that is none is marked in the code with its reason. The files of
# the wasm's instruction sets are left to emcc, whose headers clang-tidy does not know.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/say.sh

files=("$@")
[ ${#files[@]} -gt 0 ] || files=($(ls src/{base,kernels,nn,model,catalog,profile,rank}/*.c | grep -v '_\(simd128\|relaxed\)\.c$'))
jobs=$(nproc)
say "cppcheck: ${#files[@]} files"
cppcheck --quiet --std=c11 --platform=unix64 -j "$jobs" -Iinclude -Isrc --inline-suppr --error-exitcode=1 \
    --enable=warning,performance,portability --suppress=missingIncludeSystem --suppress=arrayIndexThenCheck "${files[@]}" ||
    die "cppcheck found something" "see the lines above"
say "clang-tidy: ${#files[@]} files, a few minutes"
printf '%s\n' "${files[@]}" | xargs -P "$jobs" -n 4 clang-tidy -p build/native --quiet 2>/dev/null ||
    die "clang-tidy found something" "see the lines above"
say "nothing found"
