/* pastiche video: paints a video in a style. */
#include "app/common/video_frame.h"
#include "command.h"
#include "console.h"
#include "interrupt.h"
#include "look_options.h"
#include "requested_look.h"
#include "stylize_recipe.h"

#include "engine/base/memory.h"
#include "engine/picture/inputs.h"
#include "engine/style/style_library.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define KEPT    ((gsize)512 << 20) /* bytes of memory, from one frame to the next */
#define CRF     18                 /* hardly to be told from the painting */
#define LONGEST 1e6                /* seconds of a video */

static const PstUsage usage = {
    .command = "pastiche video",
    .parameters = N_("VIDEO"),
    .summary = N_(
        "Paints a video in the style of a painting. Sound, subtitles and the times of frames stay as they are."),
    .description = N_(
        "ffmpeg, which has to be installed, reads and writes the video; the suffix of -o says its container:\n"
        "mp4, mov, mkv or webm. Shots are found and painted each in one way throughout, and what does not\n"
        "change stays as it was painted. Without -o, video.mp4 becomes video-STYLE.mp4.\n"
        "\n"
        "Pieces that are painted lie in the folder RESULT.parts until all are joined. The same command\n"
        "again goes on where it was stopped; with --shard, machines that share the folder paint a part of\n"
        "the pieces each, and the command without --shard joins them.\n"
        "\n"
        "Examples:\n"
        "  pastiche video holiday.mp4 --style wave -o painted.mp4\n"
        "  pastiche video holiday.mp4 --recipe evening.json --size 1280\n"
        "  pastiche video holiday.mp4 --style wave --frame 12.5 -o preview.png\n"
        "\n"
        "Exit status: 0 done, 1 failed, 2 wrong usage, 75 worth another try (too little memory or disk),\n"
        "130 after Ctrl-C."),
};

typedef struct {
    PstStylizeRequest style; /* what it says of the look, and where results go */
    char **videos;
    gint64 crf;
    double steadiness;
    double frame; /* seconds: paint that one alone; below 0: all */
} Request;

/* The values of options, as text. */
typedef struct {
    PstLookTexts look;
    char *crf, *steadiness, *conflict, *frame;
} Texts;

static gboolean fail_usage(GError **error, const char *message)
{
    g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, message);
    return FALSE;
}

static gboolean check(Request *request, const Texts *texts, GError **error)
{
    PstStylizeRequest *style = &request->style;

    style->conflict = PST_CONFLICT_UNIQUE;
    request->crf = CRF;
    request->steadiness = PST_STEADINESS;
    request->frame = -1;
    if (!request->videos || request->videos[1])
        return fail_usage(error, _("one video has to be given"));
    if (!pst_look_options_check(style, &texts->look, error) ||
        !pst_option_whole("--crf", texts->crf, 0, 51, &request->crf, error) ||
        !pst_option_real("--steadiness", texts->steadiness, 0, 1, &request->steadiness, error) ||
        !pst_option_conflict(texts->conflict, &style->conflict, error) ||
        !pst_option_real("--frame", texts->frame, 0, LONGEST, &request->frame, error))
        return FALSE;
    if (texts->frame && texts->look.shard)
        return fail_usage(error, _("--frame paints one picture, of which there are no shards"));
    return TRUE;
}

/* "holiday-wave.mp4", and of a frame "holiday-wave.png" */
static char *default_output(const char *video, gboolean frame, const GPtrArray *styles)
{
    g_autofree char *label = pst_style_arguments_label(styles), *name = g_path_get_basename(video);
    const PstVideoHolder *holder = pst_video_holder(name);
    char *dot = strrchr(name, '.');

    if (dot && dot > name)
        *dot = '\0';
    return g_strdup_printf("%s-%s.%s", name, label, frame ? "png" : holder ? holder->suffix : "mkv");
}

static void tell_progress(double share, gpointer report)
{
    pst_report_progress(report, share);
}

/* Videos are painted at once: refined frame by frame they would not hold still. */
static void choose_finish(PstRequestedLook *asked)
{
    if (asked->look->finish == PST_FINISH_MASTERPIECE)
        pst_report_warning(asked->report, _("a video has no masterpiece: painted instantly"));
    asked->look->finish = PST_FINISH_INSTANT;
    asked->look->size = 0; /* frames come at the size that was asked for */
}

