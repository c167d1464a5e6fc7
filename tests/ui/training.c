/* A whole training in the window, as short as can be: pictures, their check, stop, go on, keep; what the style is then
 * good for: recipes, sessions, files.
 */
#include <glib/gstdio.h>
#include <string.h>

#include "app/common/rights.h"
#include "app/desktop/data_report.h"
#include "app/desktop/preferences.h"
#include "app/desktop/session.h"
#include "app/desktop/training_pictures.h"
#include "app/desktop/training_run.h"
#include "engine/picture/reader.h"
#include "engine/picture/writer.h"
#include "engine/paint/recipe.h"
#include "harness.h"
#include "ui/training_setup.h"

/* So that something better than the base is found, whatever that is; long enough that it goes on while it is looked
 * at. */
static const char *const SHORT[] = {
    "steps=240",     "seconds=0",   "size=64",       "smallest_window=64", "largest_window=96", "batch=1",
    "style_side=96", "synthetic=0", "validations=3", "content=0",          "content_limit=10",  "rate=0.002",
    "average=0.5",   NULL,
};

/* Two pictures that are easily told from a photograph: diagonals of two colours, with a white frame where asked for. */
static char *painted(const char *name, int seed, gboolean framed)
{
    int width = 200, height = 160, margin = framed ? 24 : 0;
    const PstWriteOptions options = { .conflict = PST_CONFLICT_OVERWRITE };
    g_autoptr(PstPicture) picture = pst_picture_new(width, height, FALSE, NULL);
    g_autoptr(GError) error = NULL;
    char *path = scratch_path(name);

    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            gboolean frame = x < margin || y < margin || x >= width - margin || y >= height - margin;
            double wave = ((x * (3 + seed) + y * 5) / 17 + (x * y / 97) % 3) % 4 / 4.0;
            float *pixel = picture->rgb + 3 * (y * width + x);

            pixel[0] = frame ? 1 : (float)(0.2 + 0.7 * wave);
            pixel[1] = frame ? 1 : (float)(0.3 + 0.3 * wave);
            pixel[2] = frame ? 1 : (float)(0.8 - 0.6 * wave);
        }
    }
    pst_picture_write(picture, path, &options, NULL, NULL, &error);
    g_assert_no_error(error);
    return path;
}

static gboolean is_checked(gpointer pictures)
{
    return !pst_training_pictures_is_checking(pictures);
}

static gboolean has_learnt(gpointer run)
{
    g_assert_cmpstr(pst_training_run_message(run), ==, NULL);
    return pst_training_run_step(run) >= 5 && pst_training_run_texture(run);
}

static gboolean is_stopped(gpointer run)
{
    return pst_training_run_state(run) == PST_TRAINING_RUN_STOPPED;
}

static gboolean is_over(gpointer run)
{
    return pst_training_run_state(run) >= PST_TRAINING_RUN_DONE;
}

static GtkWidget *train_dialog(void)
{
    return GTK_WIDGET(find_window("PstTrainDialog"));
}

/* What the dialog is to learn from; owned by it. */
static PstTrainingPictures *pictures_of(GtkWidget *dialog)
{
    g_autoptr(PstTrainingPictures) pictures = NULL;

    g_object_get(find_widget(dialog, "setup"), "pictures", &pictures, NULL);
    return pictures;
}

/* Whose the pictures are, as a person says it; the first item of the list is no answer. */
static void answer_rights(GtkWidget *dialog, PstRights rights)
{
    gtk_drop_down_set_selected(GTK_DROP_DOWN(find_widget(dialog, "rights")), 1 + (guint)rights);
}

static GtkWidget *set_up(Stage *stage, const char *name)
{
    static int count; /* every training has pictures of its own, and makes a style of its own */
    GtkWidget *dialog;
    g_autofree char *first = painted("first.png", count++, TRUE), *second = painted("second.png", count, FALSE);
    PstTrainingPictures *pictures;

    stage_activate(stage, "win.train", NULL);
    dialog = train_dialog();
    pictures = pictures_of(dialog);
    g_assert_false(gtk_widget_get_sensitive(find_widget(dialog, "start")));
    g_object_set(dialog, "settings", SHORT, NULL);
    drop_file(find_widget(dialog, "well"), first);
    drop_file(find_widget(dialog, "well"), second);
    drop_file(find_widget(dialog, "well"), second);
    g_assert_cmpuint(g_list_model_get_n_items(G_LIST_MODEL(pictures)), ==, 2);
    gtk_editable_set_text(GTK_EDITABLE(find_widget(dialog, "name")), name);
    gtk_editable_set_text(GTK_EDITABLE(find_widget(dialog, "author")), "Me");
    answer_rights(dialog, PST_RIGHTS_PUBLIC_DOMAIN);
    g_assert_true(gtk_widget_get_sensitive(find_widget(dialog, "start")));
    spin_until(is_checked, pictures);
    return dialog;
}

