#include "report.h"

#include "app/common/advice.h"
#include "command.h"
#include "console.h"
#include "progress.h"

#include "engine/kernel/kernels.h"
#include "engine/network/encoder.h"
#include "engine/network/generator.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define EVENT_INTERVAL (G_USEC_PER_SEC / 10) /* between two progress events */

struct PstReport {
    gboolean json, statistics, plans, terminal;
    int threads;
    PstProgress *progress; /* NULL before the start */
    gint64 begun;          /* monotonic microseconds */
    guint photos, others;
    guint painted, skipped, failed, problems, passing;
    double work_done;

    char *input; /* the photograph in hand, or NULL */
    guint number;
    double work;
    double share;
    gint64 last_event;
};

PstReport *pst_report_new(gboolean json, gboolean statistics, gboolean plans)
{
    PstReport *report = g_new0(PstReport, 1);

    report->json = json;
    report->statistics = statistics;
    report->plans = plans || statistics;
    report->terminal = !json && pst_progress_terminal();
    report->begun = g_get_monotonic_time();
    return report;
}

void pst_report_free(PstReport *report)
{
    if (!report)
        return;
    pst_progress_free(report->progress);
    g_free(report->input);
    g_free(report);
}

static double seconds_since(gint64 begun)
{
    return (double)(g_get_monotonic_time() - begun) / G_USEC_PER_SEC;
}

/* Lines and the progress share the terminal. */
static void make_room(PstReport *report)
{
    if (report->progress)
        pst_progress_clear(report->progress);
}

static json_t *event_new(const char *name)
{
    return json_pack("{s:s}", "event", name);
}

static void set_photo(json_t *event, const PstReport *report)
{
    if (!report->input)
        return;
    json_object_set_new(event, "input", pst_json_text(report->input));
    json_object_set_new(event, "number", json_integer(report->number));
}

void pst_report_start(PstReport *report, guint photos, double work, guint others, const GPtrArray *styles,
                      double style_seconds, int threads)
{
    report->photos = photos;
    report->others = others;
    report->threads = threads;
    report->progress = pst_progress_new(work, report->terminal);
    if (report->json) {
        json_t *event = event_new("start"), *list = json_array();

        for (guint i = 0; i < styles->len; i++) {
            const PstStyleArgument *style = styles->pdata[i];

            json_array_append_new(list, json_pack("{s:o, s:o, s:f, s:b}", "name", pst_json_text(style->style->name),
                                                  "file", pst_json_text(style->path), "weight", style->weight, "cached",
                                                  style->cached));
        }
        json_object_set_new(event, "version", json_string(PASTICHE_VERSION));
        json_object_set_new(event, "photos", json_integer(photos));
        json_object_set_new(event, "other_files", json_integer(others));
        json_object_set_new(event, "threads", json_integer(threads));
        json_object_set_new(event, "styles", list);
        json_object_set_new(event, "style_seconds", json_real(style_seconds));
        json_object_set_new(event, "cpu", json_string(pst_kernels()->name));
        pst_console_json(event);
    } else if (report->statistics) {
        fprintf(stderr, _("%d threads, %s; styles %.3f s\n"), threads, pst_kernels()->name, style_seconds);
    }
}

void pst_report_recipe(PstReport *report, const char *path, const char *asked)
{
    if (report->json) {
        json_t *event = event_new("recipe");

        json_object_set_new(event, "output", pst_json_text(path));
        pst_console_json(event);
    } else if (strcmp(path, asked) != 0) {
        pst_console_error(_("%s: is there already; the recipe is in %s"), asked, path);
    }
}

void pst_report_file(PstReport *report, const char *path)
{
    if (report->json) {
        json_t *event = event_new("file");

        json_object_set_new(event, "output", pst_json_text(path));
        pst_console_json(event);
    } else {
        pst_console_path(path);
    }
}

void pst_report_photo(PstReport *report, const char *input, double work)
{
    g_free(report->input);
    report->input = g_strdup(input);
    report->work = work;
    report->number++;
    report->last_event = 0;
    pst_report_progress(report, 0);
}

