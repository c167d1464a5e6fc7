/* Five hundred random actions, and fifty windows opened and closed. Any warning of GTK ends the test. */
#include <malloc.h>

#include "app/common/rights.h"
#include "app/desktop/training_pictures.h"
#include "app/desktop/training_run.h"
#include "harness.h"

#define ACTIONS 500
#define CYCLES  50
#define LEAK    (5 << 20) /* bytes, in all cycles */

static const char *const plain_actions[] = {
    "win.undo",     "win.undo",         "win.redo",          "win.zoom-in", "win.zoom-out",    "win.zoom-fit",
    "win.zoom-one", "win.zoom-toggle",  "win.sidebar",       "win.results", "win.stop",        "win.paint",
    "win.search",   "win.brush-larger", "win.brush-smaller", "win.copy",    "win.open-sample", "win.gallery",
};

static void pick(Stage *stage, GRand *random)
{
    guint count = g_list_model_get_n_items(window_styles(stage->window));

    if (count > 0) {
        PstStyleItem *item = stage_style(stage, (guint)g_rand_int_range(random, 0, (int)count));

        if (g_rand_boolean(random)) {
            pst_document_pick(stage->document, pst_style_item_id(item), pst_style_item_style(item));
        } else {
            pst_document_toggle(stage->document, pst_style_item_id(item), pst_style_item_style(item));
        }
    }
}

static void slide(Stage *stage, GRand *random)
{
    static const char *const sliders[] = { "strength", "stroke", "likeness" };
    GtkWidget *slider = find_widget(find_widget(stage->window, "adjust_panel"),
                                    sliders[g_rand_int_range(random, 0, G_N_ELEMENTS(sliders))]);

    gtk_range_set_value(GTK_RANGE(slider), g_rand_double_range(random, 0, 4));
}

static void brush(Stage *stage, GRand *random)
{
    double x = g_rand_double(random), y = g_rand_double(random);

    g_signal_emit_by_name(find_widget(stage->window, "canvas"), "brush-begin", x, y);
    for (int i = 0; i < 8; i++) {
        g_signal_emit_by_name(find_widget(stage->window, "canvas"), "brush-move", x + 0.03 * i, y - 0.02 * i);
    }
    g_signal_emit_by_name(find_widget(stage->window, "canvas"), "brush-end");
}

static void regions(Stage *stage, GRand *random)
{
    GtkWidget *panel = find_widget(stage->window, "region_bar");

    switch (g_rand_int_range(random, 0, 4)) {
    case 0:
        click(find_widget(panel, "add"));
        break;
    case 1:
        click(find_widget(panel, "clear"));
        break;
    case 2:
        pst_document_set_region(stage->document, g_rand_int_range(random, 0, PST_LOOK_REGIONS));
        break;
    default:
        gtk_switch_set_active(GTK_SWITCH(find_widget(panel, "invert")), g_rand_boolean(random));
    }
}

/* A training of a few steps, and the buttons that are there for it. */
static void train(Stage *stage, GRand *random)
{
    static const char *const few[] = {
        "steps=6",       "seconds=0", "size=64",     "smallest_window=64", "largest_window=96",
        "style_side=96", "batch=1",   "synthetic=0", "validations=2",      NULL
    };
    static const char *const buttons[] = { "start", "stop", "go", "keep", "discard", "again" };
    static const char *const names[] = { "", "Stress", "Haste" };
    GtkWindow *dialog = find_window("PstTrainDialog");
    PstTrainingPictures *pictures;
    GtkWidget *button;
    g_autofree char *photo = sample_photo();

    if (!dialog) {
        stage_activate(stage, "win.train", NULL);
        g_object_set(find_window("PstTrainDialog"), "settings", few, NULL);
        return;
    }
    switch (g_rand_int_range(random, 0, 9)) {
    case 0:
        gtk_window_close(dialog);
        break;
    case 1:
        drop_file(find_widget(dialog, "well"), photo);
        break;
    case 2:
        g_object_get(find_widget(dialog, "setup"), "pictures", &pictures, NULL);
        pst_training_pictures_keep(pictures, (const char *const[]){ NULL });
        g_object_unref(pictures);
        break;
    case 3:
        gtk_editable_set_text(GTK_EDITABLE(find_widget(dialog, "name")),
                              names[g_rand_int_range(random, 0, G_N_ELEMENTS(names))]);
        break;
    case 4:
        gtk_drop_down_set_selected(GTK_DROP_DOWN(find_widget(dialog, "rights")),
                                   (guint)g_rand_int_range(random, 0, 1 + PST_RIGHTS));
        break;
    default:
        button = find_widget(dialog, buttons[g_rand_int_range(random, 0, G_N_ELEMENTS(buttons))]);
        /* Only what can be seen can be pressed. */
        if (gtk_widget_get_mapped(button) && gtk_widget_is_sensitive(button)) {
            click(button);
        }
    }
}

