/* The window as its user meets it: open, pick, adjust, compare, undo, regions, export, bad files. */
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "app/desktop/preferences.h"
#include "engine/picture/reader.h"
#include "harness.h"

static void test_empty(void)
{
    Stage *stage = stage_new(1180, 760);

    g_assert_cmpstr(gtk_stack_get_visible_child_name(GTK_STACK(find_widget(stage->window, "stack"))), ==, "empty");
    g_assert_cmpuint(g_list_model_get_n_items(window_styles(stage->window)), >, 10);
    g_assert_false(gtk_widget_get_sensitive(find_widget(stage->window, "export_button")));
    stage_screenshot(stage, "empty");
    stage_free(stage);
}

/* Where another renderer was asked for than the tests' usual one, it is to be that. */
static gboolean has_renderer(Stage *stage)
{
    GskRenderer *renderer = gtk_native_get_renderer(GTK_NATIVE(stage->window));

    return g_strcmp0(g_getenv("GSK_RENDERER"), "gl") != 0 || g_str_equal(G_OBJECT_TYPE_NAME(renderer), "GskGLRenderer");
}

static void test_paint(void)
{
    Stage *stage = stage_new(1180, 760);
    g_autofree guint32 *before = NULL;
    g_autofree guint32 *after = NULL;
    int width, height;

    if (!has_renderer(stage)) {
        g_test_skip("there is no OpenGL here");
        stage_free(stage);
        return;
    }
    stage_open_sample(stage);
    before = canvas_pixels(stage, &width, &height);
    stage_screenshot(stage, "photo");
    stage_pick(stage, 10);
    stage_rest(stage);
    after = canvas_pixels(stage, &width, &height);
    g_assert_cmpfloat(pixels_difference(before, after, width * height), >, 5);
    g_assert_nonnull(pst_renderer_painting(pst_document_renderer(stage->document), pst_document_photo(stage->document),
                                           pst_document_look(stage->document)));
    g_assert_true(gtk_widget_get_sensitive(find_widget(stage->window, "export_button")));
    gtk_test_accessible_assert_property(GTK_ACCESSIBLE(find_widget(stage->window, "canvas")),
                                        GTK_ACCESSIBLE_PROPERTY_LABEL, "lake.jpg");
    stage_screenshot(stage, "painted");
    stage_free(stage);
}

static void test_undo(void)
{
    Stage *stage = stage_new(1180, 760);
    GListModel *results = pst_document_results(stage->document);
    g_autoptr(PstResult) latest = NULL;
    g_autofree guint32 *first = NULL;
    g_autofree guint32 *second = NULL;
    int width, height;

    stage_open_sample(stage);
    stage_pick(stage, 3);
    stage_rest(stage);
    first = canvas_pixels(stage, &width, &height);
    stage_pick(stage, 8);
    stage_rest(stage);
    stage_pick(stage, 5);
    stage_rest(stage);
    stage_screenshot(stage, "results");
    stage_activate(stage, "win.undo", NULL);
    stage_activate(stage, "win.undo", NULL);
    stage_rest(stage);
    second = canvas_pixels(stage, &width, &height);
    g_assert_cmpstr(stage_look(stage)->regions[0].styles[0].id, !=, "");
    g_assert_cmpfloat(pixels_difference(first, second, width * height), ==, 0);
    stage_activate(stage, "win.undo", NULL);
    g_assert_true(pst_look_is_plain(stage_look(stage)));
    stage_activate(stage, "win.redo", NULL);
    g_assert_false(pst_look_is_plain(stage_look(stage)));
    /* A click on an earlier result goes there. */
    stage_rest(stage);
    g_signal_emit_by_name(find_widget(find_widget(stage->window, "history_strip"), "list"), "activate", 0);
    stage_rest(stage);
    g_assert_cmpuint(g_list_model_get_n_items(results), ==, 3);
    latest = g_list_model_get_item(results, 0);
    g_assert_true(pst_look_equal(stage_look(stage), pst_result_look(latest)));
    stage_free(stage);
}

