#!/usr/bin/env bash
# Serves the demo's files on the loopback address until Ctrl-C:  tools/serve-demo.sh DIR PORT
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/say.sh

case $2 in
'' | *[!0-9]*) die "PORT is '$2', which is no number" "make demo PORT=8080" ;;
esac
say "serving $1 on this machine alone; Ctrl-C ends it"
if build/native/vitrine serve --help >/dev/null 2>&1; then
    exec build/native/vitrine serve "$1" --port "$2"
fi
exec tools/node tools/serve.mjs "$1" --port "$2"
