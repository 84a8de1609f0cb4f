# SPDX-License-Identifier: MIT
# Sourced by the tools: finds what building needs, installs it where that is allowed, else says what to do.

# Libraries and headers that the package links. Everything but Swift itself.
packages=(libopenblas-dev libjpeg-dev libwebp-dev zlib1g-dev libsqlite3-dev nettle-dev pkg-config)
# The same, as pkg-config knows them, for systems without apt.
modules=(openblas libjpeg libwebp libwebpdemux zlib sqlite3 nettle)
minimum_swift="6.2"

say() { printf '\033[1m== %s\033[0m\n' "$*" >&2; }

fail() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# Names from `modules` (and pkg-config itself) that are missing, one a line.
missing_modules() {
    if ! command -v pkg-config >/dev/null; then
        printf '%s\n' pkg-config "${modules[@]}"
        return
    fi
    local module
    for module in "${modules[@]}"; do
        pkg-config --exists "$module" || printf '%s\n' "$module"
    done
}

require_packages() {
    local missing
    missing="$(missing_modules | paste -sd ' ' -)"
    [[ -z "$missing" ]] && return

    local install=(apt-get install -y --no-install-recommends "${packages[@]}")
    if ! command -v apt-get >/dev/null; then
        fail "missing: $missing. Install the development packages of OpenBLAS, libjpeg-turbo, libwebp," \
            "zlib, SQLite and Nettle, and pkg-config, with this system's package manager, then try again."
    fi
    local become=()
    if [[ "$(id -u)" != 0 ]]; then
        if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
            become=(sudo -n)
        else
            fail "missing: $missing. Run this as an administrator, then try again:" \
                $'\n    '"sudo apt-get update && sudo ${install[*]}"
        fi
    fi
    say "Installing ${packages[*]}"
    # `env`, because sudo drops variables. The output is only of interest when something goes wrong.
    local log
    log="$(mktemp)"
    if ! { "${become[@]}" apt-get update &&
        "${become[@]}" env DEBIAN_FRONTEND=noninteractive "${install[@]}"; } >"$log" 2>&1 </dev/null; then
        cat "$log" >&2
        rm -f "$log"
        fail "apt-get failed; see above. The command was: ${install[*]}"
    fi
    rm -f "$log"
    missing="$(missing_modules | paste -sd ' ' -)"
    [[ -z "$missing" ]] || fail "apt-get installed ${packages[*]}, but pkg-config still misses: $missing."
}

require_swift() {
    local advice="Install Swift $minimum_swift or later from https://www.swift.org/install/linux/ and put its usr/bin on the PATH."
    command -v swift >/dev/null || fail "there is no 'swift' on the PATH. $advice"
    local output version
    output="$(swift --version 2>&1 </dev/null)" || fail "'swift --version' failed: $output. $advice"
    version="$(sed -nE 's/.*Swift version ([0-9]+\.[0-9]+).*/\1/p' <<<"$output" | head -n 1)"
    [[ -n "$version" ]] || fail "'swift --version' prints no version: $output. $advice"
    if [[ "$(printf '%s\n' "$minimum_swift" "$version" | sort -V | head -n 1)" != "$minimum_swift" ]]; then
        fail "Swift $version is too old. $advice"
    fi
}

# As many compilers as fit: each takes up to about 2 GB with the larger dependencies.
jobs_that_fit() {
    local cores gigabytes
    cores="$(nproc)"
    gigabytes="$(awk '/^MemAvailable:/ { print int($2 / 2000000) }' /proc/meminfo 2>/dev/null || true)"
    if [[ -n "$gigabytes" && "$gigabytes" -lt "$cores" ]]; then cores="$gigabytes"; fi
    if [[ "$cores" -lt 1 ]]; then cores=1; fi
    echo "$cores"
}
