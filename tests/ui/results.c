/* What comes out: results in their strip, recipes, names of exports, batches, and what is told of each. */
#include <glib/gstdio.h>
#include <string.h>

#include "app/desktop/preferences.h"
#include "engine/picture/reader.h"
#include "engine/picture/writer.h"
#include "harness.h"

static PstResult *result_at(Stage *stage, guint index)
{
    g_autoptr(PstResult) result = g_list_model_get_item(pst_document_results(stage->document), index);

    return result;
}

static GtkWidget *strip(Stage *stage, const char *id)
{
    return find_widget(find_widget(stage->window, "history_strip"), id);
}

/* The one that is seen is marked; the picture stays where it is when results come. */
static void test_current(void)
{
    Stage *stage = stage_new(1180, 760);
    GtkWidget *canvas = find_widget(stage->window, "canvas");
    int height;

    stage_open_sample(stage);
    height = gtk_widget_get_height(canvas);
    for (guint i = 0; i < 3; i++) {
        stage_pick(stage, i);
        stage_rest(stage);
    }
    g_assert_cmpint(gtk_widget_get_height(canvas), ==, height);
    g_assert_true(pst_result_current(result_at(stage, 0)));
    g_signal_emit_by_name(strip(stage, "list"), "activate", 2);
    stage_rest(stage);
    g_assert_false(pst_result_current(result_at(stage, 0)));
    g_assert_true(pst_result_current(result_at(stage, 2)));
    stage_free(stage);
}

/* One with a star is there again after a restart, with its settings. */
static void test_star(void)
{
    Stage *stage = stage_new(1180, 760);
    g_autofree char *photo = large_photo(300);
    g_autoptr(PstLook) look = NULL;

    stage_open(stage, photo);
    stage_pick(stage, 4);
    stage_rest(stage);
    pst_document_star(stage->document, result_at(stage, 0), TRUE);
    g_assert_true(pst_result_starred(result_at(stage, 0)));
    g_assert_null(stage->told);
    look = pst_look_copy(pst_result_look(result_at(stage, 0)));
    stage_free(stage);

    stage = stage_new(1180, 760);
    stage_open(stage, photo);
    g_assert_cmpuint(g_list_model_get_n_items(pst_document_results(stage->document)), ==, 1);
    g_signal_emit_by_name(strip(stage, "list"), "activate", 0);
    g_assert_true(pst_look_equal(stage_look(stage), look));
    stage_rest(stage);
    g_assert_true(pst_result_starred(result_at(stage, 0)));
    pst_document_star(stage->document, result_at(stage, 0), FALSE);
    stage_free(stage);

    stage = stage_new(1180, 760);
    stage_open(stage, photo);
    g_assert_cmpuint(g_list_model_get_n_items(pst_document_results(stage->document)), ==, 0);
    stage_free(stage);
}

static GtkWindow *ask_export(Stage *stage)
{
    stage_activate(stage, "win.export", NULL);
    return find_window("PstExportDialog");
}

static const char *name_in(GtkWindow *dialog)
{
    return gtk_editable_get_text(GTK_EDITABLE(find_widget(dialog, "name")));
}

/* What this build writes is offered, and nothing else. */
static void test_export_formats(void)
{
    Stage *stage = stage_new(1180, 760);
    GtkWindow *dialog;
    GtkDropDown *list;
    guint written = 0, offered;

    stage_open_sample(stage);
    stage_pick(stage, 1);
    stage_rest(stage);
    dialog = ask_export(stage);
    list = GTK_DROP_DOWN(find_widget(dialog, "format"));
    offered = g_list_model_get_n_items(gtk_drop_down_get_model(list));
    for (PstFormat format = PST_FORMAT_UNKNOWN; format <= PST_FORMAT_OPENRASTER; format++) {
        if (pst_format_is_written(format)) {
            written += pst_format_is_deep(format) ? 2 : 1;
        }
    }
    g_assert_cmpuint(offered, ==, written);
    for (guint i = 0; i < offered; i++) {
        g_auto(GStrv) words = NULL;

        gtk_drop_down_set_selected(list, i);
        words = g_strsplit(gtk_label_get_text(GTK_LABEL(find_widget(dialog, "preview"))), ",", 2);
        g_assert_true(pst_format_is_written(pst_format_from_suffix(words[0])));
    }
    gtk_window_destroy(dialog);
    stage_free(stage);
}

