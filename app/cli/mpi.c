/* pastiche-mpi: paints one masterpiece by many processes, as mpirun starts them.
 *
 *   mpirun -n 4 pastiche-mpi photo.png --style wave -o painted.png
 *   mpirun -n 4 pastiche-mpi photo.png --style wave -o painted.dzi
 *
 * The processes share the folder painted.png.tiles. MPI tells each its place, and ends all where one of them ends. */
#include "app/common/language.h"
#include "app/common/tile_folder.h"
#include "command.h"
#include "console.h"
#include "interrupt.h"
#include "requested_look.h"
#include "stylize_recipe.h"

#include "engine/kernel/blas.h"
#include "engine/kernel/kernels.h"
#include "engine/picture/deep_zoom.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <mpi.h>
#include <string.h>

#define KEY  16 /* characters of a hash */
#define NAME 64 /* bytes of the names of instruction sets */

typedef struct {
    const PstStylizeRequest *request;
    PstRequestedLook asked;
    PstReport *report;
    PstModel *model;
    PstThreadPool *pool;
    char *recipe;
    int rank, count;
    GCancellable *cancellable;
} Work;

static void tell_warning(const char *file, const char *warning, gpointer data)
{
    const Work *work = data;

    if (work->rank == 0)
        pst_report_file_warning(file, warning, work->report);
}

static void tell_progress(double share, gpointer data)
{
    const Work *work = data;

    if (work->rank == 0)
        pst_report_progress(work->report, share);
}

static gboolean refuse(const char *reason, GError **error)
{
    g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, reason);
    return FALSE;
}

/* The instruction sets of our own functions and of BLAS. Owned by the caller. */
static char *name_instructions(void)
{
    return g_strdup_printf("%s %s", pst_kernels()->name, pst_blas_processor());
}

/* Other instruction sets round differently, and tiles of both would be in one picture. */
static gboolean is_alike(const Work *work, GError **error)
{
    char mine[NAME] = { 0 };
    g_autofree char *all = g_new0(char, (gsize)NAME *(gsize)work->count), *name = name_instructions();

    g_strlcpy(mine, name, sizeof mine);
    MPI_Allgather(mine, NAME, MPI_CHAR, all, NAME, MPI_CHAR, MPI_COMM_WORLD);
    for (int i = 0; i < work->count; i++) {
        if (memcmp(mine, all + (gsize)i * NAME, NAME) != 0)
            return refuse(_("the processes' machines have different instruction sets; set PASTICHE_CPU and"
                            " OPENBLAS_CORETYPE to the least of them"),
                          error);
    }
    return TRUE;
}

/* All that tiles and parts of the result depend on. */
static char *make_key(const Work *work, GError **error)
{
    g_autofree char *photo = pst_recipe_hash(work->request->photos[0], error), *text = NULL;
    g_autofree char *instructions = name_instructions();
    char *key;

    if (!photo)
        return NULL;
    text = g_strdup_printf("%s %s %d %d %d %s", photo, instructions, work->request->limits.own_profile,
                           work->request->depth, work->request->metadata, work->recipe);
    key = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
    key[KEY] = '\0';
    return key;
}

static gboolean prepare(Work *work, GError **error)
{
    g_auto(PstRecipeOrigin) origin = { 0 };

    work->asked.look->finish = PST_FINISH_MASTERPIECE;
    work->model = pst_model_load_default(error);
    if (!work->model || !pst_requested_look_complete(&work->asked, work->model, work->pool, work->cancellable, error) ||
        !pst_stylize_recipe_origin(&origin, error))
        return FALSE;
    if (!pst_look_is_refinable(work->asked.look, NULL))
        return refuse(_("the style keeps nothing of its painting's strokes, so there is no masterpiece in it"), error);
    work->recipe = pst_recipe_write(work->asked.look, &origin, error);
    return work->recipe != NULL;
}

