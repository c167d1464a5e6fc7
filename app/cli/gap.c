/* pastiche gap: how far apart two sets of pictures are. */
#include "app/common/language.h"
#include "command.h"
#include "console.h"
#include "interrupt.h"
#include "options.h"
#include "picture_list.h"

#include "engine/domain/gap.h"

#include <glib/gi18n-lib.h>

static const PstUsage usage = {
    .command = "pastiche gap",
    .parameters = N_("FOLDER FOLDER"),
    .summary = N_("Tells how far apart two sets of pictures are: the domain gap between what a classifier learns from\n"
                  "and what it will see."),
    .description = N_(
        "Looks at light, colors and textures, not at what is on the pictures. The Frechet distance is told\n"
        "beside what halves of one folder have between them; a classifier that tries to tell the folders\n"
        "apart is wrong half of the time where there is no gap. Of more than 256 pictures some are looked\n"
        "at. Run it before and after \"pastiche adapt\".\n"
        "\n"
        "Example:\n"
        "  pastiche gap day/ night/"),
};

typedef struct {
    PstModel *model;
    PstThreadPool *pool;
    GCancellable *cancellable;
} Work;

/* Rows of statistics, `*count` of them; pictures that can't be read are told of. */
static float *measure(const Work *work, const char *folder, int *count, GError **error)
{
    g_autoptr(GPtrArray) paths = pst_picture_list(folder, TRUE, error);
    guint looked = paths ? MIN(paths->len, PST_GAP_MOST) : 0;
    g_autofree float *rows = g_new(float, (gsize)MAX(1, looked) * PST_STYLE_SIZE);

    *count = 0;
    for (guint i = 0; i < looked; i++) {
        g_autoptr(GError) local = NULL;
        g_autoptr(PstPicture)
            small = pst_domain_read(paths->pdata[(guint64)i * paths->len / looked], work->cancellable, &local);

        if (small && pst_gap_measure(work->model, work->pool, small, rows + (gsize)*count * PST_STYLE_SIZE,
                                     work->cancellable, &local)) {
            (*count)++;
        } else if (g_error_matches(local, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
            g_propagate_error(error, g_steal_pointer(&local));
            return NULL;
        } else {
            pst_console_failure(local);
        }
    }
    if (paths && *count < PST_GAP_LEAST) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                    _("%s: has %d pictures that can be read, and %d are needed"), folder, *count, PST_GAP_LEAST);
        return NULL;
    }
    return paths ? g_steal_pointer(&rows) : NULL;
}

static void print(const PstGap *gap, char **folders, gboolean json)
{
    if (json) {
        pst_console_json(json_pack("{s:[o,o], s:[i,i], s:f, s:f, s:f, s:f}", "folders", pst_json_text(folders[0]),
                                   pst_json_text(folders[1]), "pictures", gap->first, gap->second, "frechet",
                                   gap->frechet, "frechet_within", gap->within, "classifier_error", gap->error,
                                   "a_distance", 2 - 4 * gap->error));
        return;
    }
    pst_console_print(_("%d and %d pictures\n"), gap->first, gap->second);
    pst_console_print(_("Frechet distance    %.3f  (between halves of one folder %.3f)\n"), gap->frechet, gap->within);
    pst_console_print(_("classifier's error  %.1f %%  (50 %% where nothing tells the folders apart)\n"),
                      100 * gap->error);
}

static gboolean find(const Work *work, char **folders, gboolean json, GError **error)
{
    int first_count = 0, second_count = 0;
    g_autofree float *first = measure(work, folders[0], &first_count, error);
    g_autofree float *second = first ? measure(work, folders[1], &second_count, error) : NULL;
    PstGap gap;

    if (!second || !pst_gap_find(first, first_count, second, second_count, &gap, work->cancellable, error))
        return FALSE;
    print(&gap, folders, json);
    return TRUE;
}

int pst_command_gap(int argc, char **argv)
{
    static char **folders, *threads;
    static gboolean json;
    gint64 count = 0;
    Work work = { 0 };
    gboolean done;
    g_autoptr(GError) error = NULL;
    const GOptionEntry entries[] = { PST_OPTION_THREADS(&threads),
                                     { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Tell it as JSON"), NULL },
                                     { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &folders, NULL, NULL },
                                     G_OPTION_ENTRY_NULL };
    int status;

    if (!pst_options_parse(&usage, entries, NULL, argc, argv, &status))
        return status;
    if (!folders || g_strv_length(folders) != 2)
        g_set_error(&error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _("a gap is between two folders"));
    if (error || !pst_option_whole("--threads", threads, 1, 1024, &count, &error))
        return pst_options_fail(&usage, error);
    if (json)
        pst_language_untranslated();
    work.cancellable = pst_interrupt_watch();
    work.pool = pst_thread_pool_new((int)count);
    work.model = pst_model_load_default(&error);
    done = work.model && find(&work, folders, json, &error);
    pst_model_free(work.model);
    pst_thread_pool_free(work.pool);
    g_object_unref(work.cancellable);
    if (pst_interrupt_signal())
        return PST_EXIT_SIGNAL + pst_interrupt_signal();
    if (!done)
        pst_console_failure(error);
    return done ? pst_console_finish() : PST_EXIT_FAILED;
}
