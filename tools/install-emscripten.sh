#!/usr/bin/env bash
# Finds or installs an Emscripten that builds Vitrine, and prints the folder that holds its emcc.
#
#   dir=$(tools/install-emscripten.sh) && PATH=$dir:$PATH
#
# In this order:
#   1. emcc on PATH, or the one of an activated emsdk ($EMSDK), when it is new enough;
#   2. what an earlier run of this script left behind;
#   3. the system's own package, where that is new enough (Debian 13) and we may install it;
#   4. the signed packages of Debian 13, unpacked under a folder of their own (Debian 12 and Ubuntu).
#      They run with the C library they were built for, which comes with them; nothing of the
#      system is replaced.
#
# VITRINE_EMSCRIPTEN_DIR names the folder for 4: by default /opt/emscripten for root, else
# ~/.cache/vitrine/emscripten. About 320 MB are downloaded and 750 MB kept.
set -euo pipefail
. "$(dirname "$0")/say.sh"

oldest=3.1.69 # 3.1.6, which Debian 12 has, knows only a draft of relaxed SIMD
suite=trixie

# --- what is there ----------------------------------------------------------------------------
at_least() { [ "$(printf '%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

good() { # $1: a folder; does an emcc in it run, and is it new enough?
    local version
    [ -x "$1/emcc" ] && [ -x "$1/emcmake" ] || return 1
    version=$("$1/emcc" --version 2>/dev/null | sed -n '1s/.*) \([0-9.]*\).*/\1/p') || return 1
    [ -n "$version" ] && at_least "$version" "$oldest"
}

on_path=$(command -v emcc || true)
# On Debian 13 /usr/bin/emcc is a link into the folder that also has the CMake files.
[ -z "$on_path" ] || on_path=$(dirname "$(readlink -f "$on_path")")
shared=/opt/emscripten
home=${VITRINE_EMSCRIPTEN_DIR:-}
if [ -n "$home" ]; then
    shared=$home
elif [ "$(id -u)" = 0 ]; then
    home=$shared
else
    home=${XDG_CACHE_HOME:-$HOME/.cache}/vitrine/emscripten
fi
for dir in "$on_path" "${EMSDK:+$EMSDK/upstream/emscripten}" "$home/upstream/emscripten" \
    "$shared/upstream/emscripten" /usr/share/emscripten; do
    if [ -n "$dir" ] && good "$dir"; then
        printf '%s\n' "$dir"
        exit 0
    fi
done

# --- the system's package ---------------------------------------------------------------------
command -v apt-get >/dev/null || die "there is no Emscripten $oldest or newer, and no apt to get it with" \
    "install emsdk (https://emscripten.org), activate it, and run this again"
offered=$(LC_ALL=C apt-cache policy emscripten 2>/dev/null | sed -n 's/^ *Candidate: *\([0-9.]*\).*/\1/p')
if [ -n "$offered" ] && at_least "$offered" "$oldest"; then
    "$(dirname "$0")/apt.sh" emscripten
    good /usr/share/emscripten || die "the system's emscripten package does not run"
    printf '%s\n' /usr/share/emscripten
    exit 0
fi

# --- Debian 13's packages under a folder ------------------------------------------------------
for tool in dpkg dpkg-deb tar python3 node; do
    command -v $tool >/dev/null || die "$tool is needed to set up Emscripten" "run tools/setup.sh build"
done
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
    grep -E '/debian/?$' | head -n 1 || true)
mirror=${VITRINE_DEBIAN_MIRROR:-${mirror:-http://deb.debian.org/debian}}
for keyring in /usr/share/keyrings/debian-archive-keyring.{pgp,gpg} none; do
    [ ! -r $keyring ] || break
done
[ $keyring != none ] || die "Debian's archive keys are missing, so packages could not be checked" \
    "sudo apt-get install debian-archive-keyring"

mkdir -p "$home" 2>/dev/null && [ -w "$home" ] ||
    die "cannot write to $home" "name another folder in VITRINE_EMSCRIPTEN_DIR"
home=$(cd "$home" && pwd -P)
case $home in *[!A-Za-z0-9_./+-]*) die "$home: Emscripten's folder may hold only letters, digits and _ . / + -" ;; esac
exec 9>"$home/.lock"
flock -w 1800 9 || die "another set-up in $home does not end" "end it, or remove $home"
if good "$home/upstream/emscripten"; then # made while we waited
    printf '%s\n' "$home/upstream/emscripten"
    exit 0
fi

work=$home/.work
rm -rf "$work" "$home/root" "$home/upstream" "$home/cache"
mkdir -p "$work"/{state/lists/partial,archives/partial,none} "$home/root" "$home/upstream/bin"
: >"$work/state/status"
echo "deb [signed-by=$keyring] $mirror $suite main" >"$work/sources.list"
# An apt of its own: the system's settings for the network hold, its lists and packages do not.
cat >"$work/apt.conf" <<END
Dir::State "$work/state";
Dir::State::status "$work/state/status";
Dir::Cache "$work";
Dir::Cache::archives "$work/archives";
Dir::Etc::SourceList "$work/sources.list";
Dir::Etc::SourceParts "$work/none";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "$work/none";
APT::Default-Release "";
APT::Architecture "$(dpkg --print-architecture)";
APT::Sandbox::User "root";
APT::Keep-Downloaded-Packages "true";
APT::Install-Recommends "false";
APT::Get::AllowUnauthenticated "false";
Acquire::AllowInsecureRepositories "false";
Acquire::Languages "none";
Acquire::Retries "5";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear DPkg::Post-Invoke;
END
export APT_CONFIG=$work/apt.conf

step "Emscripten: reading the package lists of Debian $suite" apt-get update -q ||
    die "the package lists of $mirror $suite cannot be read" \
        "check the network, or name a Debian mirror in VITRINE_DEBIAN_MIRROR"
llvm=$(apt-cache show --no-all-versions emscripten | sed -n 's/^Depends:.*[ ,]clang-\([0-9]*\).*/\1/p')
[ -n "$llvm" ] || die "$suite has no emscripten package that names its clang"

# The compiler's libraries come with all they depend on, down to the C library; of the programs only
# what emcc calls, since their packages would bring editors' and debuggers' parts along.
download() {
    apt-get -q -y --download-only install "libllvm$llvm" "libclang-cpp$llvm" "lld-$llvm" binaryen &&
        cd "$work/archives" &&
        apt-get -q download emscripten node-acorn "clang-$llvm" "llvm-$llvm" "libclang-common-$llvm-dev"
}
step "Emscripten: downloading (about 320 MB)" download ||
    die "Emscripten's packages could not be downloaded" "run this again; what came stays"

unpack() {
    local deb
    for deb in "$work"/archives/*.deb; do
        echo "unpacking ${deb##*/}"
        dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$home/root" --no-same-owner \
            --exclude='./usr/share/'{doc,man,locale,lintian,gdb} --exclude=./etc --exclude=./var \
            --exclude=./usr/include --exclude='*/gconv' --exclude=./usr/share/emscripten/test \
            --exclude='*/wasm32-emscripten/'{pic,lto,lto-pic} || return 1
    done
}
step "Emscripten: unpacking" unpack || die "Emscripten's packages could not be unpacked" \
    "see whether the disk of $home is full (750 MB are needed)"

# Each program starts through a script that names the C library and loader it came with.
loader=$(cd "$home/root" && find . -name 'ld-linux*.so.*' -type f | head -n 1)
[ -n "$loader" ] || die "the packages hold no loader for this kind of processor"
triplet=$(basename "$(dirname "$loader")")
libraries=$home/root/usr/lib/$triplet:$home/root/lib/$triplet:$home/root/usr/lib/llvm-$llvm/lib
for program in "$home/root/usr/lib/llvm-$llvm/bin"/* "$home/root/usr/bin"/wasm*; do
    [ "$(head -c 4 "$program" | tail -c 3)" = ELF ] || continue
    start=$home/upstream/bin/${program##*/}
    {
        echo '#!/bin/sh'
        # Told otherwise, clang looks for its headers beside the loader that runs it.
        case $start in
        */clang | */clang++) echo 'case $1 in -cc1*) ;; *) set -- -no-canonical-prefixes "$@" ;; esac' ;;
        esac
        echo "exec $home/root/$loader --library-path $libraries --argv0 \"\$0\" $program \"\$@\""
    } >"$start"
    chmod 755 "$start"
