/* The window as its user meets it: open, pick, adjust, compare, undo, regions, export, bad files. */
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "engine/picture/reader.h"
#include "harness.h"
#include "ui/batch_dialog.h"
#include "ui/export_dialog.h"
#include "ui/window_private.h"

static void activate(Stage *stage, const char *action)
{
    g_assert_true(gtk_widget_activate_action(GTK_WIDGET(stage->window), action, NULL));
}

/* Picks the nth style of the grid as a click does. */
static void pick(Stage *stage, guint index)
{
    GtkWidget *grid = find_widget(GTK_WIDGET(stage->window->style_page), "grid");

    g_signal_emit_by_name(grid, "activate", index);
}

static const PstLook *look(Stage *stage)
{
    return pst_document_look(stage->window->document);
}

static void open_sample(Stage *stage)
{
    g_autofree char *path = sample_photo();

    stage_open(stage, path);
}

static void test_empty(void)
{
    Stage *stage = stage_new(1180, 760);

    g_assert_cmpstr(gtk_stack_get_visible_child_name(GTK_STACK(stage->window->stack)), ==, "empty");
    g_assert_cmpuint(g_list_model_get_n_items(pst_style_page_model(stage->window->style_page)), >, 10);
    g_assert_false(gtk_widget_get_sensitive(stage->window->export_button));
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
    open_sample(stage);
    before = canvas_pixels(stage, &width, &height);
    stage_screenshot(stage, "photo");
    pick(stage, 10);
    stage_rest(stage);
    after = canvas_pixels(stage, &width, &height);
    g_assert_cmpfloat(pixels_difference(before, after, width * height), >, 5);
    g_assert_nonnull(pst_renderer_painting(pst_document_renderer(stage->window->document),
                                        pst_document_photo(stage->window->document),
                                        pst_document_look(stage->window->document)));
    g_assert_true(gtk_widget_get_sensitive(stage->window->export_button));
    gtk_test_accessible_assert_property(GTK_ACCESSIBLE(stage->window->canvas), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                        "lake.jpg");
    stage_screenshot(stage, "painted");
    stage_free(stage);
}

static void test_undo(void)
{
    Stage *stage = stage_new(1180, 760);
    g_autofree guint32 *first = NULL;
    g_autofree guint32 *second = NULL;
    int width, height;

    open_sample(stage);
    pick(stage, 3);
    stage_rest(stage);
    first = canvas_pixels(stage, &width, &height);
    pick(stage, 8);
    stage_rest(stage);
    pick(stage, 5);
    stage_rest(stage);
    stage_screenshot(stage, "results");
    activate(stage, "win.undo");
    activate(stage, "win.undo");
    stage_rest(stage);
    gtk_revealer_set_reveal_child(GTK_REVEALER(stage->window->results_revealer), FALSE);
    spin_for(60);
    second = canvas_pixels(stage, &width, &height);
    g_assert_cmpstr(look(stage)->regions[0].styles[0].id, !=, "");
    g_assert_cmpfloat(pixels_difference(first, second, width * height), ==, 0);
    activate(stage, "win.undo");
    g_assert_true(pst_look_is_plain(look(stage)));
    activate(stage, "win.redo");
    g_assert_false(pst_look_is_plain(look(stage)));
    /* A click on an earlier result goes there. */
    stage_rest(stage);
    g_signal_emit_by_name(find_widget(GTK_WIDGET(stage->window->history_strip), "list"), "activate", 0);
    stage_rest(stage);
    g_assert_true(pst_look_equal(look(stage), look(stage)));
    g_assert_cmpuint(g_list_model_get_n_items(pst_document_results(stage->window->document)), ==, 3);
    stage_free(stage);
}

static void test_sliders(void)
{
    Stage *stage = stage_new(1180, 760);
    GtkWidget *strength;

    open_sample(stage);
    pick(stage, 2);
    stage_rest(stage);
    gtk_stack_set_visible_child_name(GTK_STACK(stage->window->pages), "adjust");
    strength = find_widget(GTK_WIDGET(stage->window->adjust_panel), "strength");
    for (int i = 0; i <= 10; i++) {
        gtk_range_set_value(GTK_RANGE(strength), 1 - 0.05 * i);
        spin_for(10);
    }
    stage_rest(stage);
    g_assert_cmpfloat_with_epsilon(look(stage)->strength, 0.5, 1e-9);
    stage_screenshot(stage, "adjust");
    /* All the way of the slider is one step. */
    activate(stage, "win.undo");
    g_assert_cmpfloat(look(stage)->strength, ==, 1);
    g_assert_cmpfloat(gtk_range_get_value(GTK_RANGE(strength)), ==, 1);
    g_assert_false(pst_look_is_plain(look(stage)));
    stage_free(stage);
}

