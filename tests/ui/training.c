/* A whole training in the window, as short as can be: pictures, their check, stop, go on, keep; what the style is then
 * good for: recipes, sessions, files.
 */
#include <glib/gstdio.h>
#include <string.h>

#include "app/common/style_library.h"
#include "engine/picture/reader.h"
#include "engine/picture/writer.h"
#include "engine/paint/recipe.h"
#include "harness.h"
#include "ui/finding_list.h"
#include "ui/style_dialog.h"
#include "ui/training_view.h"
#include "ui/window_private.h"

/* So that something better than the base is found, whatever that is; long enough that it goes on while it is looked at. */
static const char *const SHORT[] = {
    "steps=240",         "seconds=0",         "size=64",         "smallest_window=64", "largest_window=96",
    "batch=1",           "smallest_scale=96", "largest_scale=96", "synthetic=0",       "trials=3",
    "content=0",         "content_limit=10",  "rate=0.002",      "average=0.5",        "exemplars=0",
    NULL,
};

static void activate(Stage *stage, const char *action, const char *target)
{
    GVariant *parameter = target ? g_variant_new_string(target) : NULL;

    g_assert_true(gtk_widget_activate_action_variant(GTK_WIDGET(stage->window), action, parameter));
}

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

static gboolean is_checked(gpointer setup)
{
    return !pst_training_setup_is_checking(setup);
}