/* A photo whose XMP tells of a gain map, which a painting has not. */
static char *photo_with_gain_map(void)
{
    static const char packet[] =
        "http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF"
        " xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about=''"
        " xmlns:hdrgm='http://ns.adobe.com/hdr-gain-map/1.0/' hdrgm:Version='1.0'/></rdf:RDF></x:xmpmeta>";
    const guint8 head[] = { 0xff, 0xe1, (sizeof packet + 1) >> 8, (sizeof packet + 1) & 0xff };
    g_autofree char *plain = large_photo(300), *path = scratch_path("gain-map.jpg"), *bytes = NULL;
    g_autoptr(GByteArray) file = g_byte_array_new();
    gsize length;

    g_assert_true(g_file_get_contents(plain, &bytes, &length, NULL));
    g_byte_array_append(file, (const guint8 *)bytes, 2); /* SOI */
    g_byte_array_append(file, head, sizeof head);
    g_byte_array_append(file, (const guint8 *)packet, sizeof packet - 1);
    g_byte_array_append(file, (const guint8 *)bytes + 2, (guint)length - 2);
    g_assert_true(g_file_set_contents(path, (const char *)file->data, file->len, NULL));
    return g_steal_pointer(&path);
}

/* What of the photo's data is not in the painting is told with where it was saved. */
static void test_lost_metadata(void)
{
    Stage *stage = stage_new(1180, 760);
    g_autofree char *photo = photo_with_gain_map(), *plain = large_photo(300), *folder = scratch_path("");

    stage_open(stage, photo);
    stage_pick(stage, 1);
    stage_rest(stage);
    window_export(stage->window, folder);
    stage_rest(stage);
    g_assert_nonnull(strstr(stage->told, "gain-map-great-wave"));
    g_assert_nonnull(strstr(stage->told, "not in the painting: gain map"));
    stage_screenshot(stage, "lost-metadata");
    stage_dismiss(stage);
    stage_open(stage, plain);
    stage_rest(stage);
    window_export(stage->window, folder);
    stage_rest(stage);
    g_assert_null(strstr(stage->told, "not in the painting"));
    stage_free(stage);
}

/* A name and a size are of one photo. */
static void test_export_names(void)
{
    Stage *stage = stage_new(1180, 760);
    g_autofree char *other = large_photo(300), *folder = scratch_path("");
    GtkWindow *dialog;
    PstExportOptions options;

    pst_preferences_get_export(&options);
    g_free(options.folder);
    options.folder = g_strdup(folder);
    pst_preferences_set_export(&options);
    pst_export_options_clear(&options);
    stage_free(stage);
    stage = stage_new(1180, 760);
    stage_open_sample(stage);
    stage_pick(stage, 1);
    stage_rest(stage);
    dialog = ask_export(stage);
    g_assert_cmpstr(name_in(dialog), ==, "lake-great-wave");
    gtk_editable_set_text(GTK_EDITABLE(find_widget(dialog, "name")), "evening");
    gtk_drop_down_set_selected(GTK_DROP_DOWN(find_widget(dialog, "size")), 2);
    gtk_spin_button_set_value(GTK_SPIN_BUTTON(find_widget(dialog, "centimetres")), 5.08);
    gtk_spin_button_set_value(GTK_SPIN_BUTTON(find_widget(dialog, "resolution")), 100);
    g_assert_cmpstr(gtk_label_get_text(GTK_LABEL(find_widget(dialog, "preview"))), ==, "evening.jpg, 200 × 133 pixels");
    window_screenshot(dialog, "export-print");
    click(find_widget(dialog, "export"));
    stage_rest(stage);
    g_assert_nonnull(strstr(stage->told, "evening.jpg"));

    stage_open(stage, other);
    stage_rest(stage);
    dialog = ask_export(stage);
    g_assert_cmpstr(name_in(dialog), ==, "large-300-great-wave");
    g_assert_cmpuint(gtk_drop_down_get_selected(GTK_DROP_DOWN(find_widget(dialog, "size"))), ==, 0);
    gtk_window_destroy(dialog);
    stage_free(stage);
}

static void test_recipe_saved(void)
{
    Stage *stage = stage_new(1180, 760);
    g_autofree char *folder = scratch_path(""), *path = g_build_filename(g_get_home_dir(), "evening.json", NULL);

    stage_pick(stage, 1);
    g_assert_cmpint(g_chdir(g_get_home_dir()), ==, 0);
    stage_choose(stage, "win.save-recipe", NULL, path, GTK_RESPONSE_ACCEPT);
    g_assert_nonnull(stage->told);
    g_assert_nonnull(strstr(stage->told, "evening.json"));
    stage_free(stage);
}

static const char *text_in(GtkWindow *dialog, const char *id)
{
    return gtk_label_get_text(GTK_LABEL(find_widget(dialog, id)));
}

