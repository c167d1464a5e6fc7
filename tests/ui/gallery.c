/* The styles beside the picture: groups, stars, search, mixes, the whole window; samples before there is a photo. */
#include <string.h>

#include "app/desktop/preferences.h"
#include "harness.h"

static GtkWidget *page(Stage *stage, const char *id)
{
    return find_widget(find_widget(stage->window, "style_page"), id);
}

static void choose(Stage *stage, const char *group)
{
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(page(stage, group)), TRUE);
}

static guint count(Stage *stage)
{
    return g_list_model_get_n_items(window_styles(stage->window));
}

static void test_groups(void)
{
    static const char *const groups[] = { "bold", "ink", "soft", "texture" };
    Stage *stage = stage_new(1180, 760);
    guint all = count(stage), sum = 0;

    /* The best first. */
    g_assert_cmpstr(pst_style_item_id(stage_style(stage, 0)), ==, "composition-iv");
    for (gsize i = 0; i < G_N_ELEMENTS(groups); i++) {
        choose(stage, groups[i]);
        g_assert_cmpuint(count(stage), >, 2);
        sum += count(stage);
    }
    g_assert_cmpuint(sum, ==, all);
    choose(stage, "own");
    g_assert_cmpuint(count(stage), ==, 0);
    g_assert_cmpstr(gtk_stack_get_visible_child_name(GTK_STACK(page(stage, "stack"))), ==, "nothing");
    stage_free(stage);
}

static void test_stars(void)
{
    Stage *stage = stage_new(1180, 760);
    GtkWidget *card = find_type(stage->window, "PstStyleCard");
    PstStyleItem *item = stage_style(stage, 0);

    click(find_widget(card, "star"));
    choose(stage, "favourites");
    g_assert_cmpuint(count(stage), ==, 1);
    g_assert_true(stage_style(stage, 0) == item);
    stage_screenshot(stage, "favourites");
    stage_free(stage);

    /* They are there at the next start. */
    stage = stage_new(1180, 760);
    choose(stage, "favourites");
    g_assert_cmpuint(count(stage), ==, 1);
    pst_preferences_set_favourite(pst_style_item_id(stage_style(stage, 0)), FALSE);
    stage_free(stage);
}

/* By what a style is full of, not only by what it is called. */
static void test_colours(void)
{
    Stage *stage = stage_new(1180, 760);
    GtkWidget *search = page(stage, "search");
    guint all = count(stage);

    gtk_editable_set_text(GTK_EDITABLE(search), "blue");
    g_signal_emit_by_name(search, "search-changed");
    g_assert_cmpuint(count(stage), >, 0);
    g_assert_cmpuint(count(stage), <, all);
    gtk_editable_set_text(GTK_EDITABLE(search), "ink hokusai");
    g_signal_emit_by_name(search, "search-changed");
    g_assert_cmpuint(count(stage), ==, 3);
    stage_free(stage);
}

/* Return comes before the styles do: it picks the one that is searched for, once it is there. */
static void test_early_search(void)
{
    Stage *stage = stage_begin(1180, 760);
    GtkWidget *search = page(stage, "search");
    const PstLookRegion *region;

    gtk_editable_set_text(GTK_EDITABLE(search), "great wave");
    g_assert_cmpuint(count(stage), ==, 0);
    g_signal_emit_by_name(search, "activate");
    stage_rest(stage);
    region = &pst_document_look(stage->document)->regions[0];
    g_assert_cmpint(region->count, ==, 1);
    g_assert_cmpstr(region->styles[0].style->name, ==, "The Great Wave");
    stage_free(stage);
}

/* Styles have all of the window; a click on one gives it back. */
static void test_whole_window(void)
{
    Stage *stage = stage_new(1180, 760);

    stage_open_sample(stage);
    stage_activate(stage, "win.gallery", NULL);
    g_assert_false(gtk_widget_get_visible(find_widget(stage->window, "view")));
    stage_screenshot(stage, "gallery");
    stage_pick(stage, 2);
    g_assert_true(gtk_widget_get_visible(find_widget(stage->window, "view")));
    g_assert_false(pst_look_is_plain(stage_look(stage)));
    stage_activate(stage, "win.gallery", NULL);
    stage_activate(stage, "win.stop", NULL); /* as Escape does, once nothing is painted */
    stage_rest(stage);
    stage_activate(stage, "win.stop", NULL);
    g_assert_true(gtk_widget_get_visible(find_widget(stage->window, "view")));
    stage_free(stage);
}