static gboolean has_learnt(gpointer run)
{
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

static GtkWidget *in(PstTrainDialog *dialog, const char *id)
{
    return find_widget(GTK_WIDGET(dialog), id);
}

static PstTrainDialog *set_up(Stage *stage, const char *name)
{
    static int count; /* every training has pictures of its own, and makes a style of its own */
    PstTrainDialog *dialog;
    g_autofree char *first = painted("first.png", count++, TRUE), *second = painted("second.png", count, FALSE);
    PstTrainingSetup *setup;

    activate(stage, "win.train", NULL);
    dialog = PST_TRAIN_DIALOG(stage->window->train_dialog);
    setup = pst_train_dialog_setup(dialog);
    g_assert_false(gtk_widget_get_sensitive(in(dialog, "start")));
    pst_train_dialog_set_settings(dialog, SHORT);
    pst_picture_well_add(pst_training_setup_well(setup), first);
    pst_picture_well_add(pst_training_setup_well(setup), second);
    pst_picture_well_add(pst_training_setup_well(setup), second);
    gtk_editable_set_text(GTK_EDITABLE(in(dialog, "name")), name);
    gtk_editable_set_text(GTK_EDITABLE(in(dialog, "author")), "Me");
    g_assert_true(gtk_widget_get_sensitive(in(dialog, "start")));
    spin_until(is_checked, setup);
    return dialog;
}

/* Trains a style and returns its identifier, owned by the caller. */
static char *train(Stage *stage, const char *name)
{
    PstTrainDialog *dialog = set_up(stage, name);
    g_autoptr(PstTrainingRun) run = NULL;
    char *id;

    g_signal_emit_by_name(in(dialog, "start"), "clicked");
    run = g_object_ref(pst_train_dialog_run(dialog));
    gtk_window_close(GTK_WINDOW(dialog));
    spin_until(is_over, run);
    g_assert_cmpstr(pst_training_run_message(run), ==, NULL);
    g_assert_false(pst_training_run_was_vain(run));
    id = g_strdup(pst_training_run_style_id(run));
    stage_rest(stage);
    g_assert_nonnull(pst_style_list_find(stage->window->style_list, id));
    return id;
}

static const PstLookRegion *region(Stage *stage)
{
    return &pst_document_look(stage->window->document)->regions[0];
}

static void open_sample(Stage *stage)
{
    g_autofree char *path = sample_photo();

    stage_open(stage, path);
}

static void test_whole(void)
{
    Stage *stage = stage_new(1180, 760);
    PstTrainDialog *dialog;
    PstTrainingRun *run;
    g_autofree char *doing = NULL;

    open_sample(stage);
    activate(stage, "win.train", NULL);
    window_screenshot(GTK_WINDOW(stage->window->train_dialog), "train-empty");
    dialog = set_up(stage, "Diagonals");
    g_assert_cmpuint(pst_finding_list_count(PST_FINDING_LIST(in(dialog, "findings"))), >, 0);
    g_assert_true(pst_finding_list_crop(PST_FINDING_LIST(in(dialog, "findings"))));
    window_screenshot(GTK_WINDOW(dialog), "train-setup");

    g_signal_emit_by_name(in(dialog, "start"), "clicked");
    run = pst_train_dialog_run(dialog);
    g_assert_true(pst_training_run_current() == run);
    spin_until(has_learnt, run);
    doing = pst_training_text(run);
    g_assert_nonnull(strstr(doing, "of 240"));
    window_screenshot(GTK_WINDOW(dialog), "train-live");
    stage_screenshot(stage, "training");

    g_signal_emit_by_name(in(dialog, "stop"), "clicked");
    spin_until(is_stopped, run);
    g_assert_cmpint(pst_training_run_step(run), <, 240);
    g_assert_true(pst_training_request_has_begun(pst_training_run_request(run)));
    g_assert_null(pst_training_run_current());
    window_screenshot(GTK_WINDOW(dialog), "train-stopped");

    g_signal_emit_by_name(in(dialog, "go"), "clicked");
    g_assert_true(pst_training_run_current() == run);
    spin_until(is_over, run);
    g_assert_cmpint(pst_training_run_state(run), ==, PST_TRAINING_RUN_DONE);
    g_assert_nonnull(strstr(pst_window_told(stage->window), "Diagonals")); /* it goes by itself after a while */
    g_assert_cmpint(pst_training_run_step(run), ==, 240);
    g_assert_cmpuint(pst_training_run_curve(run)->len, ==, 240);
    window_screenshot(GTK_WINDOW(dialog), "train-done");

    /* It is among the user's own and in use; nothing is left behind. */
    stage_rest(stage);
    g_assert_cmpstr(region(stage)->styles[0].id, ==, "diagonals");
    g_assert_nonnull(region(stage)->styles[0].style->delta);
    g_assert_cmpstr(region(stage)->styles[0].style->author, ==, "Me");
    g_assert_false(pst_training_request_has_begun(pst_training_run_request(run)));
    gtk_window_close(GTK_WINDOW(dialog));
    stage_screenshot(stage, "trained");
    stage_free(stage);
}

static void test_keep(void)
{
    Stage *stage = stage_new(1000, 700);
    PstTrainDialog *dialog = set_up(stage, "Kept");
    PstTrainingRun *run;

    g_signal_emit_by_name(in(dialog, "start"), "clicked");
    run = pst_train_dialog_run(dialog);
    spin_until(has_learnt, run);
    g_signal_emit_by_name(in(dialog, "keep"), "clicked");
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
    PstTrainDialog *dialog = set_up(stage, "Interrupted");
    g_autoptr(PstTrainingRun) run = NULL;
    g_autoptr(GPtrArray) left = NULL;

    g_signal_emit_by_name(in(dialog, "start"), "clicked");
    run = g_object_ref(pst_train_dialog_run(dialog));
    spin_until(has_learnt, run);
    stage_free(stage);
    pst_training_run_wait(run);

    stage = stage_new(1000, 700);
    left = pst_training_request_list();
    g_assert_cmpuint(left->len, ==, 1);
    pst_window_offer_training(stage->window);
    g_assert_nonnull(strstr(pst_window_told(stage->window), "Interrupted"));
    stage_screenshot(stage, "training-left");
    activate(stage, "win.train", NULL);
    window_screenshot(GTK_WINDOW(stage->window->train_dialog), "train-unfinished");
    activate(stage, "win.resume-training", NULL);
    g_set_object(&run, pst_train_dialog_run(PST_TRAIN_DIALOG(stage->window->train_dialog)));
    spin_until(is_over, run);
    g_assert_cmpint(pst_training_run_state(run), ==, PST_TRAINING_RUN_DONE);
    g_assert_cmpint(pst_training_run_step(run), ==, 240);
    stage_rest(stage);
    stage_free(stage);
}

static void test_discard(void)
{
    Stage *stage = stage_new(1000, 700);
    PstTrainDialog *dialog = set_up(stage, "Unwanted");
    PstTrainingRun *run;
    g_autoptr(GPtrArray) left = NULL;

    g_signal_emit_by_name(in(dialog, "start"), "clicked");
    run = pst_train_dialog_run(dialog);
    spin_until(has_learnt, run);
    g_signal_emit_by_name(in(dialog, "stop"), "clicked");
    spin_until(is_stopped, run);
    g_signal_emit_by_name(in(dialog, "discard"), "clicked");
    left = pst_training_request_list();
    g_assert_cmpuint(left->len, ==, 0);
    g_assert_null(pst_style_list_find(stage->window->style_list, "unwanted"));
    stage_free(stage);
}

/* Pictures that are none are told of, and end in a sentence where nothing else is left. */
static void test_nothing_usable(void)
{
    Stage *stage = stage_new(1000, 700);
    g_autofree char *path = scratch_path("none.png");
    PstTrainDialog *dialog;
    PstTrainingRun *run;

    g_assert_true(g_file_set_contents(path, "no picture", -1, NULL));
    activate(stage, "win.train", NULL);
    dialog = PST_TRAIN_DIALOG(stage->window->train_dialog);
    pst_picture_well_add(pst_training_setup_well(pst_train_dialog_setup(dialog)), path);
    gtk_editable_set_text(GTK_EDITABLE(in(dialog, "name")), "Nothing");
    spin_until(is_checked, pst_train_dialog_setup(dialog));
    window_screenshot(GTK_WINDOW(dialog), "train-nothing");
    g_signal_emit_by_name(in(dialog, "start"), "clicked");
    run = pst_train_dialog_run(dialog);
    spin_until(is_over, run);
    g_assert_cmpint(pst_training_run_state(run), ==, PST_TRAINING_RUN_FAILED);
    g_assert_nonnull(strstr(pst_training_run_message(run), "none.png"));
    g_signal_emit_by_name(in(dialog, "discard"), "clicked");
    stage_free(stage);
}

/* ---- what a trained style is good for ------------------------------------------------------- */

static char *save_recipe(Stage *stage, const char *name)
{
    g_autofree char *text = pst_recipe_write(pst_document_look(stage->window->document), NULL, NULL);
    char *path = scratch_path(name);

    g_assert_nonnull(strstr(text, "\"change\""));
    g_assert_cmpuint(strlen(text), <, 8000);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    return path;
}

static void open_file(Stage *stage, const char *path)
{
    g_autoptr(GFile) file = g_file_new_for_path(path);

    pst_window_open_files(stage->window, (GFile *[]){ file, NULL });
}

static void test_recipe(void)
{
    Stage *stage = stage_new(1000, 700);
    g_autofree char *id = NULL, *path = NULL;
    g_autoptr(PstLook) look = NULL;

    open_sample(stage);
    id = train(stage, "Remembered");
    look = pst_look_ref(pst_document_look(stage->window->document));
    path = save_recipe(stage, "trained.json");
    activate(stage, "win.undo", NULL);
    g_assert_true(pst_look_is_plain(pst_document_look(stage->window->document)));
    open_file(stage, path);
    g_assert_true(pst_look_equal(look, pst_document_look(stage->window->document)));

    /* Renamed it is still the one; once it is gone, that is said and nothing else is painted in its place. */
    activate(stage, "win.undo", NULL);
    activate(stage, "win.delete-style", id);
    spin_for(300);
    g_assert_null(pst_style_list_find(stage->window->style_list, id));
    open_file(stage, path);
    g_assert_nonnull(strstr(pst_window_told(stage->window), "needs the trained style \"Remembered\""));
    stage_screenshot(stage, "recipe-without-style");
    g_assert_true(pst_look_is_plain(pst_document_look(stage->window->document)));
    stage_rest(stage);
    stage_free(stage);
}

static void test_session(void)
{
    Stage *stage = stage_new(1000, 700);
    g_autofree char *id = NULL, *state = NULL, *path = NULL, *copy = NULL;
    g_autoptr(PstLook) look = NULL;

    open_sample(stage);
    id = train(stage, "Session");
    spin_for(800);
    look = pst_look_ref(pst_document_look(stage->window->document));
    state = g_build_filename(g_get_user_state_dir(), "pastiche", NULL);
    path = g_strdup_printf("%s/%ld-%d.session", state, (long)getpid(), 1);
    /* The sessions of this program are numbered; the latest is this window's. */
    for (int i = 1; i < 50; i++) {
        g_autofree char *candidate = g_strdup_printf("%s/%ld-%d.session", state, (long)getpid(), i);

        if (g_file_test(candidate, G_FILE_TEST_EXISTS)) {
            g_free(path);
            path = g_steal_pointer(&candidate);
        }
    }
    copy = scratch_path("copy.session");
    {
        g_autofree char *text = NULL;
        gsize length;

        g_assert_true(g_file_get_contents(path, &text, &length, NULL));
        g_assert_true(g_file_set_contents(copy, text, (gssize)length, NULL));
    }
    activate(stage, "win.undo", NULL);
    stage_rest(stage);
    g_assert_true(pst_session_restore(copy, stage->window->document));
    stage_rest(stage);
    g_assert_true(pst_look_equal(look, pst_document_look(stage->window->document)));
    g_assert_nonnull(region(stage)->styles[0].style->delta);
    stage_free(stage);
}

/* ---- the user's own styles ------------------------------------------------------------------ */

static GtkWidget *toplevel_of_type(GType type)
{
    g_autoptr(GList) windows = gtk_window_list_toplevels();

    for (GList *link = windows; link; link = link->next) {
        if (G_TYPE_CHECK_INSTANCE_TYPE(link->data, type) && gtk_widget_get_visible(link->data)) {
            return link->data;
        }
    }
    return NULL;
}

typedef struct {
    Stage *stage;
    const char *id, *name;
} Wanted;

static gboolean is_there(gpointer data)
{
    const Wanted *wanted = data;
    PstStyleItem *item = pst_style_list_find(wanted->stage->window->style_list, wanted->id);

    return item && (!wanted->name || g_str_equal(pst_style_item_style(item)->name, wanted->name));
}

static gboolean is_away(gpointer data)
{
    return !is_there(data);
}

static gboolean exists(gpointer path)
{
    return g_file_test(path, G_FILE_TEST_EXISTS);
}

static void test_manage(void)
{
    Stage *stage = stage_new(1180, 760);
    g_autofree char *id = NULL, *exported = scratch_path("exported.style");
    GtkWidget *dialog;

    open_sample(stage);
    id = train(stage, "Mine");
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(find_widget(GTK_WIDGET(stage->window), "own")), TRUE);
    g_assert_cmpuint(g_list_model_get_n_items(pst_style_page_model(stage->window->style_page)), >, 0);
    stage_rest(stage);
    stage_screenshot(stage, "own-styles");

    /* Details, and another name. */
    activate(stage, "win.style-details", id);
    dialog = toplevel_of_type(PST_TYPE_STYLE_DIALOG);
    window_screenshot(GTK_WINDOW(dialog), "style-details");
    gtk_editable_set_text(GTK_EDITABLE(find_widget(dialog, "name")), "Ours");
    gtk_editable_set_text(GTK_EDITABLE(find_widget(dialog, "licence")), "CC0");
    g_signal_emit_by_name(find_widget(dialog, "save"), "clicked");
    spin_until(is_there, &(Wanted){ stage, id, "Ours" });
    g_assert_cmpstr(pst_style_item_style(pst_style_list_find(stage->window->style_list, id))->licence, ==, "CC0");

    activate(stage, "win.duplicate-style", id);
    spin_until(is_there, &(Wanted){ stage, "ours-copy", "Ours (copy)" });

    pst_window_export_style(stage->window, id, exported);
    spin_until(exists, exported);
    spin_for(100);

    /* Deleted, brought back, deleted, and taken in again from the file. */
    activate(stage, "win.delete-style", id);
    spin_until(is_away, &(Wanted){ stage, id, NULL });
    stage_screenshot(stage, "style-deleted");
    activate(stage, "win.restore-style", NULL);
    spin_until(is_there, &(Wanted){ stage, id, "Ours" });
    activate(stage, "win.delete-style", id);
    spin_until(is_away, &(Wanted){ stage, id, NULL });
    open_file(stage, exported);
    spin_until(is_there, &(Wanted){ stage, "ours", "Ours" });
    stage_rest(stage);
    g_assert_cmpstr(region(stage)->styles[0].id, ==, "ours");
    g_assert_nonnull(region(stage)->styles[0].style->delta);

    /* Taken in twice it is there once. */
    open_file(stage, exported);
    stage_rest(stage);
    g_assert_null(pst_style_list_find(stage->window->style_list, "ours-1"));
    g_assert_null(pst_style_list_find(stage->window->style_list, "ours-2"));

    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(find_widget(GTK_WIDGET(stage->window), "recent")), TRUE);
    {
        g_autoptr(PstStyleItem) first = g_list_model_get_item(pst_style_page_model(stage->window->style_page), 0);

        g_assert_cmpstr(pst_style_item_id(first), ==, "ours");
        g_assert_cmpuint(g_list_model_get_n_items(pst_style_page_model(stage->window->style_page)), <, 10);
    }
    spin_for(100);
    stage_screenshot(stage, "recent-styles");
    stage_free(stage);
}

/* A picture that was dropped in is kept among the user's own. */
static void test_keep_picture(void)
{
    Stage *stage = stage_new(1000, 700);
    g_autofree char *path = painted("dropped.png", 2, FALSE);

    pst_style_list_add_file(stage->window->style_list, path);
    spin_until(is_there, &(Wanted){ stage, path, NULL });
    activate(stage, "win.keep-style", path);
    spin_until(is_there, &(Wanted){ stage, "dropped", "dropped" });
    stage_rest(stage);
    stage_free(stage);
}

int main(int argc, char **argv)
{
    if (!harness_init(&argc, &argv)) {
        return 0;
    }
    g_test_add_func("/training/whole", test_whole);
    g_test_add_func("/training/keep", test_keep);
    g_test_add_func("/training/left-behind", test_left_behind);
    g_test_add_func("/training/discard", test_discard);
    g_test_add_func("/training/nothing-usable", test_nothing_usable);
    g_test_add_func("/training/recipe", test_recipe);
    g_test_add_func("/training/session", test_session);
    g_test_add_func("/training/manage", test_manage);
    g_test_add_func("/training/keep-picture", test_keep_picture);
    return g_test_run();
}