static void test_sliders(void)
{
    Stage *stage = stage_new(1180, 760);
    GtkWidget *strength;

    stage_open_sample(stage);
    stage_pick(stage, 2);
    stage_rest(stage);
    strength = find_widget(find_widget(stage->window, "adjust_panel"), "strength");
    for (int i = 0; i <= 10; i++) {
        gtk_range_set_value(GTK_RANGE(strength), 1 - 0.05 * i);
        spin_for(10);
    }
    stage_rest(stage);
    g_assert_cmpfloat_with_epsilon(stage_look(stage)->strength, 0.5, 1e-9);
    stage_screenshot(stage, "adjust");
    /* All the way of the slider is one step. */
    stage_activate(stage, "win.undo", NULL);
    g_assert_cmpfloat(stage_look(stage)->strength, ==, 1);
    g_assert_cmpfloat(gtk_range_get_value(GTK_RANGE(strength)), ==, 1);
    g_assert_false(pst_look_is_plain(stage_look(stage)));
    stage_free(stage);
}

static void test_mix(void)
{
    Stage *stage = stage_new(1180, 760);
    GListModel *styles = window_styles(stage->window);

    stage_open_sample(stage);
    stage_pick(stage, 0);
    for (guint i = 1; i < 5; i++) {
        g_autoptr(PstStyleThumbnail) thumbnail = g_list_model_get_item(styles, i);
        PstStyleItem *item = pst_style_thumbnail_item(thumbnail);

        pst_document_toggle(stage->document, pst_style_item_id(item), pst_style_item_style(item));
        g_assert_cmpint(pst_style_thumbnail_picked(thumbnail), ==, i < 4);
    }
    /* The fifth is one too many, and the window says so. */
    g_assert_cmpint(stage_look(stage)->regions[0].count, ==, 4);
    g_assert_nonnull(stage->told);
    stage_dismiss(stage);
    stage_rest(stage);
    stage_screenshot(stage, "mix");
    stage_free(stage);
}

typedef struct {
    GListModel *list;
    guint count;
} Count;

static gboolean has_count(gpointer data)
{
    const Count *count = data;

    return g_list_model_get_n_items(count->list) == count->count;
}

static void test_search(void)
{
    Stage *stage = stage_new(1180, 760);
    GListModel *styles = window_styles(stage->window);
    GtkEditable *search = GTK_EDITABLE(find_widget(find_widget(stage->window, "style_page"), "search"));
    guint all = g_list_model_get_n_items(styles);

    gtk_editable_set_text(search, "hokusai");
    spin_until(has_count, &(Count){ styles, 3 });
    gtk_editable_set_text(search, "cezanne post");
    spin_until(has_count, &(Count){ styles, 1 });
    gtk_editable_set_text(search, "no such painter");
    spin_until(has_count, &(Count){ styles, 0 });
    stage_screenshot(stage, "search");
    gtk_editable_set_text(search, "");
    spin_until(has_count, &(Count){ styles, all });
    stage_free(stage);
}

static void test_split(void)
{
    Stage *stage = stage_new(1180, 760);

    stage_open_sample(stage);
    stage_pick(stage, 12);
    stage_rest(stage);
    g_action_group_activate_action(G_ACTION_GROUP(stage->window), "split", NULL);
    stage_screenshot(stage, "split");
    gtk_widget_activate_action(GTK_WIDGET(stage->window), "win.original", "b", TRUE);
    stage_screenshot(stage, "original");
    gtk_widget_activate_action(GTK_WIDGET(stage->window), "win.original", "b", FALSE);
    stage_activate(stage, "win.zoom-one", NULL);
    for (int i = 0; i < 6; i++) {
        stage_activate(stage, "win.zoom-in", NULL);
    }
    stage_screenshot(stage, "pixels");
    stage_free(stage);
}

static double zoom_of(GtkWidget *canvas, gboolean *fit)
{
    double zoom;

    g_object_get(canvas, "zoom", &zoom, "fit", fit, NULL);
    return zoom;
}

/* What the gesture says, as there are no fingers here: its scale counts from where the zoom was when it began. */
static void test_pinch(void)
{
    Stage *stage = stage_new(1180, 760);
    GtkWidget *canvas = find_widget(stage->window, "canvas");
    GtkEventController *pinch = find_controller(canvas, GTK_TYPE_GESTURE_ZOOM);
    gboolean fit;
    double before;

    g_signal_emit_by_name(pinch, "begin", NULL);
    g_signal_emit_by_name(pinch, "scale-changed", 2.0); /* without a picture */
    stage_open_sample(stage);
    before = zoom_of(canvas, &fit);
    g_assert_true(fit);
    for (int i = 0; i < 2; i++) {
        g_signal_emit_by_name(pinch, "begin", NULL);
        g_signal_emit_by_name(pinch, "scale-changed", 1.2);
        g_signal_emit_by_name(pinch, "scale-changed", 1.5);
        g_signal_emit_by_name(pinch, "end", NULL);
    }
    g_assert_cmpfloat_with_epsilon(zoom_of(canvas, &fit), before * 2.25, 1e-6);
    g_assert_false(fit);
    stage_free(stage);
}