static void test_mix(void)
{
    Stage *stage = stage_new(1180, 760);
    GListModel *styles = pst_style_page_model(stage->window->style_page);

    open_sample(stage);
    pick(stage, 0);
    for (guint i = 1; i < 5; i++) {
        g_autoptr(PstStyleItem) item = g_list_model_get_item(styles, i);

        pst_document_toggle(stage->window->document, pst_style_item_id(item), pst_style_item_style(item));
        g_assert_cmpint(pst_style_item_picked(item), ==, i < 4);
    }
    /* The fifth is one too many, and the window says so. */
    g_assert_cmpint(look(stage)->regions[0].count, ==, 4);
    g_assert_nonnull(pst_window_told(stage->window));
    pst_message_bar_hide(stage->window->message_bar);
    stage_rest(stage);
    stage_screenshot(stage, "mix");
    stage_free(stage);
}

static void test_search(void)
{
    Stage *stage = stage_new(1180, 760);
    GListModel *styles = pst_style_page_model(stage->window->style_page);
    GtkEditable *search = GTK_EDITABLE(find_widget(GTK_WIDGET(stage->window->style_page), "search"));
    guint all = g_list_model_get_n_items(styles);

    gtk_editable_set_text(search, "hokusai");
    spin_for(300);
    g_assert_cmpuint(g_list_model_get_n_items(styles), ==, 2);
    gtk_editable_set_text(search, "cezanne post");
    spin_for(300);
    g_assert_cmpuint(g_list_model_get_n_items(styles), ==, 1);
    gtk_editable_set_text(search, "no such painter");
    spin_for(300);
    g_assert_cmpuint(g_list_model_get_n_items(styles), ==, 0);
    stage_screenshot(stage, "search");
    gtk_editable_set_text(search, "");
    spin_for(300);
    g_assert_cmpuint(g_list_model_get_n_items(styles), ==, all);
    stage_free(stage);
}

static void test_split(void)
{
    Stage *stage = stage_new(1180, 760);

    open_sample(stage);
    pick(stage, 12);
    stage_rest(stage);
    g_action_group_activate_action(G_ACTION_GROUP(stage->window), "split", NULL);
    stage_screenshot(stage, "split");
    pst_canvas_set_hold(stage->window->canvas, TRUE);
    stage_screenshot(stage, "original");
    pst_canvas_set_hold(stage->window->canvas, FALSE);
    pst_canvas_set_zoom(stage->window->canvas, 4);
    stage_screenshot(stage, "pixels");
    stage_free(stage);
}

static GtkEventController *find_controller(GtkWidget *widget, GType type)
{
    g_autoptr(GListModel) controllers = gtk_widget_observe_controllers(widget);

    for (guint i = 0; i < g_list_model_get_n_items(controllers); i++) {
        g_autoptr(GtkEventController) controller = g_list_model_get_item(controllers, i);

        if (G_TYPE_CHECK_INSTANCE_TYPE(controller, type)) {
            return controller;
        }
    }
    g_error("there is no %s", g_type_name(type));
}

/* What the gesture says, as there are no fingers here: its scale counts from where the zoom was when it began. */
static void test_pinch(void)
{
    Stage *stage = stage_new(1180, 760);
    PstCanvas *canvas = stage->window->canvas;
    GtkEventController *pinch = find_controller(GTK_WIDGET(canvas), GTK_TYPE_GESTURE_ZOOM);
    double before;

    g_signal_emit_by_name(pinch, "begin", NULL);
    g_signal_emit_by_name(pinch, "scale-changed", 2.0); /* without a picture */
    open_sample(stage);
    before = pst_canvas_zoom(canvas);
    g_assert_true(pst_canvas_is_fit(canvas));
    for (int i = 0; i < 2; i++) {
        g_signal_emit_by_name(pinch, "begin", NULL);
        g_signal_emit_by_name(pinch, "scale-changed", 1.2);
        g_signal_emit_by_name(pinch, "scale-changed", 1.5);
        g_signal_emit_by_name(pinch, "end", NULL);
    }
    g_assert_false(pst_canvas_is_fit(canvas));
    g_assert_cmpfloat_with_epsilon(pst_canvas_zoom(canvas), before * 2.25, 1e-6);
    stage_free(stage);
}