/* Begins what is set up; the training is owned by the caller. */
static PstTrainingRun *start(GtkWidget *dialog)
{
    click(find_widget(dialog, "start"));
    return g_object_ref(pst_training_run_current());
}

/* Trains a style and returns its identifier, owned by the caller. */
static const PstLookRegion *region(Stage *stage)
{
    return &pst_document_look(stage->document)->regions[0];
}

/* A style that was trained is offered; it doesn't take the place of the one in use by itself. */
static void use(Stage *stage, const char *id)
{
    g_assert_true(region(stage)->count == 0 || strcmp(region(stage)->styles[0].id, id) != 0);
    stage_activate(stage, "win.use-style", id);
    stage_rest(stage);
}

static char *train(Stage *stage, const char *name)
{
    GtkWidget *dialog = set_up(stage, name);
    g_autoptr(PstTrainingRun) run = start(dialog);
    char *id;

    gtk_window_close(GTK_WINDOW(dialog));
    spin_until(is_over, run);
    g_assert_cmpstr(pst_training_run_message(run), ==, NULL);
    g_assert_false(pst_training_run_was_vain(run));
    id = g_strdup(pst_training_run_style_id(run));
    stage_rest(stage);
    g_assert_nonnull(pst_style_list_find(stage->styles, id));
    use(stage, id);
    return id;
}

static void test_whole(void)
{
    Stage *stage = stage_new(1180, 760);
    GtkWidget *dialog;
    g_autoptr(PstTrainingRun) run = NULL;
    const char *doing;

    stage_open_sample(stage);
    stage_activate(stage, "win.train", NULL);
    window_screenshot(GTK_WINDOW(train_dialog()), "train-empty");
    dialog = set_up(stage, "Diagonals");
    g_assert_cmpuint(pst_training_pictures_report(pictures_of(dialog))->len, >, 0);
    g_assert_true(
        gtk_check_button_get_active(GTK_CHECK_BUTTON(find_type(find_widget(dialog, "findings"), "GtkCheckButton"))));
    window_screenshot(GTK_WINDOW(dialog), "train-setup");

    run = start(dialog);
    g_assert_true(pst_training_run_current() == run);
    spin_until(has_learnt, run);
    doing = gtk_label_get_text(GTK_LABEL(find_widget(find_widget(dialog, "view"), "detail")));
    g_assert_nonnull(strstr(doing, "of 240"));
    window_screenshot(GTK_WINDOW(dialog), "train-live");
    stage_screenshot(stage, "training");

    click(find_widget(dialog, "stop"));
    spin_until(is_stopped, run);
    g_assert_cmpint(pst_training_run_step(run), <, 240);
    g_assert_true(pst_training_request_has_begun(pst_training_run_request(run)));
    g_assert_null(pst_training_run_current());
    window_screenshot(GTK_WINDOW(dialog), "train-stopped");

    click(find_widget(dialog, "go"));
    g_assert_true(pst_training_run_current() == run);
    spin_until(is_over, run);
    g_assert_cmpint(pst_training_run_state(run), ==, PST_TRAINING_RUN_DONE);
    g_assert_nonnull(strstr(stage->told, "Diagonals")); /* it goes by itself after a while */
    g_assert_cmpint(pst_training_run_step(run), ==, 240);
    g_assert_cmpuint(pst_training_run_curve(run)->len, ==, 240);
    window_screenshot(GTK_WINDOW(dialog), "train-done");

    /* It is among the user's own; nothing is left behind. */
    stage_rest(stage);
    use(stage, "diagonals");
    g_assert_cmpstr(region(stage)->styles[0].id, ==, "diagonals");
    g_assert_nonnull(region(stage)->styles[0].style->delta);
    g_assert_cmpstr(region(stage)->styles[0].style->author, ==, "Me");
    g_assert_cmpstr(region(stage)->styles[0].style->licence, ==, "public domain");
    g_assert_false(pst_training_request_has_begun(pst_training_run_request(run)));
    gtk_window_close(GTK_WINDOW(dialog));
    stage_screenshot(stage, "trained");
    stage_free(stage);
}

