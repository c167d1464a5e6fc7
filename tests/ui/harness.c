#include "harness.h"

#include <adwaita.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/desktop/preferences.h"
#include "engine/picture/reader.h"
#include "engine/picture/writer.h"
#include "tests/folder.h"

#define PATIENCE 240 /* seconds; sanitizers are slow */

static char *scratch;

static void remove_scratch(void)
{
    folder_remove(scratch);
}

gboolean harness_init(int *argc, char ***argv)
{
    g_autoptr(GtkCssProvider) provider = NULL;

    g_test_init(argc, argv, NULL);
    scratch = g_dir_make_tmp("pastiche-ui-XXXXXX", NULL);
    g_assert_nonnull(scratch);
    atexit(remove_scratch);
    if (!gtk_init_check()) {
        g_print("1..0 # SKIP there is no display\n");
        return FALSE;
    }
    adw_init();
    provider = gtk_css_provider_new();
    gtk_css_provider_load_from_resource(provider, "/org/pastiche/Pastiche/style.css");
    gtk_style_context_add_provider_for_display(gdk_display_get_default(), GTK_STYLE_PROVIDER(provider),
                                               GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
    g_object_set(gtk_settings_get_default(), "gtk-enable-animations", FALSE, NULL);
    if (g_getenv("PST_DARK")) {
        adw_style_manager_set_color_scheme(adw_style_manager_get_default(), ADW_COLOR_SCHEME_FORCE_DARK);
    }
    if (g_getenv("PST_FONT")) {
        g_object_set(gtk_settings_get_default(), "gtk-font-name", g_getenv("PST_FONT"), NULL);
    }
    return TRUE;
}

/* ---- waiting -------------------------------------------------------------------------------- */

static gboolean on_timeout(gpointer data)
{
    *(gboolean *)data = TRUE;
    return G_SOURCE_REMOVE;
}

void spin_until(Condition condition, gpointer data)
{
    gint64 end = g_get_monotonic_time() + (gint64)PATIENCE * G_USEC_PER_SEC;

    while (!condition(data)) {
        gboolean woken = FALSE;
        guint timer = g_timeout_add(20, on_timeout, &woken);

        g_assert_cmpint(g_get_monotonic_time(), <, end);
        g_main_context_iteration(NULL, TRUE);
        if (!woken) {
            g_source_remove(timer);
        }
    }
}

void spin_for(guint milliseconds)
{
    gboolean over = FALSE;

    g_timeout_add(milliseconds, on_timeout, &over);
    while (!over) {
        g_main_context_iteration(NULL, TRUE);
    }
}

/* ---- a window ------------------------------------------------------------------------------- */

static gboolean at_rest(gpointer window)
{
    return !pst_window_is_busy(window);
}

void window_rest(PstWindow *window)
{
    spin_until(at_rest, window);
    spin_for(60);
    spin_until(at_rest, window);
}

void stage_rest(Stage *stage)
{
    window_rest(stage->window);
}

/* Sentences go by themselves after a while, which may be before a test on a busy machine looks. */
static void on_told(Stage *stage)
{
    GtkWidget *bar = find_widget(stage->window, "message_bar");

    if (gtk_revealer_get_reveal_child(GTK_REVEALER(find_widget(bar, "revealer")))) {
        g_free(stage->told);
        stage->told = g_strdup(gtk_label_get_text(GTK_LABEL(find_widget(bar, "label"))));
    }
}

static void listen(Stage *stage)
{
    GtkWidget *bar = find_widget(stage->window, "message_bar");

    g_signal_connect_swapped(find_widget(bar, "revealer"), "notify::reveal-child", G_CALLBACK(on_told), stage);
    g_signal_connect_swapped(find_widget(bar, "label"), "notify::label", G_CALLBACK(on_told), stage);
}

Stage *stage_begin(int width, int height)
{
    Stage *stage = g_new0(Stage, 1);
    const char *size = g_getenv("PST_SIZE");

    if (size) {
        g_assert_cmpint(sscanf(size, "%dx%d", &width, &height), ==, 2);
    }
    stage->service = pst_engine_service_new(NULL);
    stage->styles = pst_style_list_new(stage->service);
    stage->window = pst_window_new(NULL, stage->service, stage->styles);
    stage->document = pst_window_document(stage->window);
    listen(stage);
    gtk_window_set_default_size(GTK_WINDOW(stage->window), width, height);
    gtk_window_present(GTK_WINDOW(stage->window));
    return stage;
}

Stage *stage_new(int width, int height)
{
    Stage *stage = stage_begin(width, height);

    stage_rest(stage);
    return stage;
}

PstWindow *stage_new_window(Stage *stage)
{
    PstWindow *window = pst_window_new(NULL, stage->service, stage->styles);

    gtk_window_present(GTK_WINDOW(window));
    window_rest(window);
    return window;
}

static gboolean is_gone(gpointer data)
{
    return *(gpointer *)data == NULL;
}

void stage_free(Stage *stage)
{
    gpointer gone = stage->window;

    g_object_add_weak_pointer(G_OBJECT(stage->window), &gone);
    gtk_window_destroy(GTK_WINDOW(stage->window));
    spin_until(is_gone, &gone);
    g_free(stage->told);
    g_object_unref(stage->styles);
    pst_engine_service_free(stage->service);
    while (g_main_context_iteration(NULL, FALSE)) {
    }
    g_free(stage);
}

void stage_open(Stage *stage, const char *path)
{
    pst_document_open(stage->document, path);
    stage_rest(stage);
    g_assert_nonnull(pst_document_photo(stage->document));
}

void stage_open_sample(Stage *stage)
{
    g_autofree char *path = sample_photo();

    stage_open(stage, path);
}

void stage_open_file(Stage *stage, const char *path)
{
    g_autoptr(GFile) file = g_file_new_for_path(path);

    pst_window_open_files(stage->window, (GFile *[]){ file, NULL });
}

static GVariant *text_or_null(const char *text)
{
    return text ? g_variant_new_string(text) : NULL;
}

void stage_activate(Stage *stage, const char *action, const char *target)
{
    g_assert_true(gtk_widget_activate_action_variant(GTK_WIDGET(stage->window), action, text_or_null(target)));
}

const PstLook *stage_look(Stage *stage)
{
    return pst_document_look(stage->document);
}

GListModel *window_styles(PstWindow *window)
{
    return G_LIST_MODEL(gtk_grid_view_get_model(GTK_GRID_VIEW(find_type(window, "GtkGridView"))));
}

PstStyleItem *stage_style(Stage *stage, guint index)
{
    g_autoptr(PstStyleThumbnail) thumbnail = g_list_model_get_item(window_styles(stage->window), index);

    return pst_style_thumbnail_item(thumbnail);
}

void stage_pick(Stage *stage, guint index)
{
    g_signal_emit_by_name(find_type(stage->window, "GtkGridView"), "activate", index);
}

void stage_add_style(Stage *stage, const char *path)
{
    g_autoptr(GFile) file = g_file_new_for_path(path);
    g_autofree char *uri = g_file_get_uri(file);

    stage_activate(stage, "win.add-style-uri", uri);
}

void stage_dismiss(Stage *stage)
{
    click(find_widget(find_widget(stage->window, "message_bar"), "close"));
    g_clear_pointer(&stage->told, g_free);
}

/* The dialog's own signal: it offers no folder that there isn't. */
void window_export(PstWindow *window, const char *folder)
{
    PstExportOptions options;
    GtkWindow *dialog;

    pst_preferences_get_export(&options);
    g_free(options.folder);
    options.folder = g_strdup(folder);
    g_assert_true(gtk_widget_activate_action(GTK_WIDGET(window), "win.export", NULL));
    dialog = find_window("PstExportDialog");
    g_signal_emit_by_name(dialog, "export", &options);
    gtk_window_destroy(dialog);
    pst_export_options_clear(&options);
}

static gboolean chooser_is_there(gpointer data)
{
    return find_window("GtkFileChooserDialog") != NULL;
}

static gboolean chooser_is_gone(gpointer data)
{
    return !chooser_is_there(data);
}

typedef struct {
    GtkFileChooser *chooser;
    GFile *file;
} Choice;

/* The chooser reads the folder first. */
static gboolean is_chosen(gpointer data)
{
    const Choice *choice = data;
    g_autoptr(GFile) file = gtk_file_chooser_get_file(choice->chooser);

    return file && g_file_equal(file, choice->file);
}

void stage_choose(Stage *stage, const char *action, const char *target, const char *path, int response)
{
    g_autoptr(GFile) file = g_file_new_for_path(path);
    g_autofree char *name = g_file_get_basename(file);
    GtkFileChooser *chooser;

    stage_activate(stage, action, target);
    spin_until(chooser_is_there, NULL);
    chooser = GTK_FILE_CHOOSER(find_window("GtkFileChooserDialog"));
    g_assert_true(gtk_window_get_transient_for(GTK_WINDOW(chooser)) == GTK_WINDOW(stage->window));
    if (gtk_file_chooser_get_action(chooser) == GTK_FILE_CHOOSER_ACTION_SAVE) {
        gtk_file_chooser_set_current_name(chooser, name);
    } else {
        g_assert_true(gtk_file_chooser_set_file(chooser, file, NULL));
    }
    spin_until(is_chosen, &(Choice){ chooser, file });
    gtk_dialog_response(GTK_DIALOG(chooser), response);
    spin_until(chooser_is_gone, NULL); /* it looks whether the file is there */
    stage_rest(stage);
}

/* ---- files ---------------------------------------------------------------------------------- */

char *sample_photo(void)
{
    g_autofree char *data = pst_data_folder(NULL);

    return g_build_filename(data, "samples", "lake.jpg", NULL);
}

char *scratch_path(const char *name)
{
    return g_build_filename(scratch, name, NULL);
}

char *large_photo(int width)
{
    const char *most = g_getenv("PST_LARGEST");
    g_autofree char *sample = sample_photo();
    g_autofree char *name = g_strdup_printf("large-%d.jpg", width);
    g_autoptr(GError) error = NULL;
    g_autoptr(PstPicture) picture = pst_picture_read(sample, NULL, NULL, &error);
    g_autoptr(PstPicture) large = NULL;
    char *path = scratch_path(name);

    if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
        width = most ? MIN(width, atoi(most)) : width;
        large = pst_picture_resize(picture, width, width * 3 / 4, NULL, &error);
        pst_picture_write(large, path, NULL, NULL, NULL, &error);
        g_assert_no_error(error);
    }
    return path;
}