/* A handle stands where its number says, and the shares are those of the look. */
static void test_mix_shares(void)
{
    Stage *stage = stage_new(1180, 760);
    GtkWidget *grid = find_widget(find_widget(stage->window, "mix_box"), "grid"), *scale;
    const PstLookRegion *region;

    for (guint i = 0; i < 3; i++) {
        PstStyleItem *item = stage_style(stage, i);

        pst_document_toggle(stage->document, pst_style_item_id(item), pst_style_item_style(item));
    }
    scale = gtk_grid_get_child_at(GTK_GRID(grid), 1, 0);
    g_assert_cmpfloat_with_epsilon(gtk_range_get_value(GTK_RANGE(scale)), 1.0 / 3, 1e-9);
    gtk_range_set_value(GTK_RANGE(scale), 0.86);
    g_assert_cmpstr(gtk_label_get_text(GTK_LABEL(gtk_grid_get_child_at(GTK_GRID(grid), 2, 0))), ==, "86 %");
    g_assert_cmpstr(gtk_label_get_text(GTK_LABEL(gtk_grid_get_child_at(GTK_GRID(grid), 2, 1))), ==, "7 %");
    region = &stage_look(stage)->regions[0];
    g_assert_cmpfloat_with_epsilon(region->styles[0].weight, 0.86, 1e-9);
    g_assert_cmpfloat_with_epsilon(region->styles[1].weight, region->styles[2].weight, 1e-9);
    stage_free(stage);
}

/* What was dropped is no style of the user's own before it is kept. */
static void test_dropped(void)
{
    Stage *stage = stage_new(1180, 760);
    g_autofree char *picture = large_photo(400);
    guint all = count(stage);

    choose(stage, "own");
    stage_add_style(stage, picture);
    stage_rest(stage);
    g_assert_true(gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(page(stage, "all"))));
    g_assert_cmpuint(count(stage), ==, all + 1);
    choose(stage, "own");
    g_assert_cmpuint(count(stage), ==, 0);
    stage_activate(stage, "win.keep-style", picture);
    stage_rest(stage);
    g_assert_cmpuint(count(stage), ==, 1);
    stage_activate(stage, "win.delete-style", pst_style_item_id(stage_style(stage, 0)));
    stage_rest(stage);
    stage_free(stage);
}

static gboolean has_demo(gpointer stage)
{
    return gtk_widget_has_css_class(find_widget(((Stage *)stage)->window, "demo"), "shown");
}

static gboolean has_three_samples(gpointer stage)
{
    GtkWidget *samples = find_widget(((Stage *)stage)->window, "samples"), *child = gtk_widget_get_first_child(samples);
    int number = 0;

    for (; child; child = gtk_widget_get_next_sibling(child)) {
        number++;
    }
    return number == 3;
}

/* A sample opens painted; before, one is seen painted, in whichever style is clicked. */
static void test_samples(void)
{
    Stage *stage = stage_new(1180, 760);
    GtkWidget *caption = find_widget(stage->window, "caption");

    spin_until(has_demo, stage);
    spin_until(has_three_samples, stage);
    g_assert_nonnull(strstr(gtk_label_get_text(GTK_LABEL(caption)), "Charing Cross Bridge"));
    stage_screenshot(stage, "empty-painted");
    stage_pick(stage, 2);
    stage_rest(stage);
    while (!strstr(gtk_label_get_text(GTK_LABEL(caption)), pst_style_item_name(stage_style(stage, 2)))) {
        spin_for(20);
    }
    stage_activate(stage, "win.undo", NULL);
    click(gtk_widget_get_last_child(find_widget(stage->window, "samples")));
    stage_rest(stage);
    g_assert_nonnull(pst_document_photo(stage->document));
    g_assert_cmpstr(stage_look(stage)->regions[0].styles[0].id, ==, "starry-night");
    stage_free(stage);
}

/* The usual value is no end of a slider, save for strength, which is an opacity; strokes go both ways. */
static void test_slider_ends(void)
{
    static const char *const sliders[] = { "stroke", "likeness", "detail" };
    Stage *stage = stage_new(1180, 760);
    GtkWidget *panel = find_widget(stage->window, "adjust_panel");
    GtkRange *stroke = GTK_RANGE(find_widget(panel, "stroke"));

    gtk_expander_set_expanded(GTK_EXPANDER(find_widget(panel, "more")), TRUE);
    for (guint i = 0; i < G_N_ELEMENTS(sliders); i++) {
        GtkRange *range = GTK_RANGE(find_widget(panel, sliders[i]));
        GtkAdjustment *adjustment = gtk_range_get_adjustment(range);
        double least = gtk_adjustment_get_lower(adjustment), most = gtk_adjustment_get_upper(adjustment);
        double place = (gtk_range_get_value(range) - least) / (most - least);

        g_assert_cmpfloat(place, >, 0.3);
        g_assert_cmpfloat(place, <, 0.7);
    }
    gtk_range_set_value(stroke, -1);
    g_assert_cmpfloat(stage_look(stage)->stroke, ==, 0.5);
    gtk_test_accessible_assert_property(GTK_ACCESSIBLE(stroke), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, "0.5 ×");
    gtk_range_set_value(stroke, 2);
    g_assert_cmpfloat(stage_look(stage)->stroke, ==, 4);
    stage_free(stage);
}