static void test_regions(void)
{
    Stage *stage = stage_new(1180, 760);
    PstCanvas *canvas;
    g_autofree guint32 *whole = NULL;
    g_autofree guint32 *masked = NULL;
    int width, height;

    open_sample(stage);
    pick(stage, 4);
    stage_rest(stage);
    whole = canvas_pixels(stage, &width, &height);
    gtk_stack_set_visible_child_name(GTK_STACK(stage->window->pages), "regions");
    g_signal_emit_by_name(find_widget(GTK_WIDGET(stage->window->region_panel), "add"), "clicked");
    g_assert_cmpint(look(stage)->count, ==, 2);
    g_assert_cmpint(pst_document_region(stage->window->document), ==, 1);
    pick(stage, 20);
    canvas = stage->window->canvas;
    g_signal_emit_by_name(canvas, "stroke-begin", 0.25, 0.3);
    for (int i = 1; i <= 20; i++) {
        g_signal_emit_by_name(canvas, "stroke-move", 0.25 + 0.02 * i, 0.3 + 0.005 * i);
    }
    g_signal_emit_by_name(canvas, "stroke-end");
    stage_rest(stage);
    stage_screenshot(stage, "regions");
    gtk_stack_set_visible_child_name(GTK_STACK(stage->window->pages), "styles");
    gtk_revealer_set_reveal_child(GTK_REVEALER(stage->window->results_revealer), FALSE);
    masked = canvas_pixels(stage, &width, &height);
    g_assert_cmpfloat(pixels_difference(whole, masked, width * height), >, 0.5);
    /* Far from the stroke nothing has changed: the lower quarter of the canvas. */
    g_assert_cmpfloat(pixels_difference(whole + 3 * height / 4 * width, masked + 3 * height / 4 * width,
                                        height / 4 * width), <, 0.01);
    /* The stroke is one step of undo. */
    activate(stage, "win.undo");
    g_assert_cmpuint(look(stage)->regions[1].mask->strokes->len, ==, 0);
    stage_free(stage);
}

static void on_dialog_found(GtkWindow **found, GType type)
{
    GListModel *windows = gtk_window_get_toplevels();

    *found = NULL;
    for (guint i = 0; i < g_list_model_get_n_items(windows); i++) {
        g_autoptr(GtkWindow) window = g_list_model_get_item(windows, i);

        if (G_TYPE_CHECK_INSTANCE_TYPE(window, type)) {
            *found = window;
        }
    }
}

static void test_export(void)
{
    Stage *stage = stage_new(1180, 760);
    GtkWindow *dialog;
    g_autofree char *folder = scratch_path("");
    g_autofree char *path = scratch_path("lake-out.png");
    g_auto(PstPictureInfo) info = { 0 };
    g_autoptr(GError) error = NULL;

    open_sample(stage);
    pick(stage, 6);
    stage_rest(stage);
    g_free(stage->window->export_options.folder);
    stage->window->export_options.folder = g_strdup(folder);
    activate(stage, "win.export");
    on_dialog_found(&dialog, PST_TYPE_EXPORT_DIALOG);
    g_assert_nonnull(dialog);
    window_screenshot(dialog, "export");
    gtk_editable_set_text(GTK_EDITABLE(find_widget(GTK_WIDGET(dialog), "pattern")), "{photo}-out");
    gtk_drop_down_set_selected(GTK_DROP_DOWN(find_widget(GTK_WIDGET(dialog), "format")), 2);
    g_signal_emit_by_name(find_widget(GTK_WIDGET(dialog), "export"), "clicked");
    stage_rest(stage);
    g_assert_true(pst_picture_probe(path, &info, &error));
    g_assert_no_error(error);
    g_assert_cmpint(info.format, ==, PST_FORMAT_PNG);
    g_assert_cmpint(info.depth, ==, 16);
    g_assert_cmpint(info.width, ==, pst_document_photo(stage->window->document)->full->width);
    g_assert_nonnull(strstr(pst_window_told(stage->window), "lake-out.png"));
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
    const char *told = pst_window_told(stage->window);

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
        { "text.jpg", "not a picture at all", 20, "not a JPEG or PNG" },
        { "huge.png", huge_header, sizeof huge_header - 1, "200000 x 200000" },
    };
    /* A folder, and a file that can't be read: a program's own memory, at 0. */
    static const char *const others[][2] = { { "/", "folder" }, { "/proc/self/mem", "mem" } };

    open_sample(stage);
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = scratch_path(files[i].name);

        if (files[i].length >= 0) {
            write_file(path, files[i].bytes, files[i].length);
        }
        pst_message_bar_hide(stage->window->message_bar);
        pst_document_open(stage->window->document, path);
        stage_rest(stage);
        expect_told(stage, files[i].told);
        g_assert_true(g_str_has_prefix(pst_window_told(stage->window), files[i].name));
        g_assert_cmpstr(pst_document_photo(stage->window->document)->name, ==, "lake.jpg");
        if (i == 0) {
            stage_screenshot(stage, "error");
        }
    }
    for (gsize i = 0; i < G_N_ELEMENTS(others); i++) {
        pst_message_bar_hide(stage->window->message_bar);
        pst_document_open(stage->window->document, others[i][0]);
        stage_rest(stage);
        expect_told(stage, others[i][1]);
    }
    /* As a style. */
    g_autofree char *broken = scratch_path("broken.jpg");
    pst_message_bar_hide(stage->window->message_bar);
    pst_style_list_add_file(stage->window->style_list, broken);
    stage_rest(stage);
    expect_told(stage, "broken.jpg");
    /* And the program goes on. */
    pick(stage, 1);
    stage_rest(stage);
    g_assert_false(pst_look_is_plain(look(stage)));
    stage_free(stage);
}