static void test_regions(void)
{
    Stage *stage = stage_new(1180, 760);
    GtkWidget *canvas;
    g_autofree guint32 *whole = NULL;
    g_autofree guint32 *masked = NULL;
    int width, height;

    stage_open_sample(stage);
    stage_pick(stage, 4);
    stage_rest(stage);
    whole = canvas_pixels(stage, &width, &height);
    g_action_group_activate_action(G_ACTION_GROUP(stage->window), "regions", NULL);
    click(find_widget(find_widget(stage->window, "region_bar"), "add"));
    g_assert_cmpint(stage_look(stage)->count, ==, 2);
    g_assert_cmpint(pst_document_region(stage->document), ==, 1);
    stage_pick(stage, 20);
    canvas = find_widget(stage->window, "canvas");
    g_signal_emit_by_name(canvas, "brush-begin", 0.25, 0.3);
    for (int i = 1; i <= 20; i++) {
        g_signal_emit_by_name(canvas, "brush-move", 0.25 + 0.02 * i, 0.3 + 0.005 * i);
    }
    g_signal_emit_by_name(canvas, "brush-end");
    stage_rest(stage);
    stage_screenshot(stage, "regions");
    g_action_group_activate_action(G_ACTION_GROUP(stage->window), "regions", NULL);
    masked = canvas_pixels(stage, &width, &height);
    g_assert_cmpfloat(pixels_difference(whole, masked, width * height), >, 0.5);
    /* Far from the stroke nothing has changed: the lower quarter of the canvas. */
    g_assert_cmpfloat(
        pixels_difference(whole + 3 * height / 4 * width, masked + 3 * height / 4 * width, height / 4 * width), <,
        0.01);
    /* The stroke is one step of undo. */
    stage_activate(stage, "win.undo", NULL);
    g_assert_cmpuint(stage_look(stage)->regions[1].mask->strokes->len, ==, 0);
    stage_free(stage);
}

/* A window that exports into the folder of the tests. */
static Stage *stage_exporting_to_scratch(void)
{
    PstExportOptions options;

    pst_preferences_get_export(&options);
    g_free(options.folder);
    options.folder = scratch_path("");
    pst_preferences_set_export(&options);
    pst_export_options_clear(&options);
    return stage_new(1180, 760);
}

static void test_export(void)
{
    Stage *stage = stage_exporting_to_scratch();
    GtkWindow *dialog;
    g_autofree char *path = scratch_path("lake-out.png");
    g_auto(PstPictureInfo) info = { 0 };
    g_autoptr(GError) error = NULL;

    stage_open_sample(stage);
    stage_pick(stage, 6);
    stage_rest(stage);
    stage_activate(stage, "win.export", NULL);
    dialog = find_window("PstExportDialog");
    g_assert_nonnull(dialog);
    window_screenshot(dialog, "export");
    gtk_editable_set_text(GTK_EDITABLE(find_widget(dialog, "name")), "{photo}-out");
    gtk_drop_down_set_selected(GTK_DROP_DOWN(find_widget(dialog, "format")), 2);
    click(find_widget(dialog, "export"));
    stage_rest(stage);
    g_assert_true(pst_picture_probe(path, &info, &error));
    g_assert_no_error(error);
    g_assert_cmpint(info.format, ==, PST_FORMAT_PNG);
    g_assert_cmpint(info.depth, ==, 16);
    g_assert_cmpint(info.width, ==, pst_document_photo(stage->document)->full->width);
    g_assert_nonnull(strstr(stage->told, "lake-out.png"));
    stage_screenshot(stage, "saved");
    stage_free(stage);
}

static void write_file(const char *path, const char *bytes, gssize length)
{
    g_autoptr(GError) error = NULL;

    g_file_set_contents(path, bytes, length, &error);
    g_assert_no_error(error);
}

/* One sentence, about that. */
static void expect_told(Stage *stage, const char *what)
{
    const char *told = stage->told;

    g_assert_nonnull(told);
    g_test_message("told: %s", told);
    g_assert_null(strchr(told, '\n'));
    if (!strstr(told, what)) {
        g_error("\"%s\" says nothing of \"%s\"", told, what);
    }
}