static char *paint(Work *work, PstTileFolder *tiles, const char *output, PstExportSettings *settings, GError **error)
{
    const PstExportSource source = { .path = work->request->photos[0] };
    g_autoptr(PstInputs) inputs = pst_inputs_new();

    pst_requested_look_add_inputs(&work->asked, inputs);
    settings->inputs = inputs;
    settings->exchange = pst_tile_folder_exchange(tiles);
    settings->warned = tell_warning;
    settings->progress = tell_progress;
    settings->data = work;
    return pst_export(work->asked.look, work->model, work->pool, &source, output, settings, NULL, work->cancellable,
                      error);
}

/* ---- Deep Zoom ------------------------------------------------------------------------------------ */

static gboolean is_deep_zoom(const PstStylizeRequest *request)
{
    const char *dot = strrchr(request->output, '.');

    return dot && g_ascii_strcasecmp(dot, ".dzi") == 0;
}

/* "painted_files" of "painted.dzi", as viewers expect it. */
static char *levels_of(const char *output)
{
    g_autofree char *stem = g_strndup(output, strlen(output) - strlen(".dzi"));

    return g_strconcat(stem, "_files", NULL);
}

#if PST_HAVE_TIFF

/* The folder of tiles appears as a whole; the file that names it is the last. */
static gboolean finish_deep_zoom(const Work *work, const char *tiff, const char *levels, GError **error)
{
    const char *output = work->request->output;
    g_autofree char *target = levels_of(output), *mark = pst_stylize_mark(work->asked.look), *written = NULL;
    g_autofree char *text = pst_deep_zoom_describe(tiff, mark, error);
    g_autoptr(PstOutput) file = text ? pst_output_open(output, PST_CONFLICT_SKIP, error) : NULL;

    if (!file || !pst_output_write(file, text, strlen(text), error))
        return FALSE;
    if (g_rename(levels, target) != 0) {
        g_set_error(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_PERMISSION, _("%s: the folder can't be made (%s)"),
                    target, g_strerror(errno));
        return FALSE;
    }
    written = pst_output_commit(file, error);
    return written != NULL;
}

/* A tiled TIFF first, which lies in the folder of tiles, then tiles of it by all. */
static char *paint_deep_zoom(Work *work, PstTileFolder *tiles, const char *stem, GError **error)
{
    g_autofree char *tiff = g_strconcat(stem, ".tif", NULL), *made = NULL;
    g_autofree char *levels = g_strdup_printf("%s-%d_files", stem, work->request->quality); /* tiles of one quality */
    PstExportSettings settings = pst_stylize_request_export(work->request, NULL);
    int there = g_file_test(tiff, G_FILE_TEST_EXISTS);

    settings.write.format = PST_FORMAT_TIFF;
    settings.write.depth = 8;
    settings.write.pyramid = TRUE;
    settings.write.conflict = PST_CONFLICT_OVERWRITE;
    MPI_Bcast(&there, 1, MPI_INT, 0, MPI_COMM_WORLD);
    if (!there && !(made = paint(work, tiles, tiff, &settings, error)))
        return NULL;
    MPI_Barrier(MPI_COMM_WORLD);
    if (!pst_deep_zoom_write(tiff, levels, work->request->quality, work->rank, work->count, work->cancellable, error))
        return NULL;
    MPI_Barrier(MPI_COMM_WORLD);
    return work->rank != 0 || finish_deep_zoom(work, tiff, levels, error) ? g_strdup(work->request->output) : NULL;
}

#else

static char *paint_deep_zoom(Work *work, PstTileFolder *tiles, const char *stem, GError **error)
{
    refuse(_("a Deep Zoom image is made of a TIFF file, which this build has not"), error);
    return NULL;
}

#endif

/* Neither the file nor its folder is ever replaced. */
static gboolean check_deep_zoom(const PstStylizeRequest *request, GError **error)
{
    g_autofree char *levels = levels_of(request->output);
    g_autofree char *file = pst_output_resolve(request->output, PST_CONFLICT_SKIP, error);
    g_autofree char *folder = file ? pst_output_resolve(levels, PST_CONFLICT_SKIP, error) : NULL;

    return folder != NULL;
}

