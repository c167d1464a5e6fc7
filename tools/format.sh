#!/bin/bash
# Brings the C sources into the form of .clang-format:
#   tools/format.sh           changes the files
#   tools/format.sh --check   names the files that it would change and the lines of more than 120 columns; status 1 if there are any
# Comments and texts that are too long are for people to break.
set -euo pipefail

cd "$(dirname "$(dirname "$(readlink -f "$0")")")"
version=$(clang-format --version | grep -oE '[0-9]+' | head -1)
[ "$version" = 14 ] || { echo "clang-format $version: another version has another form; take 14, as Debian 12 has it" >&2; exit 2; }
mapfile -d '' files < <(find app data docs engine tests ui -name '*.[ch]' -print0 | sort -z)

case ${1:-} in
'') clang-format -i "${files[@]}" ;;
--check)
    status=0
    for file in "${files[@]}"; do
        clang-format "$file" | cmp -s - "$file" || { echo "$file: not in the form of .clang-format"; status=1; }
    done
    ! LC_ALL=C.UTF-8 grep -nHE '^.{121}' "${files[@]}" || status=1
    exit $status
    ;;
*) sed -n '2,5s/^# \?//p' "$0" >&2; exit 2 ;;
esac