/* One click says what the sliders are to say, and one step takes it back. */
static void test_presets(void)
{
    Stage *stage = stage_new(1180, 760);
    GtkWidget *panel = find_widget(stage->window, "adjust_panel");

    g_assert_true(gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(find_widget(panel, "balanced"))));
    stage_pick(stage, 1);
    click(find_widget(panel, "bold"));
    g_assert_cmpfloat(stage_look(stage)->stroke, ==, 2);
    g_assert_true(gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(find_widget(panel, "bold"))));
    g_assert_false(gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(find_widget(panel, "balanced"))));
    click(find_widget(panel, "subtle"));
    g_assert_cmpfloat(stage_look(stage)->strength, <, 1);
    stage_activate(stage, "win.undo", NULL);
    g_assert_true(gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(find_widget(panel, "bold"))));
    gtk_range_set_value(GTK_RANGE(find_widget(panel, "strength")), 0.8);
    g_assert_false(gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(find_widget(panel, "bold"))));
    stage_free(stage);
}

/* A menu that closes gives the keyboard back. */
static void test_menu(void)
{
    Stage *stage = stage_new(1180, 760);
    GtkMenuButton *button = GTK_MENU_BUTTON(find_widget(stage->window, "menu_button"));
    g_autofree char *photo = large_photo(300);

    stage_open(stage, photo);
    gtk_menu_button_popup(button);
    spin_for(100);
    gtk_menu_button_popdown(button);
    spin_for(100);
    g_assert_true(gtk_window_get_focus(GTK_WINDOW(stage->window)) == find_widget(stage->window, "canvas"));
    stage_free(stage);
}

/* The entry of that label in a menu and its sections. */
static gboolean has_entry(GMenuModel *menu, const char *label)
{
    for (int i = 0; i < g_menu_model_get_n_items(menu); i++) {
        g_autoptr(GMenuModel) section = g_menu_model_get_item_link(menu, i, G_MENU_LINK_SECTION);
        g_autofree char *text = NULL;

        g_menu_model_get_item_attribute(menu, i, G_MENU_ATTRIBUTE_LABEL, "s", &text);
        if (g_strcmp0(text, label) == 0 || (section && has_entry(section, label))) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Messages cover nothing of the side column, which can be drawn wider; what was opened lately is no empty submenu. */
static void test_side(void)
{
    Stage *stage = stage_new(1180, 760);
    GtkWidget *side = find_widget(stage->window, "sidebar"), *bar = find_widget(stage->window, "message_bar");
    GtkPaned *paned = GTK_PANED(find_widget(stage->window, "paned"));
    GMenuModel *menu = gtk_menu_button_get_menu_model(GTK_MENU_BUTTON(find_widget(stage->window, "menu_button")));
    graphene_rect_t message, column;
    int width;

    g_assert_true(has_entry(menu, "_Open…"));
    g_assert_false(has_entry(menu, "Open _Recent"));
    pst_document_tell(stage->document,
                      "A sentence that is so long that it would like to have all of the window, as some "
                      "sentences do where a file has a long name and a long reason.");
    spin_for(600);
    g_assert_true(gtk_widget_compute_bounds(bar, GTK_WIDGET(stage->window), &message));
    g_assert_true(gtk_widget_compute_bounds(side, GTK_WIDGET(stage->window), &column));
    g_assert_cmpfloat(message.origin.x + message.size.width, <=, column.origin.x);
    width = gtk_widget_get_width(side);
    gtk_paned_set_position(paned, gtk_paned_get_position(paned) - 120);
    spin_for(300);
    g_assert_cmpint(gtk_widget_get_width(side), ==, width + 120);
    stage_free(stage);
}

int main(int argc, char **argv)
{
    if (!harness_init(&argc, &argv)) {
        return 0;
    }
    g_test_add_func("/gallery/groups", test_groups);
    g_test_add_func("/gallery/stars", test_stars);
    g_test_add_func("/gallery/colours", test_colours);
    g_test_add_func("/gallery/early-search", test_early_search);
    g_test_add_func("/gallery/whole-window", test_whole_window);
    g_test_add_func("/gallery/mix-shares", test_mix_shares);
    g_test_add_func("/gallery/dropped", test_dropped);
    g_test_add_func("/gallery/samples", test_samples);
    g_test_add_func("/gallery/slider-ends", test_slider_ends);
    g_test_add_func("/gallery/presets", test_presets);
    g_test_add_func("/gallery/menu", test_menu);
    g_test_add_func("/gallery/side", test_side);
    return g_test_run();
}