static void test_keep(void)
{
    Stage *stage = stage_new(1000, 700);
    GtkWidget *dialog = set_up(stage, "Kept");
    g_autoptr(PstTrainingRun) run = NULL;

    run = start(dialog);
    spin_until(has_learnt, run);
    click(find_widget(dialog, "keep"));
    spin_until(is_over, run);
    g_assert_cmpint(pst_training_run_state(run), ==, PST_TRAINING_RUN_DONE);
    g_assert_cmpint(pst_training_run_step(run), <, 240);
    stage_rest(stage);
    stage_free(stage);
}

/* What a program that was killed leaves is offered at the next start. */
static void test_left_behind(void)
{
    Stage *stage = stage_new(1000, 700);
    GtkWidget *dialog = set_up(stage, "Interrupted");
    g_autoptr(PstTrainingRun) run = NULL;
    g_autoptr(GPtrArray) left = NULL;

    run = start(dialog);
    spin_until(has_learnt, run);
    stage_free(stage);
    pst_training_run_wait(run);

    stage = stage_new(1000, 700);
    left = pst_training_request_list();
    g_assert_cmpuint(left->len, ==, 1);
    g_assert_cmpstr(((PstTrainingRequest *)left->pdata[0])->licence, ==, "public domain");
    pst_window_offer_training(stage->window);
    g_assert_nonnull(strstr(stage->told, "Interrupted"));
    stage_screenshot(stage, "training-left");
    stage_activate(stage, "win.train", NULL);
    window_screenshot(GTK_WINDOW(train_dialog()), "train-unfinished");
    stage_activate(stage, "win.resume-training", NULL);
    g_set_object(&run, pst_training_run_current());
    spin_until(is_over, run);
    g_assert_cmpint(pst_training_run_state(run), ==, PST_TRAINING_RUN_DONE);
    g_assert_cmpint(pst_training_run_step(run), ==, 240);
    stage_rest(stage);
    g_assert_cmpstr(pst_style_item_style(pst_style_list_find(stage->styles, "interrupted"))->licence, ==,
                    "public domain");
    stage_free(stage);
}

static gboolean shows_portrait(gpointer run)
{
    GdkTexture *texture = pst_training_run_texture(run);

    return texture && gdk_texture_get_height(texture) > gdk_texture_get_width(texture);
}

/* Written upright, as no sample is. */
static char *portrait(void)
{
    const PstWriteOptions options = { .conflict = PST_CONFLICT_OVERWRITE };
    g_autoptr(PstPicture) picture = pst_picture_new(120, 200, FALSE, NULL);
    char *path = scratch_path("portrait.png");

    for (int i = 0; i < 3 * 120 * 200; i++) {
        picture->rgb[i] = (float)(i % 97) / 96;
    }
    g_assert_true(pst_picture_write(picture, path, &options, NULL, NULL, NULL));
    return path;
}

/* The photo that is painted meanwhile is the window's, also when a training goes on in another window or program. */
static void test_previewed_photo(void)
{
    Stage *stage = stage_new(1000, 700);
    g_autofree char *photo = portrait();
    GtkWidget *dialog;
    g_autoptr(PstTrainingRun) run = NULL;

    stage_open(stage, photo);
    dialog = set_up(stage, "Upright");
    run = start(dialog);
    spin_until(has_learnt, run);
    g_assert_true(shows_portrait(run));
    stage_free(stage);
    pst_training_run_wait(run);

    stage = stage_new(1000, 700);
    stage_open(stage, photo);
    stage_activate(stage, "win.resume-training", NULL);
    g_set_object(&run, pst_training_run_current());
    spin_until(has_learnt, run);
    g_assert_true(shows_portrait(run));
    spin_until(is_over, run);
    g_assert_true(shows_portrait(run));
    stage_rest(stage);
    stage_free(stage);
}

static void test_discard(void)
{
    Stage *stage = stage_new(1000, 700);
    GtkWidget *dialog = set_up(stage, "Unwanted");
    g_autoptr(PstTrainingRun) run = NULL;
    g_autoptr(GPtrArray) left = NULL;

    run = start(dialog);
    spin_until(has_learnt, run);
    click(find_widget(dialog, "stop"));
    spin_until(is_stopped, run);
    click(find_widget(dialog, "discard"));
    left = pst_training_request_list();
    g_assert_cmpuint(left->len, ==, 0);
    g_assert_null(pst_style_list_find(stage->styles, "unwanted"));
    stage_free(stage);
}