static gboolean has_told(gpointer stage)
{
    return ((Stage *)stage)->told != NULL;
}

/* There is no portal on the tests' bus: the file is made, and the window says what is the matter. */
static void test_wallpaper(void)
{
    Stage *stage = stage_new(1180, 760);
    g_autofree char *photo = large_photo(300), *path = NULL;

    path = g_build_filename(g_get_user_data_dir(), "pastiche", "wallpaper", "large-300-great-wave.jpg", NULL);
    stage_open(stage, photo);
    stage_pick(stage, 1);
    stage_rest(stage);
    stage_activate(stage, "win.set-wallpaper", NULL);
    spin_until(has_told, stage);
    g_assert_nonnull(strstr(stage->told, "takes no background"));
    g_assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
    stage_free(stage);
}

/* It says in which style, takes folders within folders, and says what it leaves out. */
static void test_batch(void)
{
    Stage *stage = stage_new(1180, 760);
    g_autofree char *photo = large_photo(300), *bytes = NULL, *folder = scratch_path("holiday");
    g_autofree char *inner = g_build_filename(folder, "inner", NULL), *copy = g_build_filename(inner, "a.png", NULL);
    g_autofree char *text = g_build_filename(folder, "notes.txt", NULL);
    GtkWindow *dialog;
    gsize length;

    g_assert_true(g_file_get_contents(photo, &bytes, &length, NULL));
    g_assert_cmpint(g_mkdir_with_parents(inner, 0700), ==, 0);
    g_assert_true(g_file_set_contents(copy, bytes, (gssize)length, NULL));
    g_assert_true(g_file_set_contents(text, "notes", -1, NULL));
    stage_pick(stage, 1);
    stage_open_file(stage, folder);
    stage_rest(stage);
    stage_activate(stage, "win.export-all", NULL);
    dialog = find_window("PstBatchDialog");
    g_assert_nonnull(strstr(text_in(dialog, "style"), "The Great Wave"));
    g_assert_cmpstr(text_in(dialog, "summary"), ==, "1 photo");
    g_assert_cmpstr(text_in(dialog, "note"), ==, "1 other file is no picture that can be read.");
    window_screenshot(dialog, "batch-folder");
    gtk_window_destroy(dialog);
    g_remove(copy);
    g_remove(text);
    g_rmdir(inner);
    g_rmdir(folder);
    stage_free(stage);
}

static const char *subtitle(Stage *stage)
{
    return gtk_label_get_text(GTK_LABEL(find_widget(find_widget(stage->window, "header"), "subtitle")));
}

#if PST_HAVE_TIFF
/* A scan in a format that another process decodes is opened and painted like any photo. */
static void test_foreign_format(void)
{
    Stage *stage = stage_new(1180, 760);
    g_autofree char *scan = scratch_path("scan.tif");
    g_autoptr(PstPicture) picture = pst_picture_new(300, 200, FALSE, NULL);

    for (int i = 0; i < 300 * 200; i++) {
        picture->rgb[3 * i] = (float)(i % 300) / 299;
        picture->rgb[3 * i + 1] = (float)(i / 300) / 199;
    }
    g_assert_true(pst_picture_write(picture, scan, NULL, NULL, NULL, NULL));
    stage_open(stage, scan);
    stage_pick(stage, 1);
    stage_rest(stage);
    g_assert_cmpint(pst_document_photo(stage->document)->full->info.format, ==, PST_FORMAT_TIFF);
    g_assert_cmpint(pst_document_photo(stage->document)->full->width, ==, 300);
    window_screenshot(GTK_WINDOW(stage->window), "foreign-format");
    stage_free(stage);
}
#endif

/* A style that is renamed is called so beside the photo's name too. */
static void test_renamed(void)
{
    Stage *stage = stage_new(1180, 760);
    GtkWindow *dialog;

    stage_open_sample(stage);
    stage_activate(stage, "win.duplicate-style", "great-wave");
    stage_rest(stage);
    stage_pick(stage, 0);
    stage_rest(stage);
    g_assert_cmpstr(subtitle(stage), ==, "1200 × 800 · The Great Wave (copy)");
    stage_activate(stage, "win.style-details", "the-great-wave-copy");
    dialog = find_window("PstStyleDialog");
    gtk_editable_set_text(GTK_EDITABLE(find_widget(dialog, "name")), "Breakers");
    click(find_widget(dialog, "save"));
    stage_rest(stage);
    g_assert_cmpstr(subtitle(stage), ==, "1200 × 800 · Breakers");
    stage_activate(stage, "win.delete-style", "the-great-wave-copy");
    stage_rest(stage);

    /* What can't be changed does not look as if it could. */
    stage_activate(stage, "win.style-details", "kiss");
    dialog = find_window("PstStyleDialog");
    window_screenshot(dialog, "details");
    g_assert_false(gtk_widget_get_can_focus(find_widget(dialog, "name")));
    g_assert_nonnull(gtk_picture_get_paintable(GTK_PICTURE(find_widget(dialog, "picture"))));
    gtk_window_destroy(dialog);
    stage_free(stage);
}

