#!/usr/bin/env bash
# Configures and builds:  tools/build.sh PRESET[:TARGET]...   (CMakePresets.json has the presets)
#
# Configuring anew each time takes a moment, and finds a library that came since the last time.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/say.sh

for job in "$@"; do
    preset=${job%%:*}
    target=${job#"$preset"}
    configure=(cmake --preset "$preset")
    case $preset in
    wasm*)
        [ -n "${emscripten:-}" ] || emscripten=$(tools/install-emscripten.sh)
        configure=("$emscripten/emcmake" "${configure[@]}")
        ;;
    esac
    step "$preset: configuring" "${configure[@]}" ||
        die "CMake could not configure '$preset'" "see the lines above; make clean starts afresh"
    step_tail=80
    step "$preset: building" cmake --build "build/$preset" ${target:+--target "${target#:}"} ||
        die "'$preset' does not build" "see the lines above"
done