/* The header of a picture of 200,000 x 200,000 pixels. */
static const char huge_header[] =
    "\211\120\116\107\015\012\032\012\000\000\000\015\111\110\104\122\000\003\015\100\000\003\015\100"
    "\010\002\000\000\000\166\131\037\135\000\000\000\000\111\104\101\124\065\257\006\036";

static void test_bad_files(void)
{
    Stage *stage = stage_new(1180, 760);
    static const struct {
        const char *name, *bytes;
        gssize length; /* below 0: no file at all */
        const char *told;
    } files[] = {
        { "broken.jpg", "\xff\xd8\xff\xe0 and then nothing", 22, "incomplete" },
        { "empty.png", "", 0, "empty" },
        { "missing.jpg", NULL, -1, "no such file" },
        { "text.jpg", "not a picture at all", 20, "not a picture that can be read" },
        { "huge.png", huge_header, sizeof huge_header - 1, "200000 x 200000" },
    };
    /* A folder, and a file that can't be read: a program's own memory, at 0. */
    static const char *const others[][2] = { { "/", "folder" }, { "/proc/self/mem", "mem" } };

    stage_open_sample(stage);
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = scratch_path(files[i].name);

        if (files[i].length >= 0) {
            write_file(path, files[i].bytes, files[i].length);
        }
        stage_dismiss(stage);
        pst_document_open(stage->document, path);
        stage_rest(stage);
        expect_told(stage, files[i].told);
        g_assert_true(g_str_has_prefix(stage->told, files[i].name));
        g_assert_cmpstr(pst_document_photo(stage->document)->name, ==, "lake.jpg");
        if (i == 0) {
            stage_screenshot(stage, "error");
        }
    }
    for (gsize i = 0; i < G_N_ELEMENTS(others); i++) {
        stage_dismiss(stage);
        pst_document_open(stage->document, others[i][0]);
        stage_rest(stage);
        expect_told(stage, others[i][1]);
    }
    /* As a style. */
    g_autofree char *broken = scratch_path("broken.jpg");
    stage_dismiss(stage);
    stage_add_style(stage, broken);
    stage_rest(stage);
    expect_told(stage, "broken.jpg");
    /* And the program goes on. */
    stage_pick(stage, 1);
    stage_rest(stage);
    g_assert_false(pst_look_is_plain(stage_look(stage)));
    stage_free(stage);
}

/* Exports the painting there into a folder. */
static void export_to(Stage *stage, const char *folder)
{
    stage_dismiss(stage);
    window_export(stage->window, folder);
    stage_rest(stage);
}

static int count_files(const char *folder)
{
    g_autoptr(GDir) files = g_dir_open(folder, 0, NULL);
    int count = 0;

    while (g_dir_read_name(files)) {
        count++;
    }
    return count;
}

static void test_bad_targets(void)
{
    Stage *stage = stage_new(1180, 760);
    g_autofree char *folder = scratch_path("full");
    struct rlimit limit, small;

    stage_open_sample(stage);
    stage_pick(stage, 6);
    stage_rest(stage);
    /* A folder that can't be made, and one that nobody may write to, root neither. */
    export_to(stage, "/proc/none/here");
    expect_told(stage, "choose another");
    export_to(stage, "/sys/kernel");
    expect_told(stage, "lake-");
    /* A limit on the sizes of files stands in for a full disk; nothing half-written stays. */
    g_assert_cmpint(g_mkdir(folder, 0700), ==, 0);
    signal(SIGXFSZ, SIG_IGN);
    g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &limit), ==, 0);
    small = limit;
    small.rlim_cur = 20000;
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &small), ==, 0);
    export_to(stage, folder);
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
    expect_told(stage, "lake-");
    g_assert_cmpint(count_files(folder), ==, 0);
    /* And the program goes on: there is room again. */
    export_to(stage, folder);
    expect_told(stage, "Saved lake-");
    g_assert_cmpint(count_files(folder), ==, 1);
    g_autoptr(GDir) files = g_dir_open(folder, 0, NULL);
    g_autofree char *path = g_build_filename(folder, g_dir_read_name(files), NULL);
    g_remove(path);
    g_rmdir(folder);
    stage_free(stage);
}

static gboolean is_under_way(gpointer stage)
{
    return gtk_progress_bar_get_fraction(GTK_PROGRESS_BAR(find_widget(((Stage *)stage)->window, "progress"))) > 0.02;
}

