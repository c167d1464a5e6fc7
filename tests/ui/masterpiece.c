/* A masterpiece in the window: painted at once, then refined; stopped, kept, exported. */
#include "harness.h"

#include <math.h>
#include <string.h>

#include "engine/picture/reader.h"
#include "engine/picture/writer.h"

static guint32 *pixels(Stage *stage, int *count)
{
    int width, height;
    guint32 *values;

    values = canvas_pixels(stage, &width, &height);

    *count = width * height;
    return values;
}

static gboolean is_refining(gpointer data)
{
    return pst_renderer_is_refining(pst_document_renderer(((Stage *)data)->document));
}

/* A small photo and a painting of it: refining takes a second or two. */
static char *painting(const char *name, double phase)
{
    g_autoptr(PstPicture) picture = pst_picture_new(192, 128, FALSE, NULL);
    char *path = scratch_path(name);
    g_autoptr(GError) error = NULL;

    for (int i = 0; i < 3 * 192 * 128; i++) {
        int x = i / 3 % 192, y = i / 3 / 192;

        picture->rgb[i] = (float)(0.5 + 0.4 * sin(0.1 * x + i % 3 + phase) * cos(0.07 * y * (1 + phase)));
    }
    pst_picture_write(picture, path, &(PstWriteOptions){ .conflict = PST_CONFLICT_OVERWRITE }, NULL, NULL, &error);
    g_assert_no_error(error);
    return path;
}

static GtkWidget *adjust(Stage *stage, const char *id)
{
    return find_widget(find_widget(stage->window, "adjust_panel"), id);
}

static void choose(Stage *stage, const char *finish)
{
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(adjust(stage, finish)), TRUE);
}

static Stage *begin(void)
{
    Stage *stage = stage_new(1180, 760);
    g_autofree char *photo = painting("photo.png", 0), *style = painting("style.png", 2);

    stage_open(stage, photo);
    stage_add_style(stage, style);
    stage_rest(stage);
    return stage;
}

static void test_refine(void)
{
    Stage *stage = begin();
    g_autofree guint32 *instant = NULL, *refined = NULL, *again = NULL;
    GListModel *results = pst_document_results(stage->document);
    int count;

    instant = pixels(stage, &count);
    g_assert_false(gtk_widget_get_sensitive(adjust(stage, "likeness_value")));
    choose(stage, "masterpiece");
    g_assert_cmpint(stage_look(stage)->finish, ==, PST_FINISH_MASTERPIECE);
    g_assert_true(gtk_widget_get_sensitive(adjust(stage, "likeness_value")));
    stage_rest(stage);
    stage_screenshot(stage, "masterpiece");
    refined = pixels(stage, &count);
    g_assert_cmpfloat(pixels_difference(instant, refined, count), >, 1);
    g_assert_cmpuint(g_list_model_get_n_items(results), ==, 2);

    /* What is refined is the painting of the look. */
    PstPainting *kept = pst_renderer_painting(pst_document_renderer(stage->document),
                                              pst_document_photo(stage->document), pst_document_look(stage->document));
    g_assert_nonnull(kept);
    g_assert_cmpint(kept->look->finish, ==, PST_FINISH_MASTERPIECE);

    choose(stage, "instant");
    stage_rest(stage);
    again = pixels(stage, &count);
    g_assert_cmpfloat(pixels_difference(instant, again, count), ==, 0);
    /* True of a photograph of two colours, and all that is told. */
    g_assert_cmpstr(stage->told, ==, "photo.png: unlike anything the painter has seen: expect less");
    stage_free(stage);
}

/* Stop keeps what there is so far. */
static void test_stop(void)
{
    Stage *stage = begin();

    choose(stage, "masterpiece");
    spin_until(is_refining, stage);
    stage_activate(stage, "win.stop", NULL);
    stage_rest(stage);
    g_assert_false(is_refining(stage));
    g_assert_nonnull(pst_renderer_painting(pst_document_renderer(stage->document), pst_document_photo(stage->document),
                                           pst_document_look(stage->document)));
    stage_free(stage);
}

/* The file is the masterpiece, and says so. */
static void test_export(void)
{
    Stage *stage = begin();
    g_autofree char *folder = scratch_path(""), *path = NULL;
    g_auto(PstPictureInfo) info = { 0 };
    g_autoptr(GError) error = NULL;

    choose(stage, "masterpiece");
    stage_rest(stage);
    window_export(stage->window, folder);
    stage_rest(stage);
    path = g_build_filename(folder, "photo-style.jpg", NULL);
    g_assert_true(pst_picture_probe(path, &info, &error));
    g_assert_no_error(error);
    g_assert_nonnull(strstr(info.recipe, "\"finish\": \"masterpiece\""));
    stage_free(stage);
}

/* A style that keeps nothing of its painting's strokes is painted at once, and a sentence says so. */
static void test_lacking(void)
{
    Stage *stage = begin();
    g_autofree char *path = scratch_path("old.style");
    g_autoptr(PstStyle) old = pst_style_new("old");
    g_autoptr(GError) error = NULL;

    for (int i = 0; i < PST_STYLE_SIZE; i++) {
        old->statistics[i] = 0.5f;
    }
    g_assert_true(pst_style_write(old, path, &error));
    choose(stage, "masterpiece");
    stage_add_style(stage, path);
    stage_rest(stage);
    g_assert_nonnull(stage->told);
    g_assert_nonnull(strstr(stage->told, "instantly"));
    stage_free(stage);
}

int main(int argc, char **argv)
{
    if (!harness_init(&argc, &argv)) {
        return 0;
    }
    g_test_add_func("/masterpiece/refine", test_refine);
    g_test_add_func("/masterpiece/stop", test_stop);
    g_test_add_func("/masterpiece/export", test_export);
    g_test_add_func("/masterpiece/lacking", test_lacking);
    return g_test_run();
}
