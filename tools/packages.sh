# Debian packages that Pastiche needs; read by `run`, `test` and the scripts beside this one.

# What the engine and the command line link to.
library_packages=(libc6-dev libglib2.0-dev libjpeg62-turbo-dev libpng-dev liblcms2-dev libxml2-dev libopenblas-dev libjansson-dev
    libsndfile1-dev libkissfft-dev libtiff-dev libwebp-dev libheif-dev libjxl-dev libgif-dev libraw-dev libzip-dev libseccomp-dev)
build_packages=(meson ninja-build pkg-config gcc "${library_packages[@]}" gettext desktop-file-utils shared-mime-info
    libgtk-4-bin libgtk-4-dev libadwaita-1-dev adwaita-icon-theme librsvg2-common libgegl-dev)
test_packages=(zsh gegl libtiff-tools libheif-examples libjxl-tools python3 python3-torch python3-numpy python3-pil python3-png python3-onnx groff-base appstream xvfb xauth xdotool dbus dbus-x11
    librsvg2-bin libglib2.0-bin openbox at-spi2-core python3-pyatspi python3-yaml libgl1-mesa-dri g++ clang-format
    flatpak-builder ffmpeg parallel slurm-client slurmctld slurmd munge libopenmpi-dev openmpi-bin)
cross_packages=(gcc-aarch64-linux-gnu qemu-user-static file) # for tools/cross-aarch64.sh

# Prints those of its arguments that are not installed, one a line.
missing_packages() {
    local installed name
    installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null || true)
    for name in "$@"; do
        grep -qxF "installed $name" <<<"$installed" || printf '%s\n' "$name"
    done
}

# Sees to it that the packages are installed, or ends the script with the reason.
need_packages() {
    local missing as_root=() log
    # Elsewhere than on Debian, Meson tells what is missing.
    command -v dpkg-query >/dev/null || return 0
    mapfile -t missing < <(missing_packages "$@")
    [ ${#missing[@]} -gt 0 ] || return 0

    if [ "$(id -u)" != 0 ]; then
        if ! command -v sudo >/dev/null; then
            say "pastiche: packages are missing, and only root may install them; as root, run: \
apt-get install --no-install-recommends ${missing[*]}"
            exit 1
        fi
        as_root=(sudo)
    fi
    say "Installing from Debian: ${missing[*]}"
    log=$(mktemp)
    # Lists that are a little old, or a foreign source that fails, may still do.
    if ! { { "${as_root[@]}" apt-get update -q || true; } &&
           "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qy \
               --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 </dev/null; then
        tail -n 15 "$log" >&2
        rm -f "$log"
        say "pastiche: the packages could not be installed; check the network, or as root, run: \
apt-get update && apt-get install --no-install-recommends ${missing[*]}"
        exit 1
    fi
    rm -f "$log"
}