/* Pictures that are none are told of, and end in a sentence where nothing else is left. */
static void test_nothing_usable(void)
{
    Stage *stage = stage_new(1000, 700);
    g_autofree char *path = scratch_path("none.png");
    GtkWidget *dialog;
    g_autoptr(PstTrainingRun) run = NULL;

    g_assert_true(g_file_set_contents(path, "no picture", -1, NULL));
    stage_activate(stage, "win.train", NULL);
    dialog = train_dialog();
    drop_file(find_widget(dialog, "well"), path);
    gtk_editable_set_text(GTK_EDITABLE(find_widget(dialog, "name")), "Nothing");
    answer_rights(dialog, PST_RIGHTS_UNKNOWN);
    spin_until(is_checked, pictures_of(dialog));
    window_screenshot(GTK_WINDOW(dialog), "train-nothing");
    run = start(dialog);
    spin_until(is_over, run);
    g_assert_cmpint(pst_training_run_state(run), ==, PST_TRAINING_RUN_FAILED);
    g_assert_nonnull(strstr(pst_training_run_message(run), "none.png"));
    click(find_widget(dialog, "discard"));
    stage_free(stage);
}

typedef struct {
    Stage *stage;
    const char *id, *name;
} Wanted;

static gboolean is_there(gpointer data)
{
    const Wanted *wanted = data;
    PstStyleItem *item = pst_style_list_find(wanted->stage->styles, wanted->id);

    return item && (!wanted->name || g_str_equal(pst_style_item_style(item)->name, wanted->name));
}

static gboolean is_away(gpointer data)
{
    return !is_there(data);
}

/* ---- what a trained style is good for ------------------------------------------------------- */

static char *save_recipe(Stage *stage, const char *name)
{
    g_autofree char *text = pst_recipe_write(pst_document_look(stage->document), NULL, NULL);
    char *path = scratch_path(name);

    g_assert_nonnull(strstr(text, "\"change\""));
    g_assert_cmpuint(strlen(text), <, 8000);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    return path;
}

static void test_recipe(void)
{
    Stage *stage = stage_new(1000, 700);
    g_autofree char *id = NULL, *path = NULL;
    g_autoptr(PstLook) look = NULL;

    stage_open_sample(stage);
    id = train(stage, "Remembered");
    look = pst_look_ref(pst_document_look(stage->document));
    path = save_recipe(stage, "trained.json");
    stage_activate(stage, "win.undo", NULL);
    g_assert_true(pst_look_is_plain(pst_document_look(stage->document)));
    stage_open_file(stage, path);
    g_assert_true(pst_look_equal(look, pst_document_look(stage->document)));

    /* Renamed it is still the one; once it is gone, that is said and nothing else is painted in its place. */
    stage_activate(stage, "win.undo", NULL);
    stage_activate(stage, "win.delete-style", id);
    spin_until(is_away, &(Wanted){ stage, id, NULL });
    stage_open_file(stage, path);
    g_assert_nonnull(strstr(stage->told, "needs the trained style \"Remembered\""));
    stage_screenshot(stage, "recipe-without-style");
    g_assert_true(pst_look_is_plain(pst_document_look(stage->document)));
    stage_rest(stage);
    stage_free(stage);
}

static void test_session(void)
{
    Stage *stage = stage_new(1000, 700);
    g_autofree char *id = NULL, *path = NULL, *copy = scratch_path("copy.session");
    g_autoptr(PstLook) look = NULL;

    stage_open_sample(stage);
    id = train(stage, "Session");
    wait_for_session(stage);
    look = pst_look_ref(pst_document_look(stage->document));
    path = session_path();
    {
        g_autofree char *text = NULL;
        gsize length;

        g_assert_true(g_file_get_contents(path, &text, &length, NULL));
        g_assert_true(g_file_set_contents(copy, text, (gssize)length, NULL));
    }
    stage_activate(stage, "win.undo", NULL);
    stage_rest(stage);
    g_assert_true(pst_session_restore(copy, stage->document, NULL, stage->styles));
    stage_rest(stage);
    g_assert_true(pst_look_equal(look, pst_document_look(stage->document)));
    g_assert_nonnull(region(stage)->styles[0].style->delta);
    stage_free(stage);
}

