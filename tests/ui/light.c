/* A photograph in the light of another: looked at, set, saved; nothing is painted, and neither photograph is written
 * over. */
#include <glib/gstdio.h>
#include <stdlib.h>

#include "harness.h"

#include "app/desktop/light_match.h"
#include "engine/picture/reader.h"
#include "ui/light_dialog.h"

static GtkPicture *picture_of(gpointer dialog)
{
    return GTK_PICTURE(find_widget(dialog, "picture"));
}

static gboolean is_shown(gpointer dialog)
{
    return gtk_picture_get_paintable(picture_of(dialog)) != NULL;
}

static gboolean is_ready(gpointer dialog)
{
    return gtk_widget_get_sensitive(find_widget(dialog, "save"));
}

static gboolean has_message(gpointer dialog)
{
    return gtk_widget_get_visible(find_widget(dialog, "message"));
}

typedef struct {
    GtkWindow *dialog;
    GdkPaintable *before;
} Wait;

static gboolean is_another(gpointer data)
{
    const Wait *wait = data;

    return gtk_picture_get_paintable(picture_of(wait->dialog)) != wait->before;
}

/* Does something that makes another preview, and waits for it. */
static void take(GtkWindow *dialog, const char *path)
{
    Wait wait = { dialog, g_object_ref(gtk_picture_get_paintable(picture_of(dialog))) };
    g_autoptr(GFile) file = g_file_new_for_path(path);

    pst_light_dialog_take(PST_LIGHT_DIALOG(dialog), file);
    spin_until(is_another, &wait);
    g_object_unref(wait.before);
}

static guchar *pixels_of(GtkWindow *dialog, gsize *size)
{
    GdkTexture *texture = GDK_TEXTURE(gtk_picture_get_paintable(picture_of(dialog)));
    gsize stride = 4 * (gsize)gdk_texture_get_width(texture);
    guchar *pixels = g_malloc(stride * (gsize)gdk_texture_get_height(texture));

    *size = stride * (gsize)gdk_texture_get_height(texture);
    gdk_texture_download(texture, pixels, stride);
    return pixels;
}

/* Mean difference of what is shown from these bytes. */
static double difference(GtkWindow *dialog, const guchar *before)
{
    gsize size;
    g_autofree guchar *pixels = pixels_of(dialog, &size);
    double sum = 0;

    for (gsize i = 0; i < size; i++)
        sum += abs(pixels[i] - before[i]);
    return sum / (double)size;
}

static char *sample(const char *name)
{
    return g_build_filename(g_getenv("PASTICHE_DATA"), "samples", name, NULL);
}

static GtkWindow *open_dialog(Stage *stage)
{
    GtkWindow *dialog;

    stage_open_sample(stage);
    stage_activate(stage, "win.match-light", NULL);
    dialog = find_window("PstLightDialog");
    g_assert_nonnull(dialog);
    spin_until(is_shown, dialog);
    return dialog;
}

static void test_preview(void)
{
    Stage *stage = stage_new(1200, 800);
    GtkWindow *dialog = open_dialog(stage);
    g_autofree char *other = sample("still_life.jpg"), *none = sample("none.jpg");
    gsize size;
    g_autofree guchar *before = pixels_of(dialog, &size);
    double whole, half;
    Wait wait;

    g_assert_false(is_ready(dialog));
    window_screenshot(dialog, "light-empty");
    take(dialog, other);
    g_assert_true(is_ready(dialog));
    whole = difference(dialog, before);
    g_assert_cmpfloat(whole, >, 4);
    window_screenshot(dialog, "light");
    wait = (Wait){ dialog, g_object_ref(gtk_picture_get_paintable(picture_of(dialog))) };
    gtk_range_set_value(GTK_RANGE(find_widget(dialog, "strength")), 50);
    spin_until(is_another, &wait);
    g_object_unref(wait.before);
    half = difference(dialog, before);
    g_assert_cmpfloat(half, <, 0.8 * whole);
    g_assert_cmpfloat(half, >, 0.2 * whole);
    /* What can't be read is told, and what was there stays. */
    g_autoptr(GFile) file = g_file_new_for_path(none);
    pst_light_dialog_take(PST_LIGHT_DIALOG(dialog), file);
    spin_until(has_message, dialog);
    g_assert_true(is_ready(dialog));
    gtk_window_close(dialog);
    g_assert_true(pst_look_is_plain(stage_look(stage)));
    stage_rest(stage);
    stage_free(stage);
}

static void on_text(PstLightMatch *match, const char *text, char **told)
{
    g_free(*told);
    *told = g_strdup(text);
}

static gboolean was_told(gpointer told)
{
    return *(char **)told != NULL;
}

static void test_save(void)
{
    g_autofree char *folder = g_dir_make_tmp("light-XXXXXX", NULL), *to = g_build_filename(folder, "a.jpg", NULL);
    g_autofree char *path = sample("lake.jpg"), *other = sample("street.jpg"), *saved = NULL, *message = NULL;
    g_autofree char *name = NULL, *type = NULL;
    g_autoptr(PstPhoto) photo = pst_photo_read(path, FALSE, NULL, NULL);
    g_autoptr(PstLightMatch) match = pst_light_match_new(photo);
    g_autoptr(PstInputs) inputs = pst_inputs_new();
    g_auto(PstPictureInfo) info = { 0 };
    gboolean ready = FALSE;

    g_signal_connect(match, "saved", G_CALLBACK(on_text), &saved);
    g_signal_connect(match, "message", G_CALLBACK(on_text), &message);
    g_assert_null(pst_light_match_name(match));
    pst_light_match_set_like(match, other);
    while (!ready) {
        g_main_context_iteration(NULL, TRUE);
        g_object_get(match, "ready", &ready, NULL);
    }
    name = pst_light_match_name(match);
    g_assert_cmpstr(name, ==, "lake-street.jpg");
    pst_inputs_add(inputs, path);
    pst_light_match_save(match, to, inputs);
    spin_until(was_told, &saved);
    g_assert_true(pst_picture_probe(to, &info, NULL));
    g_assert_cmpint(info.width, ==, photo->full->width);
    type = pst_picture_info_source_type(&info);
    g_assert_cmpstr(type, ==, "algorithmicallyEnhanced");
    g_assert_null(message);
    pst_light_match_save(match, other, inputs);
    spin_until(was_told, &message);
    g_remove(to);
    g_rmdir(folder);
}

int main(int argc, char **argv)
{
    if (!harness_init(&argc, &argv))
        return 0;
    g_test_add_func("/light/preview", test_preview);
    g_test_add_func("/light/save", test_save);
    return g_test_run();
}
