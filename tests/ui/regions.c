/* Regions: settings that are one region's alone, and the tint that shows where it is. */
#include <string.h>

#include "app/desktop/session.h"
#include "engine/paint/recipe.h"
#include "harness.h"

static GtkWidget *panel_child(Stage *stage, const char *id)
{
    return find_widget(find_widget(stage->window, "adjust_panel"), id);
}

static GtkWidget *bar_child(Stage *stage, const char *id)
{
    return find_widget(find_widget(stage->window, "region_bar"), id);
}

/* A sample in one style, and a second one where a brush went over its upper half. */
static Stage *stage_with_region(void)
{
    Stage *stage = stage_new(1180, 760);
    GtkWidget *canvas = find_widget(stage->window, "canvas");

    stage_open_sample(stage);
    stage_pick(stage, 4);
    g_action_group_activate_action(G_ACTION_GROUP(stage->window), "regions", NULL);
    click(bar_child(stage, "add"));
    stage_pick(stage, 20);
    g_signal_emit_by_name(canvas, "brush-begin", 0.1, 0.2);
    for (int i = 1; i <= 20; i++) {
        g_signal_emit_by_name(canvas, "brush-move", 0.1 + 0.04 * i, 0.2);
    }
    g_signal_emit_by_name(canvas, "brush-end");
    stage_rest(stage);
    return stage;
}

static double change(Stage *stage, const guint32 *before, int from, int to)
{
    int width, height;
    g_autofree guint32 *now = canvas_pixels(stage, &width, &height);

    return pixels_difference(before + from * height / 8 * width, now + from * height / 8 * width,
                             (to - from) * height / 8 * width);
}

static void set_slider(Stage *stage, const char *id, double value)
{
    gtk_range_set_value(GTK_RANGE(panel_child(stage, id)), value);
    pst_document_settle(stage->document);
    stage_rest(stage);
}

/* A slider is about the region that was chosen, and says so; the other region does not change by a pixel. */
static void test_own(void)
{
    Stage *stage = stage_with_region();
    g_autofree guint32 *before = NULL;
    int width, height;

    g_assert_true(gtk_widget_get_visible(panel_child(stage, "scope")));
    g_assert_true(gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(panel_child(stage, "of_region"))));
    g_assert_cmpstr(gtk_button_get_label(GTK_BUTTON(panel_child(stage, "of_region"))), ==, "Region 2");
    g_assert_false(gtk_widget_get_visible(panel_child(stage, "stroke")) &&
                   gtk_widget_get_mapped(panel_child(stage, "stroke")));
    g_assert_false(gtk_widget_get_sensitive(panel_child(stage, "inherit")));
    before = canvas_pixels(stage, &width, &height);
    set_slider(stage, "strength", 0.25);
    g_assert_cmpfloat(stage_look(stage)->strength, ==, 1);
    g_assert_cmpfloat(pst_look_region_manner(stage_look(stage), 1).strength, ==, 0.25);
    g_assert_cmpfloat(change(stage, before, 2, 4), >, 1);
    g_assert_cmpfloat(change(stage, before, 6, 8), ==, 0);
    stage_screenshot(stage, "region-own");

    /* What it has not of its own follows the picture. */
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(panel_child(stage, "of_picture")), TRUE);
    g_assert_cmpfloat(gtk_range_get_value(GTK_RANGE(panel_child(stage, "strength"))), ==, 1);
    gtk_expander_set_expanded(GTK_EXPANDER(panel_child(stage, "more")), TRUE);
    set_slider(stage, "strength", 0.5);
    set_slider(stage, "detail", 0.75);
    g_assert_cmpfloat(pst_look_region_manner(stage_look(stage), 1).strength, ==, 0.25);
    g_assert_cmpfloat(pst_look_region_manner(stage_look(stage), 1).detail, ==, 0.75);
    stage_screenshot(stage, "region-picture");
    stage_activate(stage, "win.undo", NULL);
    stage_activate(stage, "win.undo", NULL);

    /* All of it again. */
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(panel_child(stage, "of_region")), TRUE);
    g_assert_cmpfloat(gtk_range_get_value(GTK_RANGE(panel_child(stage, "strength"))), ==, 0.25);
    click(panel_child(stage, "inherit"));
    stage_rest(stage);
    g_assert_cmpuint(stage_look(stage)->regions[1].own, ==, 0);
    g_assert_cmpfloat(change(stage, before, 0, 8), ==, 0);
    stage_activate(stage, "win.undo", NULL);
    g_assert_cmpuint(stage_look(stage)->regions[1].own, ==, PST_REGION_STRENGTH);
    stage_free(stage);
}

/* The lowest region is the whole picture: there is nothing to choose. */
static void test_lowest(void)
{
    Stage *stage = stage_with_region();

    pst_document_set_region(stage->document, 0);
    g_assert_false(gtk_widget_get_visible(panel_child(stage, "scope")));
    g_assert_true(gtk_widget_get_visible(panel_child(stage, "scope_note")));
    set_slider(stage, "strength", 0.5);
    g_assert_cmpfloat(stage_look(stage)->strength, ==, 0.5);
    g_assert_cmpuint(stage_look(stage)->regions[0].own, ==, 0);
    pst_document_set_region(stage->document, 1);
    g_assert_true(gtk_widget_get_visible(panel_child(stage, "scope")));
    stage_free(stage);
}

static void test_kept(void)
{
    Stage *stage = stage_with_region();
    g_autofree char *path = session_path();
    g_autoptr(PstLook) kept = NULL;

    set_slider(stage, "strength", 0.25);
    wait_for_session(stage);
    kept = pst_session_look(path);
    g_assert_true(pst_look_equal(kept, stage_look(stage)));
    g_assert_cmpuint(kept->regions[1].own, ==, PST_REGION_STRENGTH);
    stage_free(stage);
}

/* The tint can be put out, and is away with the tools. */
static void test_overlay(void)
{
    Stage *stage = stage_with_region();
    GtkToggleButton *overlay = GTK_TOGGLE_BUTTON(bar_child(stage, "overlay"));
    g_autofree guint32 *tinted = NULL, *plain = NULL;
    int width, height;

    g_assert_true(gtk_toggle_button_get_active(overlay));
    tinted = canvas_pixels(stage, &width, &height);
    stage_screenshot(stage, "region-tinted");
    gtk_toggle_button_set_active(overlay, FALSE);
    plain = canvas_pixels(stage, &width, &height);
    stage_screenshot(stage, "region-plain");
    g_assert_cmpfloat(pixels_difference(tinted, plain, width * height), >, 1);
    gtk_toggle_button_set_active(overlay, TRUE);
    g_assert_cmpfloat(change(stage, tinted, 0, 8), ==, 0);
    g_action_group_activate_action(G_ACTION_GROUP(stage->window), "regions", NULL);
    g_assert_cmpfloat(change(stage, plain, 0, 8), ==, 0);
    stage_free(stage);
}

int main(int argc, char **argv)
{
    if (!harness_init(&argc, &argv)) {
        return 0;
    }
    g_test_add_func("/regions/own", test_own);
    g_test_add_func("/regions/lowest", test_lowest);
    g_test_add_func("/regions/kept", test_kept);
    g_test_add_func("/regions/overlay", test_overlay);
    return g_test_run();
}