/* ---- the user's own styles ------------------------------------------------------------------ */

static void test_manage(void)
{
    Stage *stage = stage_new(1180, 760);
    g_autofree char *id = NULL, *exported = scratch_path("exported.style"), *scratch = scratch_path("");
    g_autofree char *folder = g_filename_to_uri(scratch, NULL, NULL);
    GtkWidget *dialog;

    stage_open_sample(stage);
    id = train(stage, "Mine");
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(find_widget(stage->window, "own")), TRUE);
    g_assert_cmpuint(g_list_model_get_n_items(window_styles(stage->window)), >, 0);
    stage_rest(stage);
    stage_screenshot(stage, "own-styles");

    /* Details, and another name. */
    stage_activate(stage, "win.style-details", id);
    dialog = GTK_WIDGET(find_window("PstStyleDialog"));
    window_screenshot(GTK_WINDOW(dialog), "style-details");
    gtk_editable_set_text(GTK_EDITABLE(find_widget(dialog, "name")), "Ours");
    gtk_editable_set_text(GTK_EDITABLE(find_widget(dialog, "licence")), "CC0");
    click(find_widget(dialog, "save"));
    spin_until(is_there, &(Wanted){ stage, id, "Ours" });
    g_assert_cmpstr(pst_style_item_style(pst_style_list_find(stage->styles, id))->licence, ==, "CC0");

    stage_activate(stage, "win.duplicate-style", id);
    spin_until(is_there, &(Wanted){ stage, "ours-copy", "Ours (copy)" });

    g_settings_set_string(pst_preferences(), "style-folder", folder);
    stage_choose(stage, "win.export-style", id, exported, GTK_RESPONSE_ACCEPT);
    g_assert_true(g_file_test(exported, G_FILE_TEST_IS_REGULAR));
    g_assert_nonnull(strstr(stage->told, "exported.style"));

    /* Deleted, brought back, deleted, and taken in again from the file. */
    stage_activate(stage, "win.delete-style", id);
    spin_until(is_away, &(Wanted){ stage, id, NULL });
    stage_screenshot(stage, "style-deleted");
    stage_activate(stage, "win.restore-style", NULL);
    spin_until(is_there, &(Wanted){ stage, id, "Ours" });
    stage_activate(stage, "win.delete-style", id);
    spin_until(is_away, &(Wanted){ stage, id, NULL });
    stage_open_file(stage, exported);
    spin_until(is_there, &(Wanted){ stage, "ours", "Ours" });
    stage_rest(stage);
    g_assert_cmpstr(region(stage)->styles[0].id, ==, "ours");
    g_assert_nonnull(region(stage)->styles[0].style->delta);

    /* Taken in twice it is there once. */
    stage_open_file(stage, exported);
    stage_rest(stage);
    g_assert_null(pst_style_list_find(stage->styles, "ours-1"));
    g_assert_null(pst_style_list_find(stage->styles, "ours-2"));

    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(find_widget(stage->window, "recent")), TRUE);
    g_assert_cmpstr(pst_style_item_id(stage_style(stage, 0)), ==, "ours");
    g_assert_cmpuint(g_list_model_get_n_items(window_styles(stage->window)), <, 10);
    spin_for(100);
    stage_screenshot(stage, "recent-styles");
    stage_free(stage);
}

/* A picture that was dropped in is kept among the user's own. */
static void test_keep_picture(void)
{
    Stage *stage = stage_new(1000, 700);
    g_autofree char *path = painted("dropped.png", 2, FALSE);

    stage_add_style(stage, path);
    spin_until(is_there, &(Wanted){ stage, path, NULL });
    stage_activate(stage, "win.keep-style", path);
    spin_until(is_there, &(Wanted){ stage, "dropped", "dropped" });
    stage_rest(stage);
    stage_free(stage);
}

