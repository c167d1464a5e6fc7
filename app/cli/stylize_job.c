#include "stylize_job.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "app/common/advice.h"
#include "engine/kernel/kernels.h"
#include "engine/paint/recipe.h"

struct PstStylizeJob {
    gboolean resume;
    char *recipe, *recipe_hash;
    PstManifest *manifest; /* or NULL */
};

static gboolean plan_all(PstStylizeJob *job, const PstBatch *batch, GError **error)
{
    for (guint i = 0; i < batch->items->len; i++) {
        const PstBatchItem *item = batch->items->pdata[i];
        const PstManifestRecord record = { .status = PST_MANIFEST_PLANNED, .input = item->name, .output = item->place };

        if (!pst_manifest_find(job->manifest, item->place) && !pst_manifest_add(job->manifest, &record, error))
            return FALSE;
    }
    return TRUE;
}

PstStylizeJob *pst_stylize_job_new(const PstStylizeRequest *request, const PstBatch *batch, const char *recipe,
                                   const char *model, GError **error)
{
    g_autoptr(PstStylizeJob) job = g_new0(PstStylizeJob, 1);
    PstManifestRun run;

    job->resume = request->resume;
    job->recipe = g_strdup(recipe);
    job->recipe_hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, recipe, -1);
    if (!request->manifest)
        return g_steal_pointer(&job);
    run = (PstManifestRun){ .program = (char *)"pastiche " PASTICHE_VERSION,
                            .recipe = job->recipe_hash,
                            .model = (char *)model,
                            .cpu = (char *)pst_kernels()->name,
                            .shard = request->shard.count ? request->shard.index : 1,
                            .count = request->shard.count ? request->shard.count : 1 };
    job->manifest = pst_manifest_open(request->manifest, &run, error);
    return job->manifest && plan_all(job, batch, error) ? g_steal_pointer(&job) : NULL;
}

void pst_stylize_job_free(PstStylizeJob *job)
{
    if (!job)
        return;
    pst_manifest_free(job->manifest);
    g_free(job->recipe);
    g_free(job->recipe_hash);
    g_free(job);
}

static gboolean has_recipe(const PstStylizeJob *job, const char *path)
{
    g_auto(PstPictureInfo) info = { 0 };

    return pst_picture_probe(path, &info, NULL) && g_strcmp0(info.recipe, job->recipe) == 0;
}

/* For results that hold no recipe. */
static gboolean is_recorded(const PstStylizeJob *job, const PstManifestRecord *record, const char *path)
{
    g_autofree char *hash = NULL;

    if (!record || record->status != PST_MANIFEST_DONE || g_strcmp0(record->run.recipe, job->recipe_hash) != 0)
        return FALSE;
    hash = pst_recipe_hash(path, NULL);
    return g_strcmp0(hash, record->output_hash) == 0;
}

static gboolean refuse(const char *path, const char *reason, GError **error)
{
    g_set_error(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_EXISTS, "%s: %s", path, reason);
    return FALSE;
}

gboolean pst_stylize_job_is_done(const PstStylizeJob *job, const PstBatchItem *item, GError **error)
{
    const PstManifestRecord *record = job->manifest ? pst_manifest_find(job->manifest, item->place) : NULL;
    g_autofree char *hash = NULL;

    if (!job->resume || !g_file_test(item->output, G_FILE_TEST_EXISTS))
        return FALSE;
    if (!has_recipe(job, item->output) && !is_recorded(job, record, item->output))
        return refuse(item->output, _("is there already, and not painted by this recipe"), error);
    if (!record || record->status != PST_MANIFEST_DONE)
        return TRUE;
    hash = pst_recipe_hash(item->input, NULL);
    return !hash || strcmp(hash, record->input_hash) == 0 ||
           refuse(item->output, _("is there already, and painted of what this photograph was before"), error);
}

gboolean pst_stylize_job_note(PstStylizeJob *job, const PstBatchItem *item, const char *written, const GError *failure,
                              GError **error)
{
    g_autofree char *input_hash = job->manifest ? pst_recipe_hash(item->input, NULL) : NULL;
    g_autofree char *output_hash = job->manifest && written ? pst_recipe_hash(written, NULL) : NULL;
    PstManifestRecord record = { .input = item->name, .output = item->place, .input_hash = input_hash };

    if (!job->manifest)
        return TRUE;
    if (input_hash && output_hash) {
        record.status = PST_MANIFEST_DONE;
        record.output_hash = output_hash;
    } else {
        record.status = !failure || pst_error_may_pass(failure) ? PST_MANIFEST_RETRY : PST_MANIFEST_REFUSED;
        record.reason = failure ? failure->message : (char *)_("photograph or result can't be read any more");
    }
    return pst_manifest_add(job->manifest, &record, error);
}
