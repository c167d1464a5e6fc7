/* One list of styles for all windows: what one makes, renames and deletes, the others show at once, and what another
 * program does to the folder soon. The thumbnails are each window's own.
 */
#include <glib/gstdio.h>

#include "app/common/own_styles.h"
#include "harness.h"

typedef struct {
    GListModel *styles;
    const char *id, *name; /* NULL: any, or none of that identifier */
} Wanted;

static PstStyleThumbnail *find_in(GListModel *styles, const char *id)
{
    for (guint i = 0; i < g_list_model_get_n_items(styles); i++) {
        g_autoptr(PstStyleThumbnail) thumbnail = g_list_model_get_item(styles, i);

        if (g_str_equal(pst_style_item_id(pst_style_thumbnail_item(thumbnail)), id)) {
            return thumbnail;
        }
    }
    return NULL;
}

static const char *name_in(GListModel *styles, const char *id)
{
    PstStyleThumbnail *thumbnail = find_in(styles, id);

    return thumbnail ? pst_style_item_style(pst_style_thumbnail_item(thumbnail))->name : NULL;
}

static gboolean is_called(gpointer data)
{
    const Wanted *wanted = data;

    return g_strcmp0(name_in(wanted->styles, wanted->id), wanted->name) == 0;
}

/* The same in a window as in the other at that moment. */
static void expect_in_both(GListModel *first, GListModel *second, const char *id, const char *name)
{
    spin_until(is_called, &(Wanted){ first, id, name });
    g_assert_cmpstr(name_in(second, id), ==, name);
    g_assert_cmpuint(g_list_model_get_n_items(first), ==, g_list_model_get_n_items(second));
}

static void close_window(PstWindow *window)
{
    gtk_window_destroy(GTK_WINDOW(window));
    while (g_main_context_iteration(NULL, FALSE)) {
    }
}

static void rename_style(Stage *stage, const char *id, const char *name)
{
    GtkWindow *dialog;

    stage_activate(stage, "win.style-details", id);
    dialog = find_window("PstStyleDialog");
    gtk_editable_set_text(GTK_EDITABLE(find_widget(dialog, "name")), name);
    click(find_widget(dialog, "save"));
}

static void test_windows(void)
{
    Stage *stage = stage_new(1000, 700);
    PstWindow *other = stage_new_window(stage);
    GListModel *first = window_styles(stage->window), *second = window_styles(other);

    for (guint i = 0; i < g_list_model_get_n_items(first); i++) {
        g_autoptr(PstStyleThumbnail) a = g_list_model_get_item(first, i), b = g_list_model_get_item(second, i);

        g_assert_true(pst_style_thumbnail_item(a) == pst_style_thumbnail_item(b));
    }
    stage_activate(stage, "win.duplicate-style", "great-wave");
    expect_in_both(first, second, "the-great-wave-copy", "The Great Wave (copy)");
    rename_style(stage, "the-great-wave-copy", "Ours");
    expect_in_both(first, second, "the-great-wave-copy", "Ours");

    /* The other one deletes, this one's bar does not offer to undo that. */
    gtk_widget_activate_action(GTK_WIDGET(other), "win.delete-style", "s", "the-great-wave-copy");
    expect_in_both(first, second, "the-great-wave-copy", NULL);
    g_assert_null(stage->told);
    gtk_widget_activate_action(GTK_WIDGET(other), "win.restore-style", NULL);
    expect_in_both(first, second, "the-great-wave-copy", "Ours");

    /* A closed window leaves all as it is to the others. */
    close_window(other);
    stage_activate(stage, "win.delete-style", "the-great-wave-copy");
    spin_until(is_called, &(Wanted){ first, "the-great-wave-copy", NULL });
    stage_free(stage);
}

static const char *subtitle(Stage *stage)
{
    return gtk_label_get_text(GTK_LABEL(find_widget(find_type(stage->window, "GtkHeaderBar"), "subtitle")));
}

