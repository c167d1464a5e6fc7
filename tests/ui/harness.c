#include "harness.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/picture/reader.h"
#include "engine/picture/writer.h"
#include "ui/window_private.h"

#define PATIENCE 240 /* seconds; sanitizers are slow */

static char *scratch;

static void remove_scratch(void)
{
    g_autoptr(GDir) folder = g_dir_open(scratch, 0, NULL);
    const char *name;

    while (folder && (name = g_dir_read_name(folder))) {
        g_autofree char *path = g_build_filename(scratch, name, NULL);

        g_remove(path);
    }
    g_rmdir(scratch);
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
    provider = gtk_css_provider_new();
    gtk_css_provider_load_from_resource(provider, "/org/pastiche/Pastiche/style.css");
    gtk_style_context_add_provider_for_display(gdk_display_get_default(), GTK_STYLE_PROVIDER(provider),
                                               GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
    g_object_set(gtk_settings_get_default(), "gtk-enable-animations", FALSE, NULL);
    if (g_getenv("PST_DARK")) {
        g_object_set(gtk_settings_get_default(), "gtk-application-prefer-dark-theme", TRUE, NULL);
    }
    if (g_getenv("PST_FONT")) {
        g_object_set(gtk_settings_get_default(), "gtk-font-name", g_getenv("PST_FONT"), NULL);
    }
    return TRUE;
}

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

static gboolean at_rest(gpointer data)
{
    return !pst_window_is_busy(((Stage *)data)->window);
}

void stage_rest(Stage *stage)
{
    spin_until(at_rest, stage);
    spin_for(60);
    spin_until(at_rest, stage);
}

Stage *stage_new(int width, int height)
{
    Stage *stage = g_new0(Stage, 1);
    const char *size = g_getenv("PST_SIZE");

    if (size) {
        g_assert_cmpint(sscanf(size, "%dx%d", &width, &height), ==, 2);
    }
    stage->service = pst_engine_service_new(NULL);
    stage->window = pst_window_new(NULL, stage->service);
    gtk_window_set_default_size(GTK_WINDOW(stage->window), width, height);
    gtk_window_present(GTK_WINDOW(stage->window));
    stage_rest(stage);
    return stage;
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
    pst_engine_service_free(stage->service);
    while (g_main_context_iteration(NULL, FALSE)) {
    }
    g_free(stage);
}

void stage_open(Stage *stage, const char *path)
{
    pst_document_open(stage->window->document, path);
    stage_rest(stage);
    g_assert_nonnull(pst_document_photo(stage->window->document));
}

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

static GtkWidget *search(GtkWidget *widget, const char *id)
{
    if (g_strcmp0(gtk_buildable_get_buildable_id(GTK_BUILDABLE(widget)), id) == 0) {
        return widget;
    }
    for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child)) {
        GtkWidget *found = search(child, id);

        if (found) {
            return found;
        }
    }
    return NULL;
}

GtkWidget *find_widget(GtkWidget *root, const char *id)
{
    GtkWidget *widget = search(root, id);

    if (!widget) {
        g_error("there is no widget \"%s\"", id);
    }
    return widget;
}

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
    texture = render(GTK_WIDGET(stage->window->canvas));
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