void pst_report_plan(PstReport *report, const PstExportPlan *plan)
{
    if (report->json) {
        json_t *event = event_new("plan");

        set_photo(event, report);
        json_object_set_new(event, "width", json_integer(plan->width));
        json_object_set_new(event, "height", json_integer(plan->height));
        json_object_set_new(event, "keeps_features", json_boolean(plan->keeps_features));
        json_object_set_new(event, "memory_megabytes", json_integer((json_int_t)(plan->memory >> 20)));
        json_object_set_new(event, "temporary_megabytes", json_integer((json_int_t)(plan->temporary_size >> 20)));
        if (plan->seconds > 0)
            json_object_set_new(event, "seconds", json_integer((json_int_t)(plan->seconds + 0.5)));
        pst_console_json(event);
    } else if (report->plans) {
        g_autofree char *name = pst_console_clean(report->input);

        make_room(report);
        fprintf(stderr,
                plan->keeps_features
                    ? _("%s: %d x %d, features are kept, about %d MB of memory, %d MB of temporary files\n")
                    : _("%s: %d x %d, features are computed twice, about %d MB of memory, %d MB of temporary files\n"),
                name, plan->width, plan->height, (int)(plan->memory >> 20), (int)(plan->temporary_size >> 20));
    }
    if (!report->json && plan->seconds > 0 && (report->plans || report->terminal)) {
        g_autofree char *name = pst_console_clean(report->input);
        g_autofree char *time = pst_progress_format_seconds(plan->seconds);

        make_room(report);
        fprintf(stderr, _("%s: a masterpiece takes about %s\n"), name, time);
    }
}

static void send_progress(PstReport *report)
{
    gint64 now = g_get_monotonic_time();
    double left = pst_progress_seconds_left(report->progress);
    json_t *event;

    if (report->last_event && now - report->last_event < EVENT_INTERVAL)
        return;
    report->last_event = now;
    event = event_new("progress");
    set_photo(event, report);
    json_object_set_new(event, "share", json_real(report->share));
    json_object_set_new(event, "seconds_left", left < 0 ? json_null() : json_real(left));
    pst_console_json(event);
}

void pst_report_progress(PstReport *report, double share)
{
    g_autofree char *name = g_path_get_basename(report->input);
    g_autofree char *label = report->photos > 1 ? g_strdup_printf("%u/%u  %s", report->number, report->photos, name)
                                                : g_strdup(name);

    report->share = share;
    pst_progress_update(report->progress, report->work_done + share * report->work, label);
    if (report->json)
        send_progress(report);
}

/* From the kernel's own account: what getrusage() tells includes the peak of the program that started this one. */
static long peak_megabytes(void)
{
    g_autofree char *status = NULL;
    const char *line = g_file_get_contents("/proc/self/status", &status, NULL, NULL) ? strstr(status, "VmHWM:") : NULL;
    struct rusage usage;

    if (line) {
        return strtol(line + strlen("VmHWM:"), NULL, 10) / 1024;
    }
    return getrusage(RUSAGE_SELF, &usage) == 0 ? usage.ru_maxrss / 1024 : 0;
}

/* GFLOP/s of convolutions done directly, whatever the way taken, so that rates can be compared. What is computed a
 * second time counts once. */
static double rate(const PstExportEffort *effort, double work, double seconds)
{
    return seconds > 0 ? 2e-9 * work * effort->width * effort->height / seconds : 0;
}

static double gathering_rate(const PstExportEffort *effort)
{
    return rate(effort, pst_encoder_work(), effort->gathering);
}

static double painting_rate(const PstExportEffort *effort)
{
    return rate(effort, pst_conditioned_generator_work(), effort->painting);
}

void pst_report_painted(PstReport *report, const char *output, const PstExportEffort *effort)
{
    double megapixels = (double)effort->width * effort->height / 1e6;

    report->painted++;
    report->work_done += report->work;
    if (report->json) {
        json_t *event = event_new("done");

        set_photo(event, report);
        json_object_set_new(event, "output", pst_json_text(output));
        json_object_set_new(event, "width", json_integer(effort->width));
        json_object_set_new(event, "height", json_integer(effort->height));
        json_object_set_new(event, "reading_seconds", json_real(effort->reading));
        json_object_set_new(event, "gathering_seconds", json_real(effort->gathering));
        json_object_set_new(event, "gathering_gflops", json_real(gathering_rate(effort)));
        json_object_set_new(event, "painting_gflops", json_real(painting_rate(effort)));
        json_object_set_new(event, "painting_seconds", json_real(effort->painting));
        json_object_set_new(event, "writing_seconds", json_real(effort->writing));
        json_object_set_new(event, "peak_megabytes", json_integer(peak_megabytes()));
        pst_console_json(event);
        return;
    }
    make_room(report);
    if (strcmp(output, PST_OUTPUT_STANDARD) != 0)
        pst_console_path(output);
    if (report->statistics) {
        g_autofree char *name = pst_console_clean(output);

        double seconds = effort->reading + effort->gathering + effort->painting + effort->writing;

        fprintf(stderr,
                _("%s: %d x %d, read %.3f s, gathered %.3f s (%.0f GFLOP/s), painted %.3f s (%.0f GFLOP/s), written"
                  " %.3f s, %.3f s a megapixel, peak memory %ld MB\n"),
                name, effort->width, effort->height, effort->reading, effort->gathering, gathering_rate(effort),
                effort->painting, painting_rate(effort), effort->writing, megapixels > 0 ? seconds / megapixels : 0,
                peak_megabytes());
    }
}