/* What can be done with a style of the grid. */
static void manage(Stage *stage, GRand *random)
{
    static const char *const deeds[] = { "win.style-details", "win.duplicate-style", "win.delete-style",
                                         "win.keep-style" };
    static const char *const groups[] = { "all", "own", "recent", "favourites", "ink" };
    guint count = g_list_model_get_n_items(window_styles(stage->window));

    switch (g_rand_int_range(random, 0, 4)) {
    case 0:
        gtk_toggle_button_set_active(
            GTK_TOGGLE_BUTTON(find_widget(find_widget(stage->window, "style_page"),
                                          groups[g_rand_int_range(random, 0, G_N_ELEMENTS(groups))])),
            TRUE);
        break;
    case 1:
        gtk_widget_activate_action(GTK_WIDGET(stage->window), "win.restore-style", NULL);
        break;
    default:
        if (count > 0) {
            PstStyleItem *item = stage_style(stage, (guint)g_rand_int_range(random, 0, (int)count));

            stage_activate(stage, deeds[g_rand_int_range(random, 0, G_N_ELEMENTS(deeds))], pst_style_item_id(item));
        }
    }
}

static void act(Stage *stage, GRand *random)
{
    static const char *const words[] = { "", "v", "hok", "van gogh", "zzz" };

    switch (g_rand_int_range(random, 0, 12)) {
    case 0:
    case 1:
        pick(stage, random);
        break;
    case 8:
    case 9:
        train(stage, random);
        break;
    case 10:
        manage(stage, random);
        break;
    case 2:
        slide(stage, random);
        break;
    case 3:
        brush(stage, random);
        break;
    case 4:
        regions(stage, random);
        break;
    case 5:
        g_action_group_activate_action(G_ACTION_GROUP(stage->window), "regions", NULL);
        break;
    case 6:
        gtk_editable_set_text(GTK_EDITABLE(find_widget(find_widget(stage->window, "style_page"), "search")),
                              words[g_rand_int_range(random, 0, G_N_ELEMENTS(words))]);
        break;
    case 7:
        gtk_window_set_default_size(GTK_WINDOW(stage->window), g_rand_int_range(random, 640, 1500),
                                    g_rand_int_range(random, 420, 1000));
        g_action_group_activate_action(G_ACTION_GROUP(stage->window), "split", NULL);
        break;
    default:
        gtk_widget_activate_action(GTK_WIDGET(stage->window),
                                   plain_actions[g_rand_int_range(random, 0, G_N_ELEMENTS(plain_actions))], NULL);
    }
}

static void test_actions(void)
{
    Stage *stage = stage_new(1180, 760);
    g_autofree char *photo = sample_photo();
    /* g_test's seed, so that a failure can be run again with --seed. */
    GRand *random = g_rand_new_with_seed((guint32)g_test_rand_int());

    stage_open(stage, photo);
    for (int i = 0; i < ACTIONS; i++) {
        act(stage, random);
        for (int k = g_rand_int_range(random, 0, 6); k > 0; k--) {
            g_main_context_iteration(NULL, FALSE);
        }
        if (i % 25 == 0) {
            spin_for(60);
        }
    }
    stage_rest(stage);
    g_rand_free(random);
    if (pst_training_run_current()) {
        pst_training_run_wait(pst_training_run_current());
    }
    stage_free(stage);
}

/* Bytes in use. Resident memory would also count what the allocator keeps for later. */
static gsize memory(void)
{
    struct mallinfo2 info = mallinfo2();

    return info.uordblks + info.hblkhd;
}

static void cycle(const char *photo)
{
    Stage *stage = stage_new(1000, 700);

    stage_open(stage, photo);
    stage_pick(stage, 3);
    stage_rest(stage);
    stage_free(stage);
}

static void test_windows(void)
{
    g_autofree char *photo = large_photo(600);
    gsize before, after;

    for (int i = 0; i < 10; i++) {
        cycle(photo);
    }
    before = memory();
    for (int i = 0; i < CYCLES; i++) {
        cycle(photo);
    }
    after = memory();
    g_test_message("%d windows: %+.1f MB", CYCLES, ((double)after - (double)before) / (1 << 20));
    g_assert_cmpuint(after, <, before + LEAK);
}

int main(int argc, char **argv)
{
    if (!harness_init(&argc, &argv)) {
        return 0;
    }
    g_test_add_func("/stress/actions", test_actions);
    g_test_add_func("/stress/windows", test_windows);
    return g_test_run();
}
