#!/bin/sh
# Runs a fuzz target by its own driver on seeds that are made now: run.sh TARGET NAME PYTHON SEEDS PASTICHE
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$3" "$4" "$2" "$folder" "$5"
case $2 in
picture) rounds=800 ;;
loader) rounds=1500 ;;
style | model) rounds=3000 ;;
recipe) rounds=8000 ;;
state) rounds=1000 ;;
*) rounds=20000 ;;
esac
"$1" "$rounds" "$folder"
