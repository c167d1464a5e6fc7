/* How quick the window is: its start, a slider's preview, the main loop while 12 megapixels are painted. Prints
 * medians and maxima; argv: pastiche-desktop, or nothing to leave its start out. Asserts nothing. */
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "app/desktop/training_run.h"
#include "harness.h"
#include "ui/canvas.h"

#define RUNS 9

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

static void report(const char *what, double *values, int count)
{
    qsort(values, (gsize)count, sizeof *values, compare);
    g_print("%-60s %8.1f ms median %8.1f ms at most\n", what, values[count / 2], values[count - 1]);
}

static double milliseconds(gint64 since)
{
    return (double)(g_get_monotonic_time() - since) / 1000;
}

/* Processor time of this thread, in milliseconds: what other programs take from it does not count. */
static double worked(void)
{
    struct timespec time;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1000 + (double)time.tv_nsec / 1e6;
}

/* From the start of the program until its window is on the screen, as X sees it. */
static void measure_start(const char *program)
{
    double times[RUNS];

    for (int i = 0; i < RUNS; i++) {
        char *argv[] = { (char *)program, NULL };
        char *search[] = { "xdotool", "search", "--onlyvisible", "--class", "pastiche", NULL };
        int status = 1;
        gint64 since = g_get_monotonic_time();
        GPid process;

        g_assert_true(g_spawn_async(NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &process, NULL));
        while (status != 0) {
            g_usleep(5000);
            g_assert_true(g_spawn_sync(NULL, search, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL,
                                       NULL, NULL, &status, NULL));
        }
        times[i] = milliseconds(since);
        kill(process, SIGTERM);
        g_usleep(300000);
        g_spawn_close_pid(process);
    }
    report("window on the screen after start", times, RUNS);
}

typedef struct {
    gboolean painted, drawn;
} Preview;

static void on_preview(PstRenderer *renderer, PstRaster *raster, PstRaster *small, Preview *preview)
{
    preview->painted = TRUE;
}

static void on_after_paint(GdkFrameClock *clock, Preview *preview)
{
    preview->drawn = preview->painted;
}

static gboolean is_drawn(gpointer data)
{
    return ((Preview *)data)->drawn;
}

static void measure_slider(Stage *stage)
{
    GtkWidget *strength = find_widget(find_widget(stage->window, "adjust_panel"), "strength");
    GdkFrameClock *clock = gtk_widget_get_frame_clock(GTK_WIDGET(stage->window));
    double times[RUNS];
    Preview preview;

    g_signal_connect_after(pst_document_renderer(stage->document), "preview", G_CALLBACK(on_preview), &preview);
    g_signal_connect(clock, "after-paint", G_CALLBACK(on_after_paint), &preview);
    for (int i = 0; i < RUNS; i++) {
        gint64 since = g_get_monotonic_time();

        preview = (Preview){ 0 };
        gtk_range_set_value(GTK_RANGE(strength), 0.9 - 0.05 * i);
        spin_until(is_drawn, &preview);
        times[i] = milliseconds(since);
        spin_for(700); /* the full size is being painted when the next one comes */
    }
    g_signal_handlers_disconnect_by_data(pst_document_renderer(stage->document), &preview);
    g_signal_handlers_disconnect_by_data(clock, &preview);
    report("slider moved until its preview is drawn", times, RUNS);
}

static void measure_loop(Stage *stage)
{
    g_autoptr(GArray) times = g_array_new(FALSE, FALSE, sizeof(double));
    g_autoptr(GArray) works = g_array_new(FALSE, FALSE, sizeof(double));

    stage_pick(stage, 5);
    while (pst_renderer_is_busy(pst_document_renderer(stage->document))) {
        GMainContext *context = g_main_context_default();
        double time, work;
        gint64 since;

        /* Waiting is no work: only dispatching is measured. */
        while (!g_main_context_pending(context)) {
            g_usleep(500);
        }
        since = g_get_monotonic_time();
        work = worked();
        g_main_context_iteration(context, FALSE);
        work = worked() - work;
        time = milliseconds(since);
        g_array_append_val(times, time);
        g_array_append_val(works, work);
    }
    report("one turn of the main loop while 12 megapixels are painted", (double *)(void *)times->data, (int)times->len);
    report("of it, processor time of its thread", (double *)(void *)works->data, (int)works->len);
}

static void on_frame(GdkFrameClock *clock, GArray *works)
{
    double now = worked();

    g_array_append_val(works, now);
}

/* A view of a masterpiece takes the place of the one before. */
static void measure_settling(Stage *stage)
{
    GtkWidget *canvas = find_widget(stage->window, "canvas");
    g_autoptr(PstRaster) raster = pst_raster_new(pst_document_photo(stage->document)->preview, NULL, NULL);
    g_autoptr(GArray) works = g_array_new(FALSE, FALSE, sizeof(double));
    GdkFrameClock *clock = gtk_widget_get_frame_clock(canvas);

    g_object_set(gtk_settings_get_default(), "gtk-enable-animations", TRUE, NULL);
    pst_canvas_settle(PST_CANVAS(canvas), raster);
    g_signal_connect_after(clock, "paint", G_CALLBACK(on_frame), works);
    spin_for(1000);
    g_signal_handlers_disconnect_by_data(clock, works);
    g_object_set(gtk_settings_get_default(), "gtk-enable-animations", FALSE, NULL);
    for (guint i = works->len; i-- > 1;) {
        g_array_index(works, double, i) -= g_array_index(works, double, i - 1);
    }
    report("a frame while a view settles, processor time of its thread", (double *)(void *)works->data + 1,
           (int)works->len - 1);
}

static gboolean is_fitting(gpointer run)
{
    return pst_training_run_is_fitting(run);
}

/* The same slider while a style is trained on all processors. */
static void measure_training(Stage *stage)
{
    PstTrainingRequest *request = pst_training_request_new("Speed");
    g_autoptr(PstTrainingRun) run = NULL;
    g_autofree char *sample = sample_photo();

    g_strfreev(request->pictures);
    request->pictures = g_strdupv((char *[]){ sample, NULL });
    run = pst_training_run_new(request, NULL);
    pst_training_run_go(run);
    spin_until(is_fitting, run);
    g_print("while a style is trained:\n");
    measure_slider(stage);
    pst_training_run_wait(run);
    pst_training_run_discard(run);
}

int main(int argc, char **argv)
{
    Stage *stage;
    g_autofree char *path = NULL;

    if (!harness_init(&argc, &argv)) {
        return 0;
    }
    if (argc > 1) {
        measure_start(argv[1]);
    }
    stage = stage_new(1180, 760);
    path = large_photo(4000);
    stage_open(stage, path);
    stage_pick(stage, 2);
    stage_rest(stage);
    measure_slider(stage);
    stage_rest(stage);
    measure_loop(stage);
    stage_rest(stage);
    measure_settling(stage);
    measure_training(stage);
    stage_rest(stage);
    stage_free(stage);
    return 0;
}
