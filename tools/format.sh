#!/bin/bash
# Brings the C sources into the form of .clang-format:
#   tools/format.sh           changes the files
#   tools/format.sh --check   tells where they are not so, and of lines over 120 columns; status 1 if there are any
# Comments and texts that are too long are for people to break.
set -euo pipefail

cd "$(dirname "$(dirname "$(readlink -f "$0")")")"
version=$(clang-format --version 2>/dev/null | grep -oE '[0-9]+' | head -1 || true)
if [ "$version" != 14 ]; then
    echo "clang-format is ${version:-not installed}; each version has a form of its own, take 14, as Debian 12 has it" >&2
    exit 77 # which a test that is skipped ends with
fi
mapfile -d '' files < <(find app data docs engine tests ui -name '*.[ch]' -print0 | sort -z)

case ${1:-} in
'') clang-format -i "${files[@]}" ;;
--check)
    status=0
    clang-format --dry-run -Werror "${files[@]}" 2>&1 | grep -E '^[^ ]+: error: ' && status=1
    LC_ALL=C.UTF-8 grep -nHE '^.{121}' "${files[@]}" && status=1
    exit $status
    ;;
*) sed -n '2,5s/^# \?//p' "$0" >&2; exit 2 ;;
esac
