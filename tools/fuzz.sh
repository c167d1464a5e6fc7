#!/bin/bash
# Runs the fuzz targets with libFuzzer, AddressSanitizer and UBSan (clang):
#   tools/fuzz.sh SECONDS [TARGET...]     so long each; all targets where none is named
# What was found lies in build-fuzz/found, the corpora, which grow, in build-fuzz/corpus, the logs in build-fuzz/logs.
set -euo pipefail

root=$(dirname "$(dirname "$(readlink -f "$0")")")
build="$root/build-fuzz"
seconds=${1:-}
[[ $seconds =~ ^[0-9]+$ ]] || { sed -n '2,4s/^# \?//p' "$0" >&2; exit 2; }
shift
targets=("$@")
if [ ! -f "$build/build.ninja" ]; then
    CC=clang meson setup "$build" "$root" -Dfuzz=true -Dbuildtype=debugoptimized -Db_sanitize=address,undefined \
        -Db_lundef=false
fi
[ ${#targets[@]} -gt 0 ] || targets=(picture loader stream xmp exif style model recipe mask state)
ninja -C "$build" app/cli/pastiche "${targets[@]/#/tests/fuzz/fuzz_}"

# For what the window keeps: the networks without styles, which it would read each time.
mkdir -p "$build/bare"
ln -sf "$root"/data/*.safetensors "$build/bare/"
export ASAN_OPTIONS=allocator_may_return_null=1:detect_leaks=1
export LSAN_OPTIONS="suppressions=$root/tools/lsan.supp print_suppressions=0" UBSAN_OPTIONS=print_stacktrace=1
status=0
for target in "${targets[@]}"; do
    mkdir -p "$build/corpus/$target" "$build/seeds/$target" "$build/found" "$build/logs"
    PASTICHE_DATA="$root/data" /usr/bin/python3 "$root/tests/fuzz/seeds.py" "$target" "$build/seeds/$target" "${PASTICHE:-$build/app/cli/pastiche}"
    log="$build/logs/$target"
    data="$root/data"
    [ "$target" != state ] || data="$build/bare"
    PASTICHE_DATA="$data" "$build/tests/fuzz/fuzz_$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -print_final_stats=1 \
        -artifact_prefix="$build/found/$target-" "$build/corpus/$target" "$build/seeds/$target" >"$log" 2>&1 || status=1
    echo "$target: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") executions," \
        "$(grep -o 'cov: [0-9]*' "$log" | tail -n 1)"
done
exit $status