char *session_path(void)
{
    g_autofree char *folder = g_build_filename(g_get_user_state_dir(), "pastiche", NULL);
    g_autofree char *mine = g_strdup_printf("%ld-", (long)getpid());
    g_autoptr(GDir) directory = g_dir_open(folder, 0, NULL);
    char *path = NULL;
    const char *name;

    while (directory && (name = g_dir_read_name(directory))) {
        if (g_str_has_prefix(name, mine) && g_str_has_suffix(name, ".session")) {
            g_assert_null(path);
            path = g_build_filename(folder, name, NULL);
        }
    }
    return path;
}

static gboolean has_session(gpointer data)
{
    g_autofree char *path = session_path();

    return path != NULL;
}

/* It is written some time after any change. */
void wait_for_session(Stage *stage)
{
    g_autofree char *path = session_path();

    if (path) {
        g_remove(path);
    }
    g_object_notify(G_OBJECT(stage->document), "photo-name");
    spin_until(has_session, NULL);
}

/* ---- widgets -------------------------------------------------------------------------------- */

typedef gboolean (*Matches)(GtkWidget *widget, const char *name);

static gboolean has_id(GtkWidget *widget, const char *id)
{
    return g_strcmp0(gtk_buildable_get_buildable_id(GTK_BUILDABLE(widget)), id) == 0;
}