static gboolean are_painted(gpointer dialog)
{
    GtkWidget *grid = find_widget(dialog, "grid");

    for (int i = 0; i < 9; i++) {
        GtkWidget *button = gtk_grid_get_child_at(GTK_GRID(grid), i % 3, i / 3);

        if (!gtk_picture_get_paintable(GTK_PICTURE(find_type(button, "GtkPicture")))) {
            return FALSE;
        }
    }
    return TRUE;
}

/* A click keeps one of nine. */
static void test_variants(void)
{
    Stage *stage = stage_new(1180, 760);
    g_autofree char *photo = large_photo(300);
    GtkWindow *dialog;

    stage_open(stage, photo);
    stage_pick(stage, 1);
    stage_rest(stage);
    stage_activate(stage, "win.variants", NULL);
    dialog = find_window("PstVariantsDialog");
    spin_until(are_painted, dialog);
    window_screenshot(dialog, "variants");
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(find_widget(dialog, "styles")), TRUE);
    spin_until(are_painted, dialog);
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(find_widget(dialog, "settings")), TRUE);
    click(gtk_grid_get_child_at(GTK_GRID(find_widget(dialog, "grid")), 0, 2));
    g_assert_null(find_window("PstVariantsDialog"));
    g_assert_cmpfloat(stage_look(stage)->strength, ==, 0.6);
    g_assert_cmpfloat(stage_look(stage)->stroke, ==, 2.5);
    stage_activate(stage, "win.undo", NULL);
    g_assert_cmpfloat(stage_look(stage)->strength, ==, 1);
    stage_free(stage);
}

static gboolean are_compared(gpointer dialog)
{
    for (int i = 0; i < 2; i++) {
        GtkWidget *button = gtk_grid_get_child_at(GTK_GRID(find_widget(dialog, "grid")), i, 0);

        if (!gtk_picture_get_paintable(GTK_PICTURE(find_type(button, "GtkPicture")))) {
            return FALSE;
        }
    }
    return TRUE;
}

/* Those with a star, side by side; a click goes back to one. */
static void test_compare(void)
{
    Stage *stage = stage_new(1180, 760);
    g_autofree char *photo = large_photo(300);
    g_autoptr(PstLook) first = NULL;
    GtkWindow *dialog;
    GtkWidget *grid;

    stage_open(stage, photo);
    for (guint i = 1; i < 4; i++) {
        stage_pick(stage, i);
        stage_rest(stage);
    }
    pst_document_star(stage->document, result_at(stage, 0), TRUE);
    pst_document_star(stage->document, result_at(stage, 2), TRUE);
    first = pst_look_ref(pst_result_look(result_at(stage, 2)));
    stage_activate(stage, "win.compare", NULL);
    dialog = find_window("PstVariantsDialog");
    spin_until(are_compared, dialog);
    window_screenshot(dialog, "compare");
    grid = find_widget(dialog, "grid");
    g_assert_null(gtk_grid_get_child_at(GTK_GRID(grid), 0, 1));
    click(gtk_grid_get_child_at(GTK_GRID(grid), 1, 0));
    g_assert_true(pst_look_equal(stage_look(stage), first));
    pst_document_star(stage->document, result_at(stage, 0), FALSE);
    pst_document_star(stage->document, result_at(stage, 2), FALSE);
    stage_free(stage);
}

/* The wheel over the strip goes along it. */
static void test_wheel(void)
{
    Stage *stage = stage_new(900, 600);
    g_autofree char *photo = large_photo(300);
    GtkWidget *scroller = strip(stage, "scroller");
    GtkAdjustment *along = gtk_scrolled_window_get_hadjustment(GTK_SCROLLED_WINDOW(scroller));
    gboolean handled;

    stage_open(stage, photo);
    for (guint i = 0; i < 9; i++) {
        stage_pick(stage, i);
        stage_rest(stage);
    }
    gtk_adjustment_set_value(along, 0);
    g_signal_emit_by_name(find_controller(scroller, GTK_TYPE_EVENT_CONTROLLER_SCROLL), "scroll", 0.0, 2.0, &handled);
    g_assert_true(handled);
    g_assert_cmpfloat(gtk_adjustment_get_value(along), >, 60);
    stage_free(stage);
}

