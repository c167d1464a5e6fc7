/* One frame of a video as the photograph: opening, moving, what it is called, and what is refused. */
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "app/desktop/session.h"
#include "harness.h"
#include "ui/export_dialog.h"

#define SECONDS 4

/* A film whose brightness grows by the second: 40, 80, 120, 160 of 255. */
static char *make_film_as(const char *name, const char *format, const char *live)
{
    g_autofree char *picture = g_strdup_printf(
        "color=c=gray:s=320x180:r=25:d=%d,geq=lum='40+40*floor(T)':cb=128:cr=128", SECONDS);
    char *path = scratch_path(name);
    const char *const words[] = { "ffmpeg",   "-v",      "error", "-nostdin", "-y",    "-f", "lavfi", "-i", picture,
                                  "-pix_fmt", "yuv420p", "-f",    format,     "-live", live, path,    NULL };
    g_autoptr(GError) error = NULL;
    int status;

    if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
        g_spawn_sync(NULL, (char **)words, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, &error);
        g_assert_no_error(error);
        g_assert_cmpint(status, ==, 0);
    }
    return path;
}

static char *make_film(void)
{
    return make_film_as("a film.mp4", "mp4", "0");
}

/* Mean of the photograph, 0 .. 255. */
static double brightness(Stage *stage)
{
    const PstPicture *full = pst_document_photo(stage->document)->full;
    gsize count = (gsize)3 * full->width * full->height;
    double sum = 0;

    for (gsize i = 0; i < count; i++) {
        sum += full->rgb[i];
    }
    return 255 * sum / count;
}

/* A luma of limited range, as RGB. */
static double shown(double second)
{
    return (40 + 40 * floor(second) - 16) * 255 / 219;
}

static GtkRange *scale(Stage *stage)
{
    return GTK_RANGE(find_widget(find_widget(stage->window, "video_bar"), "scale"));
}

static const char *text_of(Stage *stage, const char *label)
{
    return gtk_label_get_text(GTK_LABEL(find_widget(find_widget(stage->window, "video_bar"), label)));
}

static gboolean bar_is_shown(Stage *stage)
{
    return gtk_widget_get_visible(find_widget(stage->window, "video_bar"));
}

/* As a hand does: the frame is asked for some moments later. */
static void move(Stage *stage, double seconds)
{
    gtk_range_set_value(scale(stage), seconds);
    spin_for(300);
    stage_rest(stage);
}

static void test_frames(void)
{
    Stage *stage = stage_new(1180, 760);
    g_autofree char *film = make_film(), *photo = sample_photo();

    g_assert_false(bar_is_shown(stage));
    stage_open_file(stage, film);
    stage_rest(stage);
    g_assert_true(bar_is_shown(stage));
    g_assert_cmpstr(gtk_window_get_title(GTK_WINDOW(stage->window)), ==, "a film.mp4");
    g_assert_cmpfloat_with_epsilon(brightness(stage), shown(0), 2);
    g_assert_cmpstr(text_of(stage, "time"), ==, "0:00.0");
    g_assert_cmpstr(text_of(stage, "length"), ==, "0:04");

    move(stage, 2.5);
    g_assert_cmpfloat_with_epsilon(brightness(stage), shown(2.5), 2);
    g_assert_cmpstr(text_of(stage, "time"), ==, "0:02.5");
    g_assert_cmpstr(pst_document_photo(stage->document)->name, ==, "a film at 0-02");

    /* To the end, and by one frame from the third second into the fourth: keys move the scale by its steps. */
    move(stage, 1e9);
    g_assert_cmpfloat_with_epsilon(brightness(stage), shown(3), 2);
    move(stage, 2.97);
    g_assert_cmpfloat_with_epsilon(brightness(stage), shown(2), 2);
    g_signal_emit_by_name(scale(stage), "move-slider", GTK_SCROLL_STEP_RIGHT);
    spin_for(300);
    stage_rest(stage);
    g_assert_cmpfloat_with_epsilon(brightness(stage), shown(3), 2);

    /* Many moves at once end at the last one. */
    for (int i = 0; i < 40; i++) {
        gtk_range_set_value(scale(stage), i % 4);
        spin_for(20);
    }
    move(stage, 1.5);
    g_assert_cmpfloat_with_epsilon(brightness(stage), shown(1), 2);
    g_assert_cmpfloat_with_epsilon(gtk_range_get_value(scale(stage)), 1.5, 1e-6);

    stage_open(stage, photo);
    g_assert_false(bar_is_shown(stage));
    g_assert_cmpstr(pst_document_path(stage->document), ==, photo);
    stage_free(stage);
}