static void test_stop(void)
{
    Stage *stage = stage_new(1180, 760);
    g_autofree char *path = large_photo(4000);
    gint64 since;

    stage_open(stage, path);
    stage_pick(stage, 9);
    spin_until(is_under_way, stage);
    stage_screenshot(stage, "painting");
    since = g_get_monotonic_time();
    stage_activate(stage, "win.stop", NULL);
    stage_rest(stage);
    g_test_message("stopped within %.0f ms", (double)(g_get_monotonic_time() - since) / 1000);
    g_assert_null(pst_renderer_painting(pst_document_renderer(stage->document), pst_document_photo(stage->document),
                                        pst_document_look(stage->document)));
    stage_activate(stage, "win.paint", NULL);
    stage_rest(stage);
    g_assert_nonnull(pst_renderer_painting(pst_document_renderer(stage->document), pst_document_photo(stage->document),
                                           pst_document_look(stage->document)));
    stage_free(stage);
}

static gboolean batch_is_over(gpointer dialog)
{
    return !gtk_widget_get_visible(find_widget(dialog, "stop"));
}

static void test_batch(void)
{
    Stage *stage = stage_new(1180, 760);
    g_autofree char *photo = large_photo(600);
    g_autofree char *broken = scratch_path("broken.jpg");
    g_autofree char *folder = scratch_path("painted");
    g_autofree char *vanished = scratch_path("vanished.jpg");
    GFile *files[] = { g_file_new_for_path(photo), g_file_new_for_path(broken), g_file_new_for_path(vanished), NULL };
    GtkWindow *dialog;
    g_autoptr(GDir) results = NULL;

    write_file(broken, "\xff\xd8\xff\xe0 and then nothing", -1);
    write_file(vanished, "\xff\xd8\xff\xe0", -1);
    stage_pick(stage, 14);
    pst_window_open_files(stage->window, files);
    for (int i = 0; files[i]; i++) {
        g_object_unref(files[i]);
    }
    stage_rest(stage);
    stage_activate(stage, "win.export-all", NULL);
    dialog = find_window("PstBatchDialog");
    g_assert_nonnull(dialog);
    click(find_widget(dialog, "start"));
    g_remove(vanished);
    spin_until(batch_is_over, dialog);
    window_screenshot(dialog, "batch");
    g_assert_nonnull(strstr(gtk_label_get_text(GTK_LABEL(find_widget(dialog, "summary"))), "1 done"));
    g_assert_nonnull(strstr(gtk_label_get_text(GTK_LABEL(find_widget(dialog, "summary"))), "2 failed"));
    gtk_window_destroy(dialog);
    /* The good photo's painting, whole, and nothing else. */
    results = g_dir_open(folder, 0, NULL);
    const char *name = g_dir_read_name(results);
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_auto(PstPictureInfo) info = { 0 };
    g_assert_true(pst_picture_probe(path, &info, NULL));
    g_assert_cmpint(info.width, ==, 600);
    g_assert_null(g_dir_read_name(results));
    g_remove(path);
    g_rmdir(folder);
    stage_free(stage);
}

/* A picture dropped beside the styles becomes one, and is picked. */
static void test_own_style(void)
{
    Stage *stage = stage_new(1180, 760);
    g_autofree char *style = large_photo(600);
    guint before = g_list_model_get_n_items(window_styles(stage->window));

    stage_open_sample(stage);
    stage_add_style(stage, style);
    stage_rest(stage);
    g_assert_cmpuint(g_list_model_get_n_items(window_styles(stage->window)), ==, before + 1);
    g_assert_cmpstr(stage_look(stage)->regions[0].styles[0].id, ==, style);
    stage_free(stage);
}

int main(int argc, char **argv)
{
    if (!harness_init(&argc, &argv)) {
        return 0;
    }
    g_test_add_func("/window/empty", test_empty);
    g_test_add_func("/window/paint", test_paint);
    g_test_add_func("/window/undo", test_undo);
    g_test_add_func("/window/sliders", test_sliders);
    g_test_add_func("/window/mix", test_mix);
    g_test_add_func("/window/search", test_search);
    g_test_add_func("/window/split", test_split);
    g_test_add_func("/window/pinch", test_pinch);
    g_test_add_func("/window/regions", test_regions);
    g_test_add_func("/window/export", test_export);
    g_test_add_func("/window/bad-files", test_bad_files);
    g_test_add_func("/window/bad-targets", test_bad_targets);
    g_test_add_func("/window/stop", test_stop);
    g_test_add_func("/window/batch", test_batch);
    g_test_add_func("/window/own-style", test_own_style);
    return g_test_run();
}
