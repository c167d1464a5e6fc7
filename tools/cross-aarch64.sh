#!/bin/bash
# Builds the engine and the command line for aarch64 from Debian's arm64 packages, and runs tests of them under QEMU:
#   tools/cross-aarch64.sh                the suite unit, kernels included, and a painting by the command line
#   tools/cross-aarch64.sh TEST...        tests by name
# Nothing is installed but the compiler and QEMU: the packages are unpacked in build-aarch64/root. It takes long.
set -euo pipefail

root=$(dirname "$(dirname "$(readlink -f "$0")")")
build="$root/build-aarch64"
packages="$build/packages"
target="$build/root"

say() { printf '%s\n' "$*" >&2; }

# shellcheck source=tools/packages.sh
. "$root/tools/packages.sh"
need_packages "${build_packages[@]}" "${cross_packages[@]}"

# All that the packages depend on, for a machine that has none yet: the lists of this one are left alone.
unpack() {
    local apt file
    mkdir -p "$packages"/{lists/partial,archives/partial} "$target"
    : >"$packages/status"
    apt=(apt-get -q -y -o APT::Architecture=arm64 -o APT::Architectures::=arm64 -o "Dir::State::Lists=$packages/lists"
        -o "Dir::State::Status=$packages/status" -o "Dir::Cache=$packages" -o "Dir::Cache::Archives=$packages/archives"
        -o Debug::NoLocking=1 -o APT::Install-Recommends=0)
    "${apt[@]}" update
    "${apt[@]}" --download-only install "${library_packages[@]}"
    for file in "$packages"/archives/*.deb; do
        dpkg-deb -x "$file" "$target"
    done
    touch "$target/.done"
}

mkdir -p "$build"
[ -e "$target/.done" ] || unpack >"$packages.log" 2>&1 || { tail -n 15 "$packages.log" >&2; exit 1; }

libraries="$target/usr/lib/aarch64-linux-gnu"
printf '[constants]\nroot = %s\nlibraries = %s\n' "'$target'" "'$libraries'" >"$build/root.ini"
if [ ! -f "$build/build.ninja" ]; then
    meson setup "$build" "$root" --cross-file "$build/root.ini" --cross-file "$root/tools/aarch64.ini" -Dgtk=disabled \
        -Dwerror=true
fi
ninja -C "$build"
file -b "$build/app/cli/pastiche"

# OpenBLAS has variants for many processors; this one is for all.
export OPENBLAS_CORETYPE=ARMV8
if [ $# -gt 0 ]; then
    meson test -C "$build" --no-rebuild --timeout-multiplier 20 --print-errorlogs "$@"
    exit
fi
meson test -C "$build" --no-rebuild --timeout-multiplier 20 --print-errorlogs --suite unit
qemu-aarch64-static -L "$target" -E "LD_LIBRARY_PATH=$libraries:$libraries/openblas-pthread" "$build/app/cli/pastiche" \
    stylize "$root/data/samples/lake.jpg" --style great-wave --size 96 --on-conflict overwrite -o "$build/lake.png"
