#!/bin/bash
# Builds the Debian packages from what is committed, and looks at them with lintian:
#   tools/debian.sh FOLDER            into FOLDER
#   tools/debian.sh FOLDER --install  the same, installs them (as root), paints with them and removes them again
set -euo pipefail

root=$(dirname "$(dirname "$(readlink -f "$0")")")
say() {
    printf '%s\n' "$*" >&2
}
. "$root/tools/packages.sh"
folder=$(readlink -m "${1:?a folder for the packages}")
need_packages "${build_packages[@]}" debhelper dpkg-dev lintian pkgconf

mkdir -p "$folder"
rm -rf "$folder"/pastiche "$folder"/{lib,}pastiche*.deb
mkdir "$folder/pastiche"
git -C "$root" archive HEAD | tar -x -C "$folder/pastiche"
cd "$folder/pastiche"
dpkg-buildpackage --build=binary --unsigned-source --unsigned-changes
lintian --fail-on error,warning ../pastiche_*.changes

if [ "${2:-}" = --install ]; then
    names=()
    for package in "$folder"/{lib,}pastiche*.deb; do
        names+=("$(dpkg-deb --field "$package" Package)")
    done
    trial=$(mktemp -d)
    trap 'apt-get remove -y "${names[@]}"; rm -rf "$trial"' EXIT
    apt-get install -y --no-install-recommends "$folder"/{lib,}pastiche*.deb openmpi-bin gegl
    cd "$trial"
    pastiche --version
    pastiche stylize /usr/share/pastiche/samples/lake.jpg --style great-wave --size 256 -o painting.tif
    pastiche stylize painting.tif --style kiss -o again.webp
    mpirun --allow-run-as-root --oversubscribe -n 2 pastiche-mpi painting.tif --style kiss -o masterpiece.png
    gegl painting.tif -o gegl.png -- pastiche:stylize style=kiss 2>gegl.log
    # Where the operation fails, it says so, and GEGL goes on with the picture as it was.
    if grep pastiche:stylize gegl.log; then
        exit 1
    fi
fi