static gboolean has_type(GtkWidget *widget, const char *type)
{
    return g_str_equal(G_OBJECT_TYPE_NAME(widget), type);
}

static GtkWidget *search(GtkWidget *widget, Matches matches, const char *name)
{
    if (matches(widget, name)) {
        return widget;
    }
    for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child)) {
        GtkWidget *found = search(child, matches, name);

        if (found) {
            return found;
        }
    }
    return NULL;
}

static GtkWidget *find(gpointer root, Matches matches, const char *name)
{
    GtkWidget *widget = search(GTK_WIDGET(root), matches, name);

    if (!widget) {
        g_error("there is no widget \"%s\"", name);
    }
    return widget;
}

GtkWidget *find_widget(gpointer root, const char *id)
{
    return find(root, has_id, id);
}

GtkWidget *find_type(gpointer root, const char *type)
{
    return find(root, has_type, type);
}

GtkWindow *find_window(const char *type)
{
    GListModel *windows = gtk_window_get_toplevels();

    for (guint i = 0; i < g_list_model_get_n_items(windows); i++) {
        g_autoptr(GtkWindow) window = g_list_model_get_item(windows, i);

        if (has_type(GTK_WIDGET(window), type) && gtk_widget_get_visible(GTK_WIDGET(window))) {
            return window;
        }
    }
    return NULL;
}