/* Exports the painting there into a folder. */
static void export_to(Stage *stage, const char *folder)
{
    GtkWindow *dialog;

    pst_message_bar_hide(stage->window->message_bar);
    g_free(stage->window->export_options.folder);
    stage->window->export_options.folder = g_strdup(folder);
    activate(stage, "win.export");
    on_dialog_found(&dialog, PST_TYPE_EXPORT_DIALOG);
    g_signal_emit_by_name(find_widget(GTK_WIDGET(dialog), "export"), "clicked");
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

    open_sample(stage);
    pick(stage, 6);
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

static gboolean is_running(gpointer data)
{
    Stage *stage = data;

    return stage->window->share > 0;
}

static void test_stop(void)
{
    Stage *stage = stage_new(1180, 760);
    g_autofree char *path = large_photo(4000);
    gint64 since;

    stage_open(stage, path);
    pick(stage, 9);
    spin_until(is_running, stage);
    spin_for(500);
    stage_screenshot(stage, "painting");
    since = g_get_monotonic_time();
    activate(stage, "win.stop");
    stage_rest(stage);
    g_test_message("stopped within %.0f ms", (double)(g_get_monotonic_time() - since) / 1000);
    g_assert_null(pst_renderer_painting(pst_document_renderer(stage->window->document),
                                     pst_document_photo(stage->window->document),
                                     pst_document_look(stage->window->document)));
    activate(stage, "win.paint");
    stage_rest(stage);
    g_assert_nonnull(pst_renderer_painting(pst_document_renderer(stage->window->document),
                                        pst_document_photo(stage->window->document),
                                        pst_document_look(stage->window->document)));
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
    const char *const paths[] = { photo, broken, vanished, NULL };
    GtkWindow *dialog;
    g_autoptr(GDir) results = NULL;

    write_file(broken, "\xff\xd8\xff\xe0 and then nothing", -1);
    write_file(vanished, "\xff\xd8\xff\xe0", -1);
    open_sample(stage);
    pick(stage, 14);
    stage_rest(stage);
    pst_window_batch(stage->window, paths);
    on_dialog_found(&dialog, PST_TYPE_BATCH_DIALOG);
    g_assert_nonnull(dialog);
    g_signal_emit_by_name(find_widget(GTK_WIDGET(dialog), "start"), "clicked");
    g_remove(vanished);
    spin_until(batch_is_over, dialog);
    window_screenshot(dialog, "batch");
    g_assert_nonnull(strstr(gtk_label_get_text(GTK_LABEL(find_widget(GTK_WIDGET(dialog), "summary"))), "1 done"));
    g_assert_nonnull(strstr(gtk_label_get_text(GTK_LABEL(find_widget(GTK_WIDGET(dialog), "summary"))), "2 failed"));
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
    guint before = g_list_model_get_n_items(pst_style_page_model(stage->window->style_page));

    open_sample(stage);
    pst_style_list_add_file(stage->window->style_list, style);
    stage_rest(stage);
    g_assert_cmpuint(g_list_model_get_n_items(pst_style_page_model(stage->window->style_page)), ==, before + 1);
    g_assert_cmpstr(look(stage)->regions[0].styles[0].id, ==, style);
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
