#include "video_job.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "engine/video/video_error.h"

#define LOOKING 0.03 /* of the work: finding shots */
#define KEY     16   /* characters of the hash */

typedef struct {
    const PstVideoJob *job;
    const PstVideoHolder *holder;
    PstVideoInfo *info;
    PstVideoPlan *plan;
    char *folder, *key;
    double before, now; /* share that is done; share of what is being done */
    GCancellable *cancellable;
} Work;

static void tell(double share, gpointer data)
{
    const Work *work = data;

    if (work->job->progress)
        work->job->progress(work->before + share * work->now, work->job->data);
}

/* All that pieces depend on. */
static char *make_key(const Work *work)
{
    const PstVideoJob *job = work->job;
    char steadiness[G_ASCII_DTOSTR_BUF_SIZE];
    g_autofree char *text = g_strdup_printf("%s\n%s\n%d %d %dx%d %s\n%s", work->plan->fingerprint, work->holder->codec,
                                            job->crf, PST_VIDEO_PIECE, work->info->width, work->info->height,
                                            g_ascii_dtostr(steadiness, sizeof steadiness, job->steadiness),
                                            job->recipe);
    char *key = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);

    key[KEY] = '\0';
    return key;
}

static char *part_name(const Work *work, guint number)
{
    return g_strdup_printf("%s-%06u.nut", work->key, number + 1);
}

static char *part_path(const Work *work, guint number)
{
    g_autofree char *name = part_name(work, number);

    return g_build_filename(work->folder, name, NULL);
}

static gboolean is_painted(const Work *work, guint number)
{
    g_autofree char *path = part_path(work, number);

    return g_file_test(path, G_FILE_TEST_IS_REGULAR);
}

static gboolean is_mine(const Work *work, guint number)
{
    const PstShard *shard = &work->job->shard;

    return shard->count == 0 || number % shard->count == shard->index - 1;
}

static gboolean check(const PstVideoJob *job, Work *work, GError **error)
{
    g_autofree char *target = NULL;
    g_autoptr(PstInputs) inputs = pst_inputs_new();

    work->holder = pst_video_holder(job->output);
    if (!work->holder) {
        g_set_error(error, PST_VIDEO_ERROR, PST_VIDEO_ERROR_SUFFIX, _("%s: its suffix says no container of videos"),
                    job->output);
        return FALSE;
    }
    pst_inputs_add(inputs, job->input);
    if (job->conflict == PST_CONFLICT_OVERWRITE &&
        (!pst_inputs_spare(inputs, job->output, error) || !pst_inputs_spare(job->inputs, job->output, error)))
        return FALSE;
    target = pst_output_resolve(job->output, job->conflict, error);
    return target != NULL;
}

static gboolean open_video(Work *work, GError **error)
{
    const PstVideoJob *job = work->job;

    work->info = pst_video_info_new(job->input, job->size, work->cancellable, error);
    if (!work->info || !pst_video_holder_suits(work->info, work->holder, work->cancellable, error))
        return FALSE;
    work->now = LOOKING;
    work->plan = pst_video_plan_new(work->info, tell, work, work->cancellable, error);
    if (!work->plan)
        return FALSE;
    work->before = LOOKING;
    work->key = make_key(work);
    if (g_mkdir_with_parents(work->folder, 0777) == 0)
        return TRUE;
    g_set_error(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_PERMISSION, _("%s: the folder can't be made (%s)"),
                work->folder, g_strerror(errno));
    return FALSE;
}

/* ---- pieces --------------------------------------------------------------------------------------- */

static gboolean paint_part(Work *work, guint number, GError **error)
{
    const PstVideoJob *job = work->job;
    const PstVideoPainting painting = { .info = work->info,
                                        .plan = work->plan,
                                        .look = job->look,
                                        .model = job->model,
                                        .pool = job->pool,
                                        .steadiness = job->steadiness,
                                        .progress = tell,
                                        .data = work };
    const PstVideoPiece *piece = &g_array_index(work->plan->pieces, PstVideoPiece, number);
    g_autofree char *path = part_path(work, number), *written = NULL;
    g_autoptr(PstOutput) output = pst_output_open(path, PST_CONFLICT_OVERWRITE, error);

    if (!output || !pst_video_write_piece(&painting, piece, work->holder, job->crf, pst_output_descriptor(output),
                                          work->cancellable, error))
        return FALSE;
    written = pst_output_commit(output, error);
    return written != NULL;
}

static guint count_frames(const Work *work, guint number)
{
    const PstVideoPiece *piece = &g_array_index(work->plan->pieces, PstVideoPiece, number);

    return is_mine(work, number) && !is_painted(work, number) ? piece->end - piece->first : 0;
}

static gboolean paint_parts(Work *work, GError **error)
{
    guint count = work->plan->pieces->len, frames = 0;

    for (guint i = 0; i < count; i++)
        frames += count_frames(work, i);
    for (guint i = 0; i < count; i++) {
        guint missing = count_frames(work, i);

        work->now = missing ? (1 - LOOKING) * missing / frames : 0;
        if (missing && !paint_part(work, i, error))
            return FALSE;
        work->before += work->now;
    }
    return TRUE;
}

/* ---- the result ------------------------------------------------------------------------------------ */

static char *join(Work *work, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autofree gint64 *times = g_new(gint64, work->plan->pieces->len);
    g_autoptr(PstOutput) output = pst_output_open(work->job->output, work->job->conflict, error);

    for (guint i = 0; i < work->plan->pieces->len; i++) {
        times[i] = pst_video_plan_time(work->plan, g_array_index(work->plan->pieces, PstVideoPiece, i).first);
        g_ptr_array_add(names, part_name(work, i));
    }
    return output && pst_video_join(work->info, work->holder, work->folder, names, times, work->job->mark,
                                    pst_output_descriptor(output), work->cancellable, error)
               ? pst_output_commit(output, error)
               : NULL;
}

/* The folder stays where something else is in it. */
static void remove_parts(const Work *work)
{
    for (guint i = 0; i < work->plan->pieces->len; i++) {
        g_autofree char *path = part_path(work, i);

        g_unlink(path);
    }
    g_rmdir(work->folder);
}

char *pst_video_job_run(const PstVideoJob *job, GCancellable *cancellable, GError **error)
{
    Work work = { .job = job, .cancellable = cancellable, .folder = g_strconcat(job->output, ".parts", NULL) };
    char *result = NULL;

    if (check(job, &work, error) && open_video(&work, error) && paint_parts(&work, error)) {
        result = job->shard.count ? g_strdup(work.folder) : join(&work, error);
        if (result && !job->shard.count)
            remove_parts(&work);
    }
    if (!result)
        g_rmdir(work.folder); /* only where it is empty */
    pst_video_plan_free(work.plan);
    pst_video_info_unref(work.info);
    g_free(work.folder);
    g_free(work.key);
    return result;
}
