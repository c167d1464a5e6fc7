#!/bin/bash
# Runs the tests of the engine thread and of the window under a sanitizer.
#   tools/sanitize.sh thread [TEST...]     data races (ThreadSanitizer), with a GLib built for it
#   tools/sanitize.sh address [TEST...]    memory and undefined behaviour (AddressSanitizer, UBSan)
# TEST is a program of tests/unit/service or tests/ui, without its folder: test_worker, test_ui_window, ...; all where none is named.
# Logs are in build-thread/logs or build-address/logs. Ends with status 1 if there was a report or a failed test.
set -euo pipefail

root=$(dirname "$(dirname "$(readlink -f "$0")")")
kind=${1:-}
[ "$kind" = thread ] || [ "$kind" = address ] || { sed -n '2,7s/^# \?//p' "$0" >&2; exit 2; }
shift
tests=("$@")
[ ${#tests[@]} -gt 0 ] || tests=(test_worker test_mask test_thumbnails test_ui_notification test_ui_recipe test_ui_session
    test_ui_window test_ui_intake)
build="$root/build-$kind"
glib="$build/glib"

# GLib's locks are futexes and its queues atomic operations; only a GLib that is built for it tells ThreadSanitizer of them.
build_glib() {
    local version work="$build/glib-source" apt
    version=$(dpkg-query -W -f '${source:Version}' libglib2.0-0)
    mkdir -p "$work/lists/partial" "$work/cache/archives/partial"
    printf 'deb-src http://deb.debian.org/debian%s main\n' ' bookworm' '-security bookworm-security' >"$work/sources"
    apt=(apt-get -q -o "Dir::Etc::SourceList=$work/sources" -o Dir::Etc::SourceParts=/nonexistent
        -o "Dir::State::Lists=$work/lists" -o "Dir::Cache=$work/cache")
    (cd "$work" && "${apt[@]}" update && "${apt[@]}" source --download-only "glib2.0=$version" &&
        dpkg-source -x glib2.0_*.dsc source)
    meson setup "$work/build" "$work/source" --prefix="$glib" --libdir=lib --wrap-mode=nodownload \
        -Dbuildtype=debugoptimized -Db_sanitize=thread -Db_lundef=false -Dtests=false -Dselinux=disabled -Dsysprof=disabled
    ninja -C "$work/build" install
}

# The engine is up to fifty times slower: a small sample will do.
small_data() {
    local file
    mkdir -p "$build/data/samples"
    for file in "$root"/data/*; do
        [ "$(basename "$file")" = samples ] || ln -sfn "$file" "$build/data/"
    done
    /usr/bin/python3 - "$root/data/samples/lake.jpg" "$build/data/samples/lake.jpg" <<'END'
import sys
from PIL import Image
Image.open(sys.argv[1]).resize((640, 427), Image.LANCZOS).save(sys.argv[2], quality=92)
END
}

if [ ! -f "$build/build.ninja" ]; then
    sanitizers=$kind
    [ "$kind" = thread ] || sanitizers=address,undefined
    meson setup "$build" "$root" -Dbuildtype=debugoptimized -Db_sanitize=$sanitizers -Db_lundef=false
fi
ninja -C "$build"
[ "$kind" != thread ] || [ -e "$glib/lib/libgio-2.0.so" ] || build_glib
small_data

export PASTICHE_DATA="$build/data" PST_LARGEST=1600 GSETTINGS_SCHEMA_DIR="$build/resources/desktop" G_SLICE=always-malloc
export TSAN_OPTIONS="suppressions=$root/tools/tsan.supp second_deadlock_stack=1"
export LSAN_OPTIONS="suppressions=$root/tools/lsan.supp print_suppressions=0" UBSAN_OPTIONS=print_stacktrace=1
# Graphics drivers are unloaded before leaks are looked for, which then have no name; drawing is cairo's anyhow.
export GDK_DEBUG=gl-disable
mkdir -p "$build/logs"
status=0
for test in "${tests[@]}"; do
    program=$(find "$build/tests" -type f -name "$test" -perm -u+x)
    [ -n "$program" ] || { echo "there is no test $test" >&2; exit 2; }
    command=("$program")
    [ "$test" != test_ui_intake ] || command+=("$build/tests/ui/other_program")
    # Only the test itself: the programs that the screen needs are as they are.
    [ "$kind" != thread ] || command=(env "LD_LIBRARY_PATH=$glib/lib" "${command[@]}")
    [[ $test != test_ui_* ]] || command=("$root/tests/ui/run.sh" "${command[@]}")
    good=1
    "${command[@]}" >"$build/logs/$test" 2>&1 || good=0
    ! grep -qE 'WARNING: ThreadSanitizer|ERROR: (Address|Leak)Sanitizer|runtime error:' "$build/logs/$test" || good=0
    [ $good = 1 ] || status=1
    echo "$([ $good = 1 ] && echo clean || echo REPORTS): $test, $(grep -c '^ok' "$build/logs/$test" || true) tests, $build/logs/$test"
done
exit $status
