#!/bin/bash
# A Slurm job array that paints a folder, a shard for each task:
#
#   export PHOTOS=/shared/photos RESULTS=/shared/painted MANIFESTS=/shared/manifests STYLE=great-wave
#   sbatch --array=1-8 slurm-array.sh
#
# Submitted again it goes on. Afterwards: pastiche verify "$MANIFESTS"/*.jsonl --results "$RESULTS"
#SBATCH --job-name=pastiche
#SBATCH --array=1-8
#SBATCH --cpus-per-task=2
#SBATCH --requeue
set -u
mkdir -p "$MANIFESTS"
# srun passes Slurm's signals on.
srun --ntasks=1 pastiche stylize "$PHOTOS" --recursive --style "$STYLE" -o "$RESULTS" --shard auto \
    --manifest "$MANIFESTS/$SLURM_ARRAY_TASK_ID.jsonl" --threads "${SLURM_CPUS_PER_TASK:-2}"
status=$?
# Too little memory or disk: worth another try, a few times.
if [ $status = 75 ] && [ "${SLURM_RESTART_COUNT:-0}" -lt 3 ]; then
    scontrol requeue "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"
fi
exit $status
