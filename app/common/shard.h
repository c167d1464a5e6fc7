/* One of the equal parts that a batch is cut into, each for a machine or a job of its own.
 *
 * What belongs to a shard is told by the name of a photograph alone (its path within the folder that was given), by
 * SHA-256 modulo the number of shards. So shards need not know of each other, a shard that is run again is the same,
 * and a photograph that is added moves no other.
 */
#pragma once

#include <glib.h>

typedef struct {
    guint index; /* 1 .. count */
    guint count; /* 1: everything */
} PstShard;

#define PST_SHARDS 1000000 /* at most */

/** "2/8", the second of eight, or "auto": the place of this process in the job that it belongs to, as the environment
 *  says: Slurm's job arrays (SLURM_ARRAY_TASK_ID, _MIN, _MAX, _STEP), Kubernetes's indexed jobs (JOB_COMPLETION_INDEX,
 *  and JOB_COMPLETIONS, which the job has to set), Open MPI (OMPI_COMM_WORLD_RANK, _SIZE). FALSE and G_OPTION_ERROR
 *  where it is neither, or where the environment says nothing. */
gboolean pst_shard_parse(const char *text, PstShard *shard, GError **error);

/** TRUE if `name` belongs to the shard. */
gboolean pst_shard_has(const PstShard *shard, const char *name);