void pst_report_skipped(PstReport *report, const char *output)
{
    report->skipped++;
    pst_progress_drop(report->progress, report->work);
    if (report->json) {
        json_t *event = event_new("skipped");

        set_photo(event, report);
        json_object_set_new(event, "output", pst_json_text(output));
        pst_console_json(event);
    }
}

static void tell(PstReport *report, const char *kind, const char *message)
{
    if (report->json) {
        json_t *event = event_new(kind);

        set_photo(event, report);
        json_object_set_new(event, "message", pst_json_text(message));
        pst_console_json(event);
        return;
    }
    make_room(report);
    pst_console_error("%s", message);
}

void pst_report_failed(PstReport *report, const GError *error)
{
    g_autofree char *text = pst_error_text(error);

    report->failed++;
    report->passing += pst_error_may_pass(error);
    pst_progress_drop(report->progress, report->work);
    tell(report, "failed", text);
}

void pst_report_problem(PstReport *report, const GError *error)
{
    g_autofree char *text = pst_error_text(error);

    report->problems++;
    report->passing += pst_error_may_pass(error);
    tell(report, "failed", text);
}

void pst_report_warning(PstReport *report, const char *message)
{
    tell(report, "warning", message);
}

void pst_report_file_warning(const char *file, const char *warning, gpointer report)
{
    g_autofree char *message = g_strdup_printf("%s: %s", file, warning);

    pst_report_warning(report, message);
}

void pst_report_note(PstReport *report, const char *message)
{
    tell(report, "note", message);
}

static void send_summary(const PstReport *report, int signal)
{
    json_t *event = event_new("summary");

    json_object_set_new(event, "painted", json_integer(report->painted));
    json_object_set_new(event, "skipped", json_integer(report->skipped));
    json_object_set_new(event, "failed", json_integer(report->failed + report->problems));
    json_object_set_new(event, "other_files", json_integer(report->others));
    json_object_set_new(event, "interrupted", json_boolean(signal != 0));
    json_object_set_new(event, "seconds", json_real(seconds_since(report->begun)));
    pst_console_json(event);
}

/* "3 painted, 1 failed, 2 other files left out in 0:12", worth saying of more than one only. */
static void print_summary(const PstReport *report)
{
    g_autofree char *time = pst_progress_format_seconds(seconds_since(report->begun));

    fprintf(stderr, _("%u painted"), report->painted);
    if (report->skipped)
        fprintf(stderr, _(", %u skipped as their results exist"), report->skipped);
    if (report->failed + report->problems)
        fprintf(stderr, _(", %u failed"), report->failed + report->problems);
    if (report->others)
        fprintf(
            stderr,
            g_dngettext(GETTEXT_PACKAGE, ", %u other file left alone", ", %u other files left alone", report->others),
            report->others);
    fprintf(stderr, _(", in %s\n"), time);
}

int pst_report_finish(PstReport *report, int signal)
{
    int status;

    make_room(report);
    g_clear_pointer(&report->input, g_free);
    if (signal)
        tell(report, "warning", _("stopped; what was painted before is kept"));
    if (report->json)
        send_summary(report, signal);
    else if (report->terminal && (report->photos > 1 || report->skipped))
        print_summary(report);

    status = pst_console_finish();
    if (signal)
        return PST_EXIT_SIGNAL + signal;
    if (report->passing)
        return PST_EXIT_RETRY;
    if (report->failed || report->problems)
        return PST_EXIT_FAILED;
    return status;
}
