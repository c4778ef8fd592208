# Sourced by the other scripts: how they talk. All of it goes to stderr.
#
#   say TEXT            one line
#   die TEXT [REMEDY]   an error, what to do about it, exit 1
#   step TEXT CMD...    runs a command that takes long, with its last line and the seconds so far;
#                       its whole output is kept in $step_log, and its end is shown when it fails

say() { printf '== %s\n' "$*" >&2; }

die() {
    printf '\nerror: %s\n' "$1" >&2
    [ -z "${2:-}" ] || printf 'remedy: %s\n' "$2" >&2
    exit 1
}

step_log=${step_log:-$(mktemp)}
trap 'rm -f "$step_log"' EXIT

step() {
    local text=$1 child start=$SECONDS told=0 status=0 columns last
    shift
    say "$text"
    : >"$step_log"
    "$@" >"$step_log" 2>&1 </dev/null &
    child=$!
    # The shell shields what runs in the background from Ctrl-C, so it is passed on.
    trap 'kill "$child" 2>/dev/null; printf "\n" >&2; exit 130' INT TERM
    while kill -0 "$child" 2>/dev/null; do
        sleep 0.2
        last=$(tail -c 400 "$step_log" | tr '\r' '\n' | grep -v '^[[:space:]]*$' | tail -n 1)
        if [ -t 2 ]; then
            columns=$(tput cols 2>/dev/null || echo 80)
            printf '\r\033[K   %4d s  %s' $((SECONDS - start)) "${last:0:$((columns - 14))}" >&2
        elif [ $((SECONDS - start - told)) -ge 15 ]; then
            told=$((SECONDS - start))
            printf '   %4d s  %s\n' $told "${last:0:100}" >&2
        fi
    done
    [ ! -t 2 ] || printf '\r\033[K' >&2
    wait "$child" || status=$?
    trap - INT TERM
    if [ $status -ne 0 ]; then
        tail -n "${step_tail:-25}" "$step_log" | sed 's/^/   | /' >&2
    fi
    return $status
}
