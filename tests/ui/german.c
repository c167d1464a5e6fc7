/* The window in German. */
#include <string.h>

#include "app/common/language.h"
#include "harness.h"

static PstStyleItem *first_shown(Stage *stage)
{
    GListModel *shown = G_LIST_MODEL(gtk_grid_view_get_model(GTK_GRID_VIEW(find_widget(stage->window, "grid"))));
    g_autoptr(PstStyleThumbnail) thumbnail = g_list_model_get_item(shown, 0);

    return thumbnail ? pst_style_thumbnail_item(thumbnail) : NULL;
}

/* Styles are called what they are called in German, and found by it. */
static void test_styles(void)
{
    Stage *stage = stage_new(1180, 760);
    GtkWidget *search = find_widget(find_widget(stage->window, "style_page"), "search");

    stage_open_sample(stage);
    gtk_editable_set_text(GTK_EDITABLE(search), "kuss");
    g_signal_emit_by_name(search, "search-changed");
    g_assert_nonnull(first_shown(stage));
    g_assert_cmpstr(pst_style_item_id(first_shown(stage)), ==, "kiss");
    g_assert_cmpstr(pst_style_item_name(first_shown(stage)), ==, "Der Kuss");
    gtk_editable_set_text(GTK_EDITABLE(search), "");
    g_signal_emit_by_name(search, "search-changed");
    stage_pick(stage, 1);
    stage_rest(stage);
    g_assert_nonnull(
        strstr(gtk_label_get_text(GTK_LABEL(find_widget(find_widget(stage->window, "header"), "subtitle"))),
               "Die große Welle"));
    stage_screenshot(stage, "german");
    stage_activate(stage, "win.help", NULL);
    spin_for(300);
    window_screenshot(find_window("PstHelpDialog"), "german-help");
    stage_free(stage);
}

int main(int argc, char **argv)
{
    g_setenv("LANGUAGE", "de", TRUE);
    pst_language_begin();
    if (!harness_init(&argc, &argv)) {
        return 0;
    }
    g_test_add_func("/german/styles", test_styles);
    return g_test_run();
}
