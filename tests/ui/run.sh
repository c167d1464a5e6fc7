#!/bin/bash
# Runs a test on a screen of its own: a virtual X server, a private D-Bus session, an empty home. Skips where there is
# no Xvfb.   run.sh PROGRAM [ARGUMENT...]     $PST_SCREEN is the screen's size, 1920x1080 where unset
set -euo pipefail

for program in Xvfb xvfb-run dbus-run-session; do
    if ! command -v "$program" >/dev/null; then
        echo "1..0 # SKIP $program is not installed"
        exit 0
    fi
done
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
mkdir -p -m 700 "$home/run" "$home/.local/share"
unset WAYLAND_DISPLAY XDG_DATA_HOME XDG_CONFIG_HOME XDG_CACHE_HOME XDG_STATE_HOME
export HOME="$home" XDG_RUNTIME_DIR="$home/run" GSK_RENDERER="${GSK_RENDERER:-cairo}" GTK_USE_PORTAL=0 GTK_A11Y="${GTK_A11Y:-test}" \
    GSETTINGS_BACKEND=memory LC_ALL=C.UTF-8 LANGUAGE=en
# Services that the bus starts have nothing to say among the test's own lines.
exec 7>&1 1>&2
# Without -noreset the server begins anew when its last client has gone, and one that comes just then is turned away.
xvfb-run -a -s "-noreset -screen 0 ${PST_SCREEN:-1920x1080}x24" dbus-run-session -- bash -c '"$@" >&7 7>&-' bash "$@"