/* What a style is called stands under the photo's name too. */
static void test_renamed_in_use(void)
{
    Stage *stage = stage_new(1000, 700);
    GListModel *list = window_styles(stage->window);
    PstStyleItem *item;

    stage_open_sample(stage);
    stage_activate(stage, "win.duplicate-style", "scream");
    spin_until(is_called, &(Wanted){ list, "the-scream-copy", "The Scream (copy)" });
    item = pst_style_list_find(stage->styles, "the-scream-copy");
    pst_document_pick(stage->document, "the-scream-copy", pst_style_item_style(item));
    g_assert_nonnull(strstr(subtitle(stage), "The Scream (copy)"));
    rename_style(stage, "the-scream-copy", "Evening");
    spin_until(is_called, &(Wanted){ list, "the-scream-copy", "Evening" });
    g_assert_null(strstr(subtitle(stage), "The Scream"));
    g_assert_nonnull(strstr(subtitle(stage), "Evening"));
    stage_activate(stage, "win.delete-style", "the-scream-copy");
    spin_until(is_called, &(Wanted){ list, "the-scream-copy", NULL });
    stage_rest(stage);
    stage_free(stage);
}

/* A look that has a deleted style goes on to paint in it and does not bring it back. */
static void test_deleted_in_use(void)
{
    Stage *stage = stage_new(1000, 700);
    PstWindow *other = stage_new_window(stage);
    GListModel *first = window_styles(stage->window);

    stage_open_sample(stage);
    stage_activate(stage, "win.duplicate-style", "kiss");
    spin_until(is_called, &(Wanted){ first, "the-kiss-copy", "The Kiss (copy)" });
    stage_pick(stage, 0);
    g_assert_cmpstr(stage_look(stage)->regions[0].styles[0].id, ==, "the-kiss-copy");
    gtk_widget_activate_action(GTK_WIDGET(other), "win.delete-style", "s", "the-kiss-copy");
    spin_until(is_called, &(Wanted){ first, "the-kiss-copy", NULL });
    gtk_range_set_value(GTK_RANGE(find_widget(stage->window, "strength")), 0.5);
    stage_rest(stage);
    g_assert_cmpstr(stage_look(stage)->regions[0].styles[0].id, ==, "the-kiss-copy");
    g_assert_null(find_in(first, "the-kiss-copy"));
    close_window(other);
    stage_free(stage);
}

static GdkTexture *texture_in(PstWindow *window, guint index)
{
    g_autoptr(PstStyleThumbnail) thumbnail = g_list_model_get_item(window_styles(window), index);

    return pst_style_thumbnail_texture(thumbnail);
}

static void test_thumbnails(void)
{
    Stage *stage = stage_new(1000, 700);
    PstWindow *other = stage_new_window(stage);
    guint count = g_list_model_get_n_items(window_styles(other));

    stage_open_sample(stage);
    window_rest(other);
    for (guint i = 0; i < count; i++) {
        GdkTexture *own = pst_style_item_texture(stage_style(stage, i));

        g_assert_nonnull(own);
        g_assert_true(texture_in(other, i) == own);
        g_assert_true(texture_in(stage->window, i) != own);
    }
    close_window(other);
    stage_free(stage);
}

/* The command line, or a file manager. */
static void test_another_program(void)
{
    Stage *stage = stage_new(1000, 700);
    PstWindow *other = stage_new_window(stage);
    GListModel *first = window_styles(stage->window), *second = window_styles(other);
    g_autoptr(PstStyle) style = pst_style_copy(pst_style_item_style(stage_style(stage, 5)));
    g_autoptr(PstStyleItem) last = g_object_ref(stage_style(stage, g_list_model_get_n_items(first) - 1));
    guint count = g_list_model_get_n_items(first);

    g_free(style->name);
    style->name = g_strdup("From outside");
    g_assert_true(pst_own_styles_replace("outside", style, NULL));
    expect_in_both(first, second, "outside", "From outside");
    g_assert_cmpstr(pst_style_item_id(stage_style(stage, 0)), ==, "outside");
    /* What has not changed is what it was. */
    g_assert_cmpuint(g_list_model_get_n_items(first), ==, count + 1);
    g_assert_true(stage_style(stage, count) == last);

    g_free(style->name);
    style->name = g_strdup("Renamed outside");
    g_assert_true(pst_own_styles_replace("outside", style, NULL));
    expect_in_both(first, second, "outside", "Renamed outside");
    g_assert_true(pst_own_styles_remove("outside", NULL));
    expect_in_both(first, second, "outside", NULL);
    close_window(other);
    stage_free(stage);
}

int main(int argc, char **argv)
{
    if (!harness_init(&argc, &argv)) {
        return 0;
    }
    g_test_add_func("/styles/windows", test_windows);
    g_test_add_func("/styles/renamed-in-use", test_renamed_in_use);
    g_test_add_func("/styles/deleted-in-use", test_deleted_in_use);
    g_test_add_func("/styles/thumbnails", test_thumbnails);
    g_test_add_func("/styles/another-program", test_another_program);
    return g_test_run();
}