/* A style is called like the folder that its pictures lie in, unless somebody wrote another name. */
static void test_name(void)
{
    Stage *stage = stage_new(1180, 760);
    g_autofree char *sample = large_photo(300), *bytes = NULL, *folder = scratch_path("late_water-lilies");
    g_autofree char *picture = g_build_filename(folder, "a.jpg", NULL);
    g_autoptr(PstTrainingPictures) pictures = NULL;
    GtkWidget *name;
    gsize length;

    g_assert_true(g_file_get_contents(sample, &bytes, &length, NULL));
    g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
    g_assert_true(g_file_set_contents(picture, bytes, (gssize)length, NULL));
    stage_activate(stage, "win.train", NULL);
    name = find_widget(find_window("PstTrainDialog"), "name");
    g_object_get(find_widget(find_window("PstTrainDialog"), "setup"), "pictures", &pictures, NULL);
    pst_training_pictures_add(pictures, folder);
    g_assert_cmpstr(gtk_editable_get_text(GTK_EDITABLE(name)), ==, "Late water lilies");
    gtk_editable_set_text(GTK_EDITABLE(name), "Nymphéas");
    pst_training_pictures_add(pictures, sample);
    g_assert_cmpstr(gtk_editable_get_text(GTK_EDITABLE(name)), ==, "Nymphéas");
    gtk_window_destroy(find_window("PstTrainDialog"));
    g_remove(picture);
    g_rmdir(folder);
    stage_rest(stage);
    stage_free(stage);
}

static void check_lack(GtkWidget *dialog, const char *lack)
{
    GtkWidget *start = find_widget(dialog, "start");

    g_assert_cmpint(gtk_widget_get_sensitive(start), ==, lack == NULL);
    g_assert_cmpstr(gtk_widget_get_tooltip_text(start), ==, lack);
    g_assert_cmpstr(gtk_label_get_text(GTK_LABEL(find_widget(dialog, "lack_label"))), ==, lack ? lack : "");
}

static void check_licence(GtkWidget *dialog, const char *licence)
{
    g_autoptr(PstTrainingRequest)
        request = pst_training_setup_request(PST_TRAINING_SETUP(find_widget(dialog, "setup")));

    g_assert_cmpstr(request->licence, ==, licence);
}

/* Nothing is trained before somebody said whose pictures these are. The answer is the licence unless one is written. Of
 * other pictures it is asked again. */
static void test_rights(void)
{
    Stage *stage = stage_new(1000, 700);
    g_autofree char *path = painted("whose.png", 3, FALSE);
    GtkWidget *dialog;
    PstTrainingPictures *pictures;

    stage_activate(stage, "win.train", NULL);
    dialog = train_dialog();
    pictures = pictures_of(dialog);
    drop_file(find_widget(dialog, "well"), path);
    gtk_editable_set_text(GTK_EDITABLE(find_widget(dialog, "name")), "Whose");
    spin_until(is_checked, pictures);
    check_lack(dialog, "Say whose pictures these are.");
    window_screenshot(GTK_WINDOW(dialog), "train-whose");
    for (int i = 0; i < PST_RIGHTS; i++) {
        answer_rights(dialog, (PstRights)i);
        check_lack(dialog, NULL);
        check_licence(dialog, pst_rights_licence((PstRights)i));
    }
    gtk_editable_set_text(GTK_EDITABLE(find_widget(dialog, "licence")), "CC0");
    check_licence(dialog, "CC0");
    gtk_editable_set_text(GTK_EDITABLE(find_widget(dialog, "licence")), "");
    check_licence(dialog, "rights not known");

    pst_training_pictures_keep(pictures, (const char *const[]){ NULL });
    check_lack(dialog, "Drop at least one picture of the style above.");
    drop_file(find_widget(dialog, "well"), path);
    check_lack(dialog, "Say whose pictures these are.");
    spin_until(is_checked, pictures);
    gtk_window_destroy(GTK_WINDOW(dialog));
    stage_rest(stage);
    stage_free(stage);
}

int main(int argc, char **argv)
{
    if (!harness_init(&argc, &argv)) {
        return 0;
    }
    g_test_add_func("/training/whole", test_whole);
    g_test_add_func("/training/name", test_name);
    g_test_add_func("/training/rights", test_rights);
    g_test_add_func("/training/keep", test_keep);
    g_test_add_func("/training/left-behind", test_left_behind);
    g_test_add_func("/training/previewed-photo", test_previewed_photo);
    g_test_add_func("/training/discard", test_discard);
    g_test_add_func("/training/nothing-usable", test_nothing_usable);
    g_test_add_func("/training/recipe", test_recipe);
    g_test_add_func("/training/session", test_session);
    g_test_add_func("/training/manage", test_manage);
    g_test_add_func("/training/keep-picture", test_keep_picture);
    return g_test_run();
}