done
mkdir "$home/upstream/lib"
ln -s "../../root/usr/lib/llvm-$llvm/lib/clang" "$home/upstream/lib/clang"
emscripten=$home/root/usr/share/emscripten
# Emscripten's JavaScript asks node for acorn, which node finds beside it.
mv "$home/root/usr/share/nodejs" "$emscripten/node_modules"
if [ -d "$emscripten/cache" ]; then mv "$emscripten/cache" "$home/cache"; fi
cat >"$emscripten/.emscripten" <<END
import os
LLVM_ROOT = '$home/upstream/bin'
BINARYEN_ROOT = '$home/upstream'
NODE_JS = '$(command -v node)'
CACHE = '$home/cache'
FROZEN_CACHE = not os.access(CACHE, os.W_OK)
END

try() { # a module that imports its memory, with the newest instructions we use
    local dir=$work/try
    mkdir -p "$dir"
    cat >"$dir/try.c" <<'END'
#include <wasm_simd128.h>
int try(int n)
{
    v128_t v = wasm_i32x4_splat(n);
    v = wasm_i32x4_relaxed_dot_i8x16_i7x16_add(v, v, v);
    return wasm_i32x4_extract_lane(v, 0);
}
END
    "$emscripten/emcc" -O2 -msimd128 -mrelaxed-simd --no-entry -sSTANDALONE_WASM \
        -sEXPORTED_FUNCTIONS=_try "$dir/try.c" -o "$dir/try.wasm"
}
step "Emscripten: trying it out" try ||
    die "the Emscripten in $home does not work" "remove $home and run this again, or install emsdk"
# Last, because this name says that the rest is whole.
ln -s ../root/usr/share/emscripten "$home/upstream/emscripten"
rm -rf "$work"
say "Emscripten is ready in $home"
printf '%s\n' "$home/upstream/emscripten"
