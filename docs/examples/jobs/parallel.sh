#!/bin/bash
# GNU parallel paints a folder in shards, here or by ssh on machines that share the folders:
#
#   export PHOTOS=/shared/photos RESULTS=/shared/painted MANIFESTS=/shared/manifests STYLE=great-wave
#   ./parallel.sh 8                              # eight shards, two at a time
#   ./parallel.sh 8 --sshlogin alpha,beta --env PHOTOS --env RESULTS --env MANIFESTS --env STYLE
#
# Called again it goes on. Afterwards: pastiche verify "$MANIFESTS"/*.jsonl --results "$RESULTS"
set -eu
shards=$1
shift
mkdir -p "$MANIFESTS"
seq "$shards" | parallel --will-cite --jobs 2 --retries 3 "$@" \
    pastiche stylize '"$PHOTOS"' --recursive --style '"$STYLE"' -o '"$RESULTS"' --shard "{}/$shards" \
    --manifest '"$MANIFESTS"'/{}.jsonl
