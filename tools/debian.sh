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
rm -rf "$folder/pastiche"
mkdir "$folder/pastiche"
git -C "$root" archive HEAD | tar -x -C "$folder/pastiche"
cd "$folder/pastiche"
dpkg-buildpackage --build=binary --unsigned-source --unsigned-changes
lintian --fail-on error,warning ../pastiche_*.changes

if [ "${2:-}" = --install ]; then
    apt-get install -y --no-install-recommends ../*.deb
    cd "$folder"
    pastiche stylize /usr/share/pastiche/samples/lake.jpg --style great-wave --size 256 -o painting.tif
    pastiche stylize painting.tif --style kiss -o again.webp
    apt-get remove -y pastiche pastiche-data libpastiche0 libpastiche-dev
fi
