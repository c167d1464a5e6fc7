#include "shard.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static gboolean refuse(GError **error, const char *text, const char *reason)
{
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--shard %s: %s", text, reason);
    return FALSE;
}

static gboolean parse_number(const char *text, guint64 least, guint64 most, guint64 *number)
{
    return text && g_ascii_string_to_unsigned(text, 10, least, most, number, NULL);
}

static gboolean environment_number(const char *name, guint64 *number)
{
    return parse_number(g_getenv(name), 0, G_MAXUINT32, number);
}

/* Tasks of a job array may be numbered from anywhere, in steps. */
static gboolean from_slurm(PstShard *shard)
{
    guint64 id, least, most, step = 1;

    if (!environment_number("SLURM_ARRAY_TASK_ID", &id) || !environment_number("SLURM_ARRAY_TASK_MIN", &least) ||
        !environment_number("SLURM_ARRAY_TASK_MAX", &most))
        return FALSE;
    environment_number("SLURM_ARRAY_TASK_STEP", &step);
    step = MAX(1, step);
    if (id < least || id > most || (most - least) / step >= PST_SHARDS)
        return FALSE;
    *shard = (PstShard){ (guint)((id - least) / step) + 1, (guint)((most - least) / step) + 1 };
    return TRUE;
}

static gboolean from_rank(const char *rank_name, const char *count_name, PstShard *shard)
{
    guint64 rank, count;

    if (!environment_number(rank_name, &rank) || !environment_number(count_name, &count) || rank >= count ||
        count > PST_SHARDS)
        return FALSE;
    *shard = (PstShard){ (guint)rank + 1, (guint)count };
    return TRUE;
}

gboolean pst_shard_parse(const char *text, PstShard *shard, GError **error)
{
    g_auto(GStrv) parts = NULL;
    guint64 index, count;

    if (strcmp(text, "auto") == 0) {
        if (from_slurm(shard) || from_rank("JOB_COMPLETION_INDEX", "JOB_COMPLETIONS", shard) ||
            from_rank("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", shard))
            return TRUE;
        return refuse(
            error, text,
            _("this is no task of a Slurm job array, of an indexed Kubernetes job whose JOB_COMPLETIONS is set,"
              " or of mpirun; write I/N"));
    }
    parts = g_strsplit(text, "/", 3);
    if (g_strv_length(parts) != 2 || !parse_number(parts[1], 1, PST_SHARDS, &count) ||
        !parse_number(parts[0], 1, count, &index))
        return refuse(error, text, _("has to be auto, or I/N with I from 1 to N"));
    *shard = (PstShard){ (guint)index, (guint)count };
    return TRUE;
}

gboolean pst_shard_has(const PstShard *shard, const char *name)
{
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    guint8 digest[32];
    gsize length = sizeof digest;
    guint64 number = 0;

    g_checksum_update(checksum, (const guchar *)name, (gssize)strlen(name));
    g_checksum_get_digest(checksum, digest, &length);
    for (int i = 0; i < 8; i++)
        number = number << 8 | digest[i];
    return number % shard->count == shard->index - 1;
}