static char *paint(const Request *request, PstRequestedLook *asked, PstThreadPool *pool, GCancellable *cancellable,
                   GError **error)
{
    const PstStylizeRequest *style = &request->style;
    g_autofree char *named = style->output ? g_strdup(style->output)
                                           : default_output(request->videos[0], request->frame >= 0, asked->styles);
    g_autoptr(PstModel) model = pst_model_load_default(error);
    g_auto(PstRecipeOrigin) origin = { 0 };
    g_autofree char *recipe = NULL, *mark = NULL;
    g_autoptr(PstInputs) inputs = pst_inputs_new();
    PstVideoJob job = { .input = request->videos[0],
                        .output = named,
                        .look = asked->look,
                        .model = model,
                        .pool = pool,
                        .size = asked->look->size,
                        .steadiness = request->steadiness,
                        .crf = (int)request->crf,
                        .conflict = style->conflict,
                        .inputs = inputs,
                        .shard = style->shard,
                        .progress = tell_progress,
                        .data = asked->report };

    pst_requested_look_add_inputs(asked, inputs);
    choose_finish(asked);
    if (!model || !pst_requested_look_complete(asked, model, pool, cancellable, error) ||
        !pst_stylize_recipe_origin(&origin, error) || !(recipe = pst_recipe_write(asked->look, &origin, error)))
        return NULL;
    job.recipe = recipe;
    job.mark = mark = pst_stylize_mark(asked->look);
    pst_report_start(asked->report, 1, 1, 0, asked->styles, asked->style_seconds, pst_thread_pool_threads(pool));
    pst_report_photo(asked->report, request->videos[0], 1);
    return request->frame < 0 ? pst_video_job_run(&job, cancellable, error)
                              : pst_video_frame(&job, request->frame, cancellable, error);
}

static int run(const Request *request)
{
    g_autoptr(PstReport) report = pst_report_new(FALSE, FALSE, FALSE);
    g_auto(PstRequestedLook) asked = { 0 };
    g_autoptr(GCancellable) cancellable = NULL;
    g_autoptr(PstThreadPool) pool = NULL;
    g_autofree char *written = NULL;
    g_autoptr(GError) error = NULL;
    const PstExportEffort effort = { 0 };

    if (!pst_requested_look_begin(&asked, &request->style, report))
        return pst_report_finish(report, 0);
    cancellable = pst_interrupt_watch();
    pool = pst_thread_pool_new(request->style.threads);
    pst_memory_keep(KEPT);
    written = paint(request, &asked, pool, cancellable, &error);
    if (written)
        pst_report_painted(report, written, &effort);
    else if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        pst_report_problem(report, error);
    return pst_report_finish(report, pst_interrupt_signal());
}

int pst_command_video(int argc, char **argv)
{
    static Request request;
    static Texts texts;
    g_autoptr(GError) error = NULL;
    GOptionEntry look[PST_LOOK_OPTIONS + 1] = { G_OPTION_ENTRY_NULL };
    const GOptionEntry entries[] = {
        { "output", 'o', 0, G_OPTION_ARG_FILENAME, &request.style.output, N_("Where to write"), N_("FILE") },
        { "steadiness", 0, 0, G_OPTION_ARG_FILENAME, &texts.steadiness,
          N_("How much of what was painted before stays where nothing changes (default 0.9)"), "0..1" },
        { "crf", 0, 0, G_OPTION_ARG_FILENAME, &texts.crf, N_("Quality of the encoder, lower is better (default 18)"),
          "0..51" },
        { "frame", 0, 0, G_OPTION_ARG_FILENAME, &texts.frame,
          N_("Paint the frame that is shown then, as it will be in the video, to a picture"), N_("SECONDS") },
        PST_OPTION_CONFLICT(&texts.conflict),
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &request.videos, NULL, NULL },
        G_OPTION_ENTRY_NULL
    };
    int status;

    request.style.finish = -1;
    pst_look_options_add(&request.style, &texts.look, look);
    if (!pst_options_parse(&usage, entries, look, argc, argv, &status))
        return status;
    return check(&request, &texts, &error) ? run(&request) : pst_options_fail(&usage, error);
}
