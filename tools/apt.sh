#!/usr/bin/env bash
# Installs Debian packages, as root or through sudo:  tools/apt.sh PACKAGE...
set -euo pipefail
. "$(dirname "$0")/say.sh"

command -v apt-get >/dev/null || die "this machine has no apt; what is missing: $*" \
    "install what corresponds to these Debian packages, and run this again"
as_root=()
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || die "packages are missing, and you are neither root nor have sudo" \
        "as root: apt-get update && apt-get install $*"
    # Asked for here, where the question can be seen, and not in the middle of a long step.
    sudo -v || die "sudo said no" "as root: apt-get update && apt-get install $*"
    as_root=(sudo)
fi
apt() {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=600 \
        -o Acquire::Retries=5 -o Dpkg::Use-Pty=0 "$@"
}

# Once a run is enough: setup.sh says so after the first time.
[ -n "${VITRINE_APT_LISTS_READ:-}" ] || step "apt: reading the package lists" apt update ||
    say "the package lists could not all be read: going on with those at hand"
step "apt: installing $*" apt install --no-install-recommends "$@" ||
    die "apt could not install: $*" "see the lines above; then run the same command again"
