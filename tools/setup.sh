#!/usr/bin/env bash
# Installs what is missing and nothing else:  tools/setup.sh GROUP...
#
#   native   compiler, CMake, Ninja, zlib, cJSON, expat, OpenBLAS, OpenSSL, libmicrohttpd
#   web      Emscripten, and the Node.js and Python it runs on
#   npm      the npm packages of package-lock.json; they bring a newer Node.js along
#   test     cmocka, OpenMPI, Chromium; Firefox where it is to be had
#   fuzz     clang with libFuzzer
#   lint     clang-tidy, cppcheck
#
# A thing is looked for by what it does (a program that runs, a library pkg-config knows), so it may
# come from anywhere; only what is not found is asked of apt, all in one go.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/say.sh

missing=()
need() { # need PACKAGES PROBE...: the Debian packages to install when the probe fails
    local packages=$1
    shift
    "$@" >/dev/null 2>&1 || missing+=($packages)
}
program() { command -v "$1"; }
library() { pkg-config --exists "$1"; }
header() { echo "#include <$1>" | cc -E -x c -; }
cmake_325() { [ "$(printf '%s\n' 3.25 "$(cmake --version | sed -n '1s/[^0-9]*//p')" | sort -V | head -n 1)" = 3.25 ]; }
node_18() { node -e 'process.exit(parseInt(process.versions.node) >= 18 ? 0 : 1)'; }
python_38() { python3 -c 'import sys; sys.exit(sys.version_info < (3, 8))'; }
libfuzzer() {
    echo 'int LLVMFuzzerTestOneInput(const char *p, unsigned long n) { return p && n > 9; }' |
        clang -x c - -fsanitize=fuzzer,address -o /dev/null
}
open_mpi() { program mpirun && library ompi-c; }
# By what was installed, not by dates: a fresh checkout makes every file new, and `npm ci` empties the folder.
npm_current() { cmp -s package-lock.json node_modules/.ready; }

for group in "$@"; do
    case $group in
    native)
        need "gcc libc6-dev" header stdio.h
        need cmake cmake_325
        need ninja-build program ninja
        need pkg-config program pkg-config
        need zlib1g-dev library zlib
        need libcjson-dev library libcjson
        need libexpat1-dev library expat
        need libopenblas-dev library openblas
        need libssl-dev library libcrypto
        need libmicrohttpd-dev library libmicrohttpd
        ;;
    web)
        need cmake cmake_325
        need ninja-build program ninja
        need nodejs node_18
        need python3 python_38
        ;;
    npm)
        need nodejs node_18
        npm_current || need npm program npm
        npm_current || need ca-certificates test -s /etc/ssl/certs/ca-certificates.crt
        ;;
    test)
        need libcmocka-dev library cmocka
        need "libopenmpi-dev openmpi-bin" open_mpi
        need chromium program "${CHROMIUM:-chromium}"
        ;;
    fuzz)
        need "clang libclang-rt-dev" libfuzzer
        ;;
    lint)
        need clang-tidy program clang-tidy
        need cppcheck program cppcheck
        ;;
    *) die "setup.sh knows no group '$group'" "one of: native web npm test fuzz lint" ;;
    esac
done
if [ ${#missing[@]} -gt 0 ]; then
    missing=($(printf '%s\n' "${missing[@]}" | sort -u))
    say "missing: ${missing[*]}"
    tools/apt.sh "${missing[@]}"
    export VITRINE_APT_LISTS_READ=1
    cmake_325 || die "CMake is older than 3.25: $(cmake --version | head -n 1)" \
        "install a newer one from https://cmake.org"
fi

for group in "$@"; do
    case $group in
    web)
        node_18 || die "Node.js is older than 18: $(node --version)" "install Node.js 20 or newer"
        tools/install-emscripten.sh >/dev/null
        ;;
    npm)
        npm_current || {
            step "npm: installing the packages of package-lock.json" npm ci --ignore-scripts --no-audit --no-fund ||
                die "npm could not install the packages" "check the network, then run the same command again"
            cp package-lock.json node_modules/.ready
        }
        ;;
    test)
        # A second browser engine is welcome, but nothing fails without it. It is tried once.
        if ! program firefox-esr >/dev/null && ! program firefox >/dev/null && [ ! -e build/.no-firefox ]; then
            tools/apt.sh firefox-esr || {
                say "going on without Firefox"
                mkdir -p build && touch build/.no-firefox
            }
        fi
        ;;
    esac
done