/* ---- all ------------------------------------------------------------------------------------------ */

static gboolean check(const PstStylizeRequest *request, GError **error)
{
    if (!request->photos[0] || request->photos[1] || !request->output || g_strcmp0(request->output, "-") == 0)
        return refuse(_("one photograph and a file for its painting, -o FILE, have to be given"), error);
    if (request->shard.count || request->manifest)
        return refuse(_("--shard and --manifest are for many pictures; see \"pastiche stylize\""), error);
    return !is_deep_zoom(request) || check_deep_zoom(request, error);
}

static char *paint_result(Work *work, PstTileFolder *tiles, const char *stem, GError **error)
{
    PstExportSettings settings = pst_stylize_request_export(work->request, work->recipe);

    return is_deep_zoom(work->request) ? paint_deep_zoom(work, tiles, stem, error)
                                       : paint(work, tiles, work->request->output, &settings, error);
}

static gboolean run_tiles(Work *work, GError **error)
{
    g_autofree char *folder = g_strconcat(work->request->output, ".tiles", NULL), *written = NULL, *stem = NULL;
    g_autofree char *key = make_key(work, error);
    g_autoptr(PstTileFolder)
        tiles = key ? pst_tile_folder_new(folder, key, work->rank, work->count, work->cancellable, error) : NULL;
    const PstExportEffort effort = { 0 };
    int counts[2] = { 0 }, sums[2] = { 0 };

    stem = g_build_filename(folder, key, NULL);
    written = tiles ? paint_result(work, tiles, stem, error) : NULL;
    if (!written)
        return FALSE;
    pst_tile_folder_counts(tiles, &counts[0], &counts[1]);
    MPI_Reduce(counts, sums, 2, MPI_INT, MPI_SUM, 0, MPI_COMM_WORLD);
    if (work->rank == 0) {
        pst_tile_folder_remove(tiles);
        pst_report_painted(work->report, written, &effort);
        if (work->request->statistics)
            pst_console_error(_("%d processes, %s: %d tiles painted"), work->count, pst_kernels()->name, sums[0]);
    }
    return TRUE;
}

static int run(Work *work)
{
    g_autoptr(GError) error = NULL;
    gboolean done;

    work->report = pst_report_new(FALSE, work->request->statistics && work->rank == 0, FALSE);
    if (!pst_requested_look_begin(&work->asked, work->request, work->report))
        return PST_EXIT_FAILED;
    work->pool = pst_thread_pool_new(work->request->threads);
    done = check(work->request, &error) && is_alike(work, &error) && prepare(work, &error);
    if (done) {
        pst_report_start(work->report, 1, 1, 0, work->asked.styles, work->asked.style_seconds,
                         pst_thread_pool_threads(work->pool));
        pst_report_photo(work->report, work->request->photos[0], 1);
        done = run_tiles(work, &error);
    }
    if (!done && !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        pst_report_problem(work->report, error);
    return done ? PST_EXIT_DONE : pst_report_finish(work->report, pst_interrupt_signal());
}

int main(int argc, char **argv)
{
    static PstStylizeRequest request;
    Work work = { .request = &request };
    int provided, status = PST_EXIT_USAGE;

    MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided);
    pst_language_begin();
    g_set_prgname("pastiche");
    MPI_Comm_rank(MPI_COMM_WORLD, &work.rank);
    MPI_Comm_size(MPI_COMM_WORLD, &work.count);
    work.cancellable = pst_interrupt_watch();
    if (pst_stylize_request_parse(&request, argc, argv, &status))
        status = run(&work);
    /* Others may be waiting for this one. */
    if (status != PST_EXIT_DONE)
        MPI_Abort(MPI_COMM_WORLD, status);
    MPI_Finalize();
    return status;
}
