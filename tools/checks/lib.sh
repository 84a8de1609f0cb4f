# SPDX-License-Identifier: MIT
# Sourced by the checks: finds the program and the weights, starts a server, and stops it at the end.

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
scratch="$root/.build-test"
server_pid=""
work=""

say() { printf '\033[1m== %s\033[0m\n' "$*" >&2; }

fail() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# The program to check: --program, or the newest release build.
find_program() {
    local candidate
    for candidate in "${program:-}" "$scratch/release/afterimage" "$root/.build/release/afterimage"; do
        [[ -n "$candidate" && -x "$candidate" ]] && { program="$candidate"; return; }
    done
    fail "there is no program; build it with: swift build -c release --product afterimage, or name it with --program"
}

# Full-size stand-in weights: those of the tests, or made now.
find_weights() {
    weights="${AFTERIMAGE_TEST_WEIGHTS_DIR:-$scratch/weights}/plain.safetensors"
    [[ -f "$weights" ]] && return
    weights="$scratch/weights/plain.safetensors"
    mkdir -p "$scratch/weights"
    "$program" weights synthesize --profile plain --out "$weights" >&2
}

finish() {
    local status=$?
    if [[ -n "$server_pid" ]] && kill -0 "$server_pid" 2>/dev/null; then
        kill "$server_pid" 2>/dev/null || true
        wait "$server_pid" 2>/dev/null || true
    fi
    if [[ $status != 0 && -f "$work/server.log" ]]; then
        echo "The server's last words:" >&2
        tail -n 20 "$work/server.log" >&2
    fi
    [[ -n "$work" ]] && rm -rf "$work"
    exit $status
}

# Starts a server on a free port with an empty data directory, unless $work/data is there already; sets $address.
start_server() {
    [[ -n "$work" ]] || work="$(mktemp -d)"
    trap finish EXIT
    env -u AFTERIMAGE_API_KEY "$program" serve --port 0 --data-dir "$work/data" --weights "$weights" "$@" \
        >"$work/server.log" 2>&1 </dev/null &
    server_pid=$!
    local tries
    for ((tries = 0; tries < 600; tries++)); do
        address="$(sed -nE 's/^listening on (http:.*)$/\1/p' "$work/server.log" | tail -n 1)"
        [[ -n "$address" ]] && return
        kill -0 "$server_pid" 2>/dev/null || fail "the server did not start"
        sleep 0.1
    done
    fail "the server does not listen after a minute"
}
