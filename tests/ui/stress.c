/* Five hundred random actions, and fifty windows opened and closed. Any warning of GTK ends the test. */
#include <string.h>
#include <unistd.h>

#include "harness.h"
#include "ui/window_private.h"

#define ACTIONS 500
#define CYCLES 50
#define LEAK (5 << 20) /* bytes, in all cycles */

static const char *const plain_actions[] = {
    "win.undo", "win.undo", "win.redo", "win.zoom-in", "win.zoom-out", "win.zoom-fit", "win.zoom-one",
    "win.zoom-toggle", "win.sidebar", "win.results", "win.stop", "win.paint", "win.search", "win.brush-larger",
    "win.brush-smaller", "win.copy", "win.open-sample",
};

static void pick(Stage *stage, GRand *random)
{
    GListModel *styles = pst_style_page_model(stage->window->style_page);
    guint count = g_list_model_get_n_items(styles);

    if (count > 0) {
        g_autoptr(PstStyleItem) item = g_list_model_get_item(styles, (guint)g_rand_int_range(random, 0, (int)count));

        if (g_rand_boolean(random)) {
            pst_document_pick(stage->window->document, pst_style_item_id(item), pst_style_item_style(item));
        } else {
            pst_document_toggle(stage->window->document, pst_style_item_id(item), pst_style_item_style(item));
        }
    }
}

static void slide(Stage *stage, GRand *random)
{
    static const char *const sliders[] = { "strength", "stroke", "detail" };
    GtkWidget *slider = find_widget(GTK_WIDGET(stage->window->adjust_panel),
                                    sliders[g_rand_int_range(random, 0, G_N_ELEMENTS(sliders))]);

    gtk_range_set_value(GTK_RANGE(slider), g_rand_double_range(random, 0, 4));
}

static void brush(Stage *stage, GRand *random)
{
    double x = g_rand_double(random), y = g_rand_double(random);

    g_signal_emit_by_name(stage->window->canvas, "stroke-begin", x, y);
    for (int i = 0; i < 8; i++) {
        g_signal_emit_by_name(stage->window->canvas, "stroke-move", x + 0.03 * i, y - 0.02 * i);
    }
    g_signal_emit_by_name(stage->window->canvas, "stroke-end");
}

static void regions(Stage *stage, GRand *random)
{
    GtkWidget *panel = GTK_WIDGET(stage->window->region_panel);

    switch (g_rand_int_range(random, 0, 4)) {
    case 0:
        g_signal_emit_by_name(find_widget(panel, "add"), "clicked");
        break;
    case 1:
        g_signal_emit_by_name(find_widget(panel, "clear"), "clicked");
        break;
    case 2:
        pst_document_set_region(stage->window->document, g_rand_int_range(random, 0, PST_REGIONS));
        break;
    default:
        gtk_switch_set_active(GTK_SWITCH(find_widget(panel, "invert")), g_rand_boolean(random));
    }
}

static void act(Stage *stage, GRand *random)
{
    static const char *const pages[] = { "styles", "adjust", "regions" };
    static const char *const words[] = { "", "v", "hok", "van gogh", "zzz" };

    switch (g_rand_int_range(random, 0, 9)) {
    case 0:
    case 1:
        pick(stage, random);
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
        gtk_stack_set_visible_child_name(GTK_STACK(stage->window->pages), pages[g_rand_int_range(random, 0, 3)]);
        break;
    case 6:
        gtk_editable_set_text(GTK_EDITABLE(find_widget(GTK_WIDGET(stage->window->style_page), "search")),
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
    stage_free(stage);
}

/* Resident memory, bytes. */
static gsize memory(void)
{
    g_autofree char *text = NULL;
    gsize total, resident;

    if (!g_file_get_contents("/proc/self/statm", &text, NULL, NULL) ||
        sscanf(text, "%zu %zu", &total, &resident) != 2) {
        return 0;
    }
    return resident * (gsize)sysconf(_SC_PAGESIZE);
}

static void cycle(const char *photo)
{
    Stage *stage = stage_new(1000, 700);

    stage_open(stage, photo);
    g_signal_emit_by_name(find_widget(GTK_WIDGET(stage->window->style_page), "grid"), "activate", 3);
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