/* As browsers record: the file says nothing of its length. */
static void test_no_length(void)
{
    Stage *stage = stage_new(1180, 760);
    g_autofree char *film = make_film_as("a recording.mkv", "matroska", "1");

    stage_open_file(stage, film);
    stage_rest(stage);
    g_assert_cmpstr(text_of(stage, "length"), ==, "0:04");
    move(stage, 2.5);
    g_assert_cmpfloat_with_epsilon(brightness(stage), shown(2.5), 2);
    move(stage, 1e9);
    g_assert_cmpfloat_with_epsilon(brightness(stage), shown(3), 2);
    stage_free(stage);
}

/* The painting follows the frame; look, results and view stay. */
static void test_painted(void)
{
    Stage *stage = stage_new(1180, 760);
    g_autofree char *film = make_film();
    g_autofree guint32 *first = NULL, *second = NULL;
    GtkWindow *dialog;
    int width, height;

    stage_open_file(stage, film);
    stage_rest(stage);
    stage_pick(stage, 20); /* one in which flat frames differ as their brightness does */
    stage_rest(stage);
    stage_activate(stage, "win.zoom-one", NULL);
    stage_activate(stage, "win.zoom-in", NULL);
    first = canvas_pixels(stage, &width, &height);
    move(stage, 3.2);
    second = canvas_pixels(stage, &width, &height);
    g_assert_cmpfloat(pixels_difference(first, second, width * height), >, 1);
    g_assert_cmpfloat_with_epsilon(
        g_ascii_strtod(gtk_label_get_text(GTK_LABEL(find_widget(stage->window, "zoom_label"))), NULL), 125, 1);
    g_assert_cmpuint(g_list_model_get_n_items(pst_document_results(stage->document)), ==, 1);
    stage_screenshot(stage, "video");

    stage_activate(stage, "win.export", NULL);
    dialog = find_window("PstExportDialog");
    g_assert_true(g_str_has_prefix(gtk_editable_get_text(GTK_EDITABLE(find_widget(dialog, "name"))), "a film at 0-03"));
    gtk_window_destroy(dialog);
    stage_free(stage);
}

static char *copied;

static void on_text(GObject *clipboard, GAsyncResult *result, gpointer data)
{
    copied = gdk_clipboard_read_text_finish(GDK_CLIPBOARD(clipboard), result, NULL);
}

static gboolean has_copied(gpointer data)
{
    return copied != NULL;
}

/* The command is one that the command line understands: quoted, with a recipe that is there. */
static void test_command(void)
{
    Stage *stage = stage_new(1180, 760);
    g_autofree char *film = make_film(), *output = scratch_path("a film-painted.mp4");
    g_auto(GStrv) words = NULL;
    g_autoptr(GError) error = NULL;
    GtkWidget *whole;
    int count;

    stage_open_file(stage, film);
    stage_rest(stage);
    stage_pick(stage, 4);
    stage_rest(stage);
    whole = find_widget(find_widget(stage->window, "video_bar"), "whole");
    gtk_menu_button_popup(GTK_MENU_BUTTON(whole));
    spin_for(300);
    stage_screenshot(stage, "video-whole");
    click(find_widget(gtk_menu_button_get_popover(GTK_MENU_BUTTON(whole)), "copy_command"));
    g_assert_nonnull(strstr(stage->told, "terminal"));
    gdk_clipboard_read_text_async(gtk_widget_get_clipboard(GTK_WIDGET(stage->window)), NULL, on_text, NULL);
    spin_until(has_copied, NULL);
    g_assert_true(g_shell_parse_argv(copied, &count, &words, &error));
    g_assert_cmpint(count, ==, 7);
    g_assert_cmpstr(words[1], ==, "video");
    g_assert_cmpstr(words[2], ==, film);
    g_assert_cmpstr(words[3], ==, "--recipe");
    g_assert_true(g_file_test(words[4], G_FILE_TEST_IS_REGULAR));
    g_assert_cmpstr(words[6], ==, output);
    g_clear_pointer(&copied, g_free);
    stage_free(stage);
}