static gboolean is_told(gpointer stage)
{
    return ((Stage *)stage)->told != NULL;
}

/* Where no desktop takes letters, it is said. */
static void test_mail(void)
{
    Stage *stage = stage_new(1180, 760);
    g_autofree char *photo = large_photo(300);

    stage_open(stage, photo);
    stage_pick(stage, 2);
    stage_rest(stage);
    stage_dismiss(stage);
    stage_activate(stage, "win.mail", NULL);
    spin_until(is_told, stage);
    g_assert_nonnull(strstr(stage->told, "export the painting instead"));
    stage_free(stage);
}

/* The painting as a file, in the clipboard and for a program that is chosen: the desktop's portal is asked first, and
 * there is none here. */
static gboolean has_chooser(gpointer data)
{
    return find_window("GtkAppChooserDialog") != NULL;
}

static void test_hand_on(void)
{
    Stage *stage = stage_new(1180, 760);
    g_autofree char *photo = large_photo(300), *text = NULL;
    g_auto(PstPictureInfo) info = { 0 };
    g_autoptr(GError) error = NULL;
    GdkContentProvider *content;
    g_auto(GValue) value = G_VALUE_INIT;
    GSList *files;

    stage_open(stage, photo);
    stage_pick(stage, 2);
    stage_rest(stage);
    stage_dismiss(stage);
    stage_activate(stage, "win.copy-file", NULL);
    spin_until(is_told, stage);
    g_assert_nonnull(strstr(stage->told, "in the clipboard"));
    content = gdk_clipboard_get_content(gtk_widget_get_clipboard(GTK_WIDGET(stage->window)));
    g_value_init(&value, GDK_TYPE_FILE_LIST);
    g_assert_true(gdk_content_provider_get_value(content, &value, &error));
    files = g_value_get_boxed(&value);
    text = g_file_get_path(files->data);
    g_assert_true(pst_picture_probe(text, &info, &error));
    g_assert_cmpint(info.width, ==, 300);

    stage_activate(stage, "win.open-with", NULL);
    spin_until(has_chooser, stage);
    window_screenshot(find_window("GtkAppChooserDialog"), "open-with");
    gtk_window_destroy(find_window("GtkAppChooserDialog"));
    stage_rest(stage);
    stage_free(stage);
}

/* A damaged photo is refused with its reason; what is left of it is opened on demand. */
static void test_damaged(void)
{
    Stage *stage = stage_new(1180, 760);
    g_autofree char *sample = sample_photo(), *damaged = scratch_path("damaged.jpg"), *bytes = NULL;
    gsize length;

    g_assert_true(g_file_get_contents(sample, &bytes, &length, NULL));
    g_assert_true(g_file_set_contents(damaged, bytes, (gssize)length / 2, NULL));
    stage_dismiss(stage);
    pst_document_open(stage->document, damaged);
    stage_rest(stage);
    g_assert_nonnull(strstr(stage->told, "damaged.jpg"));
    g_assert_null(pst_document_photo(stage->document));
    stage_screenshot(stage, "damaged");
    gtk_widget_activate_action(GTK_WIDGET(stage->window), "win.open-damaged", "s", damaged);
    stage_rest(stage);
    g_assert_nonnull(pst_document_photo(stage->document));
    g_assert_true(pst_document_photo(stage->document)->salvaged);
    stage_free(stage);
}

int main(int argc, char **argv)
{
    if (!harness_init(&argc, &argv)) {
        return 0;
    }
    g_test_add_func("/results/current", test_current);
    g_test_add_func("/results/star", test_star);
    g_test_add_func("/results/export-formats", test_export_formats);
    g_test_add_func("/results/lost-metadata", test_lost_metadata);
    g_test_add_func("/results/export-names", test_export_names);
    g_test_add_func("/results/recipe-saved", test_recipe_saved);
    g_test_add_func("/results/wallpaper", test_wallpaper);
    g_test_add_func("/results/batch", test_batch);
    g_test_add_func("/results/renamed", test_renamed);
#if PST_HAVE_TIFF
    g_test_add_func("/results/foreign-format", test_foreign_format);
#endif
    g_test_add_func("/results/variants", test_variants);
    g_test_add_func("/results/compare", test_compare);
    g_test_add_func("/results/wheel", test_wheel);
    g_test_add_func("/results/mail", test_mail);
    g_test_add_func("/results/hand-on", test_hand_on);
    g_test_add_func("/results/damaged", test_damaged);
    return g_test_run();
}