void click(GtkWidget *button)
{
    g_signal_emit_by_name(button, "clicked");
}

GtkEventController *find_controller(GtkWidget *widget, GType type)
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

void drop_file(GtkWidget *widget, const char *path)
{
    g_auto(GValue) value = G_VALUE_INIT;
    gboolean taken = FALSE;

    g_value_init(&value, G_TYPE_FILE);
    g_value_take_object(&value, g_file_new_for_path(path));
    g_signal_emit_by_name(find_controller(widget, GTK_TYPE_DROP_TARGET), "drop", &value, 10.0, 10.0, &taken);
    g_assert_true(taken);
}

/* ---- pixels --------------------------------------------------------------------------------- */

static gboolean on_frame(GtkWidget *widget, GdkFrameClock *clock, gpointer frames)
{
    return ++*(int *)frames < 4 ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static gboolean enough_frames(gpointer frames)
{
    return *(int *)frames >= 4;
}

/* Lets what was asked for come to the screen. */
static void spin_frames(GtkWidget *widget)
{
    int frames = 0;

    gtk_widget_add_tick_callback(widget, on_frame, &frames, NULL);
    spin_until(enough_frames, &frames);
}

/* What a widget draws, at the screen's resolution. */
static GdkTexture *render(GtkWidget *widget)
{
    int scale = gtk_widget_get_scale_factor(widget);
    g_autoptr(GdkPaintable) paintable = gtk_widget_paintable_new(widget);
    int width = gdk_paintable_get_intrinsic_width(paintable), height = gdk_paintable_get_intrinsic_height(paintable);
    GtkSnapshot *snapshot = gtk_snapshot_new();
    g_autoptr(GskRenderNode) node = NULL;

    gtk_snapshot_scale(snapshot, (float)scale, (float)scale);
    gdk_paintable_snapshot(paintable, snapshot, width, height);
    node = gtk_snapshot_free_to_node(snapshot);
    if (!node) {
        return NULL;
    }
    return gsk_renderer_render_texture(gtk_native_get_renderer(gtk_widget_get_native(widget)), node,
                                       &GRAPHENE_RECT_INIT(0, 0, (float)(width * scale), (float)(height * scale)));
}

void window_screenshot(GtkWindow *window, const char *name)
{
    const char *folder = g_getenv("PST_SCREENSHOTS");
    g_autofree char *file = NULL;
    g_autofree char *path = NULL;
    g_autoptr(GdkTexture) texture = NULL;

    if (!folder) {
        return;
    }
    spin_frames(GTK_WIDGET(window));
    file = g_strconcat(name, ".png", NULL);
    path = g_build_filename(folder, file, NULL);
    texture = render(GTK_WIDGET(window));
    g_assert_nonnull(texture);
    g_mkdir_with_parents(folder, 0777);
    g_assert_true(gdk_texture_save_to_png(texture, path));
}

void stage_screenshot(Stage *stage, const char *name)
{
    window_screenshot(GTK_WINDOW(stage->window), name);
}

guint32 *canvas_pixels(Stage *stage, int *width, int *height)
{
    g_autoptr(GdkTexture) texture = NULL;
    guint32 *pixels;

    spin_frames(GTK_WIDGET(stage->window));
    texture = render(find_widget(stage->window, "canvas"));
    g_assert_nonnull(texture);
    *width = gdk_texture_get_width(texture);
    *height = gdk_texture_get_height(texture);
    pixels = g_new(guint32, (gsize)*width * (gsize)*height);
    gdk_texture_download(texture, (guchar *)pixels, 4 * (gsize)*width);
    return pixels;
}

double pixels_difference(const guint32 *a, const guint32 *b, int count)
{
    double sum = 0;

    for (int i = 0; i < count; i++) {
        for (int shift = 0; shift < 24; shift += 8) {
            sum += ABS((int)(a[i] >> shift & 255) - (int)(b[i] >> shift & 255));
        }
    }
    return sum / 3 / count;
}