static void expect_refused(Stage *stage, const char *path, const char *told)
{
    g_autofree char *name = g_path_get_basename(path);

    stage_dismiss(stage);
    stage_open_file(stage, path);
    stage_rest(stage);
    g_assert_nonnull(stage->told);
    g_test_message("%s", stage->told);
    g_assert_true(g_str_has_prefix(stage->told, name));
    g_assert_nonnull(strstr(stage->told, told));
}

static void test_refused(void)
{
    Stage *stage = stage_new(1180, 760);
    g_autofree char *film = make_film(), *damaged = scratch_path("damaged.mp4"), *cut = scratch_path("cut.mp4");
    g_autofree char *data = NULL, *path = g_strdup(g_getenv("PATH"));
    gsize length;

    stage_open_sample(stage);
    g_assert_true(g_file_set_contents(damaged, "this was a film before", -1, NULL));
    expect_refused(stage, damaged, "Invalid data");

    /* Without its end, where the index is. */
    g_assert_true(g_file_get_contents(film, &data, &length, NULL));
    g_assert_true(g_file_set_contents(cut, data, (gssize)length / 2, NULL));
    expect_refused(stage, cut, "play");

    g_setenv("PATH", "/nowhere", TRUE);
    stage_dismiss(stage);
    stage_open_file(stage, film);
    stage_rest(stage);
    g_assert_nonnull(strstr(stage->told, "install the package ffmpeg"));
    g_assert_true(g_str_has_prefix(stage->told, "a film.mp4"));
    stage_screenshot(stage, "video-refused");

    /* A frame that can't be read leaves the one that is there, and the scale goes back to it. */
    g_setenv("PATH", path, TRUE);
    stage_open_file(stage, film);
    stage_rest(stage);
    move(stage, 1);
    g_setenv("PATH", "/nowhere", TRUE);
    move(stage, 3);
    g_setenv("PATH", path, TRUE);
    g_assert_nonnull(strstr(stage->told, "ffmpeg"));
    g_assert_cmpfloat_with_epsilon(gtk_range_get_value(scale(stage)), 1, 1e-6);
    g_assert_cmpfloat_with_epsilon(brightness(stage), shown(1), 2);
    stage_free(stage);
}

/* A project, and so a session, comes back to the frame. Beside photos a video is left out, and named. */
static void test_kept(void)
{
    Stage *stage = stage_new(1180, 760);
    g_autofree char *film = make_film(), *project = scratch_path("film.pastiche"), *photo = sample_photo();
    g_autofree char *other = large_photo(300);
    g_autoptr(GFile) first = g_file_new_for_path(photo), second = g_file_new_for_path(film);
    g_autoptr(GFile) third = g_file_new_for_path(other);
    g_autoptr(GError) error = NULL;

    stage_open_file(stage, film);
    stage_rest(stage);
    move(stage, 2);
    pst_project_write(stage->document, stage->styles, project, &error);
    g_assert_no_error(error);
    stage_open_sample(stage);
    stage_open_file(stage, project);
    stage_rest(stage);
    g_assert_true(bar_is_shown(stage));
    g_assert_cmpfloat_with_epsilon(brightness(stage), shown(2), 2);
    g_assert_cmpfloat_with_epsilon(gtk_range_get_value(scale(stage)), 2, 1e-6);

    stage_dismiss(stage);
    pst_window_open_files(stage->window, (GFile *[]){ first, second, third, NULL });
    g_assert_nonnull(strstr(stage->told, "a film.mp4"));
    stage_rest(stage);
    g_assert_false(bar_is_shown(stage));
    stage_free(stage);
}

int main(int argc, char **argv)
{
    g_autofree char *ffmpeg = g_find_program_in_path("ffmpeg");

    if (!ffmpeg) {
        g_print("1..0 # SKIP ffmpeg is not installed\n");
        return 0;
    }
    if (!harness_init(&argc, &argv)) {
        return 0;
    }
    g_test_add_func("/video/frames", test_frames);
    g_test_add_func("/video/no-length", test_no_length);
    g_test_add_func("/video/painted", test_painted);
    g_test_add_func("/video/command", test_command);
    g_test_add_func("/video/refused", test_refused);
    g_test_add_func("/video/kept", test_kept);
    return g_test_run();
}
