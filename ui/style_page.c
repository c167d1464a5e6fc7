#include "style_page.h"

#include <glib/gi18n.h>

#include "accessible.h"
#include "app/desktop/preferences.h"
#include "app/desktop/style_group.h"
#include "file_drop.h"
#include "mix_box.h"
#include "wheel.h"
#include "style_card.h"

#define COLUMNS         4 /* at most */
#define GALLERY_COLUMNS 8 /* the same where the styles have all of the window */

struct _PstStylePage {
    GtkWidget parent_instance;
    GtkWidget *box, *search, *groups_scroller, *all, *favourites, *bold, *ink, *soft, *texture, *own, *recent,
        *region_label, *stack, *artworks, *nothing, *hint, *grid, *train, *train_label, *training;
    PstMixBox *mix_box;
    GtkCustomFilter *filter;
    GtkFilterListModel *filtered;
    GtkSortListModel *sorted;
    GtkSorter *by_age;  /* of the last use */
    GtkSorter *by_rank; /* new ones, then the program's, the best first */
    GStrv lately;       /* identifiers of styles, while only those are shown */
    GStrv liked;        /* those with a star */
    gboolean gallery;
    gboolean searched; /* Return was pressed before there were styles */
    guint to_top;      /* the source that goes there, or 0 */
    PstDocument *document;
    PstThumbnailList *thumbnails;
};

G_DEFINE_FINAL_TYPE(PstStylePage, pst_style_page, GTK_TYPE_WIDGET)

static void read_favourites(PstStylePage *page);

static void on_toggle(PstStyleCard *card, PstStyleItem *item, PstStylePage *page)
{
    pst_document_toggle(page->document, pst_style_item_id(item), pst_style_item_style(item));
}

static void on_favourite(PstStyleCard *card, PstStyleItem *item, PstStylePage *page)
{
    const char *id = pst_style_item_id(item);

    pst_preferences_set_favourite(id, !g_strv_contains((const char *const *)page->liked, id));
    read_favourites(page);
}

static void on_setup(GtkSignalListItemFactory *factory, GtkListItem *list_item, PstStylePage *page)
{
    GtkWidget *card = pst_style_card_new();

    g_signal_connect_object(card, "toggle", G_CALLBACK(on_toggle), page, 0);
    g_signal_connect_object(card, "favourite", G_CALLBACK(on_favourite), page, 0);
    gtk_list_item_set_child(list_item, card);
}

static void on_bind(GtkSignalListItemFactory *factory, GtkListItem *list_item, PstStylePage *page)
{
    PstStyleThumbnail *thumbnail = gtk_list_item_get_item(list_item);

    pst_style_card_set_thumbnail(PST_STYLE_CARD(gtk_list_item_get_child(list_item)), thumbnail);
    pst_thumbnail_list_show(page->thumbnails, thumbnail);
}

static void on_unbind(GtkSignalListItemFactory *factory, GtkListItem *list_item, PstStylePage *page)
{
    pst_style_card_set_thumbnail(PST_STYLE_CARD(gtk_list_item_get_child(list_item)), NULL);
    pst_thumbnail_list_hide(page->thumbnails, gtk_list_item_get_item(list_item));
}

static void on_activate(GtkGridView *grid, guint position, PstStylePage *page)
{
    g_autoptr(PstStyleThumbnail) thumbnail = g_list_model_get_item(G_LIST_MODEL(page->sorted), position);
    PstStyleItem *item = pst_style_thumbnail_item(thumbnail);

    pst_document_pick(page->document, pst_style_item_id(item), pst_style_item_style(item));
    if (page->gallery) {
        gtk_widget_activate_action(GTK_WIDGET(page), "win.gallery", NULL);
    }
}

static gboolean is_active(GtkWidget *toggle)
{
    return gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(toggle));
}

static gboolean is_in_group(PstStylePage *page, PstStyleItem *item)
{
    const char *id = pst_style_item_id(item);
    GtkWidget *const groups[] = { page->bold, page->ink, page->soft, page->texture };

    for (PstStyleGroup group = 0; group < PST_STYLE_GROUPS; group++) {
        if (is_active(groups[group])) {
            return pst_style_group(id) == group;
        }
    }
    return is_active(page->favourites) ? g_strv_contains((const char *const *)page->liked, id)
           : is_active(page->own)      ? pst_style_item_origin(item) == PST_STYLE_OF_USER
           : page->lately              ? g_strv_contains((const char *const *)page->lately, id)
                                       : TRUE;
}

static gboolean matches(gpointer thumbnail, gpointer data)
{
    PstStyleItem *item = pst_style_thumbnail_item(thumbnail);
    PstStylePage *page = data;

    return is_in_group(page, item) && pst_style_item_matches(item, gtk_editable_get_text(GTK_EDITABLE(page->search)));
}

static int place_of(PstStylePage *page, gconstpointer thumbnail)
{
    const char *id = pst_style_item_id(pst_style_thumbnail_item((PstStyleThumbnail *)thumbnail));
    int place = 0;

    while (page->lately && page->lately[place] && !g_str_equal(page->lately[place], id)) {
        place++;
    }
    return place;
}

static int compare_age(gconstpointer a, gconstpointer b, gpointer data)
{
    return place_of(data, a) - place_of(data, b);
}

static int compare_rank(gconstpointer a, gconstpointer b, gpointer data)
{
    return pst_style_rank(pst_style_item_id(pst_style_thumbnail_item((PstStyleThumbnail *)a))) -
           pst_style_rank(pst_style_item_id(pst_style_thumbnail_item((PstStyleThumbnail *)b)));
}

static const char *choose_nothing(PstStylePage *page)
{
    return *gtk_editable_get_text(GTK_EDITABLE(page->search)) ? _("No style is called that")
           : is_active(page->favourites)                      ? _("No style has a star yet")
           : page->lately                                     ? _("No style was used yet")
                                                              : _("No style of your own yet");
}

static const char *choose_hint(PstStylePage *page)
{
    return is_active(page->own)          ? _("Drop a picture or a style file here, or train a style.")
           : is_active(page->favourites) ? _("The star on a style keeps it here.")
                                         : _("Drop any picture here to paint in its style.");
}

/* What is searched for may be among the artworks of the bank. */
static void show_artworks(PstStylePage *page, const char *text)
{
    g_autofree char *label = g_strdup_printf(_("Look for “%s” in the Artworks…"), text);

    gtk_button_set_label(GTK_BUTTON(page->artworks), label);
    gtk_label_set_ellipsize(GTK_LABEL(gtk_button_get_child(GTK_BUTTON(page->artworks))), PANGO_ELLIPSIZE_MIDDLE);
    gtk_actionable_set_action_target(GTK_ACTIONABLE(page->artworks), "s", text);
    pst_accessible_name_buttons(page->artworks);
    gtk_widget_set_visible(page->artworks, *text != '\0');
}

static void on_items(PstStylePage *page)
{
    const char *text = gtk_editable_get_text(GTK_EDITABLE(page->search));
    gboolean all = is_active(page->all) && !*text;
    gboolean none = g_list_model_get_n_items(G_LIST_MODEL(page->sorted)) == 0;

    show_artworks(page, text);
    gtk_label_set_text(GTK_LABEL(page->nothing), choose_nothing(page));
    gtk_label_set_text(GTK_LABEL(page->hint), choose_hint(page));
    gtk_stack_set_visible_child_name(GTK_STACK(page->stack), none && !all ? "nothing" : "grid");
}

/* Which of the styles are shown; those used lately are as they were when this was chosen, so that nothing moves
 * under the pointer. */
static void on_group(PstStylePage *page)
{
    gboolean recent = gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(page->recent));

    g_clear_pointer(&page->lately, g_strfreev);
    page->lately = recent ? pst_preferences_get_recent_styles() : NULL;
    gtk_sort_list_model_set_sorter(page->sorted, recent ? page->by_age : page->by_rank);
    gtk_filter_changed(GTK_FILTER(page->filter), GTK_FILTER_CHANGE_DIFFERENT);
    on_items(page);
}

static void on_search(PstStylePage *page)
{
    gtk_filter_changed(GTK_FILTER(page->filter), GTK_FILTER_CHANGE_DIFFERENT);
    on_items(page);
}

static void on_search_text(PstStylePage *page)
{
    page->searched = FALSE;
}

static void on_stop_search(PstStylePage *page)
{
    gtk_editable_set_text(GTK_EDITABLE(page->search), "");
    gtk_widget_grab_focus(page->grid);
}

/* Return in the search picks the first style found, by all of the text: "search-changed" comes a moment late. Where
 * there is none, it looks in the artworks; while the styles are still being read, it waits for them. */
static void on_search_activate(PstStylePage *page)
{
    on_search(page);
    if (g_list_model_get_n_items(G_LIST_MODEL(page->thumbnails)) == 0) {
        page->searched = TRUE;
    } else if (g_list_model_get_n_items(G_LIST_MODEL(page->sorted)) > 0) {
        on_activate(GTK_GRID_VIEW(page->grid), 0, page);
    } else if (gtk_widget_get_visible(page->artworks)) {
        gtk_widget_activate_action(GTK_WIDGET(page), "win.find-artworks", "s",
                                   gtk_editable_get_text(GTK_EDITABLE(page->search)));
    }
}

static void update(PstStylePage *page)
{
    const PstLook *look = pst_document_look(page->document);
    int index = pst_document_region(page->document);
    const PstLookRegion *region = &look->regions[index];
    GListModel *thumbnails = G_LIST_MODEL(page->thumbnails);
    g_autofree char *text = g_strdup_printf(_("For region %d of %d"), index + 1, look->count);

    for (guint i = 0; i < g_list_model_get_n_items(thumbnails); i++) {
        g_autoptr(PstStyleThumbnail) thumbnail = g_list_model_get_item(thumbnails, i);
        const char *id = pst_style_item_id(pst_style_thumbnail_item(thumbnail));

        pst_style_thumbnail_set_picked(thumbnail, pst_look_region_find(region, id) >= 0);
        pst_style_thumbnail_set_favourite(thumbnail, g_strv_contains((const char *const *)page->liked, id));
    }
    gtk_label_set_text(GTK_LABEL(page->region_label), text);
    gtk_widget_set_visible(page->region_label, look->count > 1);
}

static void on_styles(PstStylePage *page)
{
    update(page);
    if (page->searched) {
        page->searched = FALSE;
        on_search_activate(page);
    }
}

static void read_favourites(PstStylePage *page)
{
    g_strfreev(page->liked);
    page->liked = pst_preferences_get_favourites();
    if (page->document) {
        update(page);
    }
    if (is_active(page->favourites)) {
        gtk_filter_changed(GTK_FILTER(page->filter), GTK_FILTER_CHANGE_DIFFERENT);
    }
}

/* New styles come first; the grid has to have a place for them before it can go there. */
static gboolean on_top(gpointer data)
{
    PstStylePage *page = data;

    page->to_top = 0;
    gtk_adjustment_set_value(gtk_scrollable_get_vadjustment(GTK_SCROLLABLE(page->grid)), 0);
    return G_SOURCE_REMOVE;
}

void pst_style_page_pick(PstStylePage *page, PstStyleItem *item)
{
    if (*gtk_editable_get_text(GTK_EDITABLE(page->search))) {
        gtk_editable_set_text(GTK_EDITABLE(page->search), "");
        on_search(page); /* the entry says so a moment late */
    }
    if (!is_in_group(page, item)) {
        gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(page->all), TRUE);
    }
    pst_document_pick(page->document, pst_style_item_id(item), pst_style_item_style(item));
    if (page->to_top == 0) {
        page->to_top = g_idle_add_full(G_PRIORITY_LOW, on_top, page, NULL);
    }
}

void pst_style_page_set_gallery(PstStylePage *page, gboolean gallery)
{
    page->gallery = gallery;
    gtk_grid_view_set_max_columns(GTK_GRID_VIEW(page->grid), gallery ? GALLERY_COLUMNS : COLUMNS);
    if (gallery) {
        gtk_widget_add_css_class(page->grid, "gallery");
    } else {
        gtk_widget_remove_css_class(page->grid, "gallery");
    }
}

static void add_file(PstStylePage *page, GFile *file)
{
    g_autofree char *uri = g_file_get_uri(file);

    if (g_file_peek_path(file)) {
        gtk_widget_activate_action(GTK_WIDGET(page), "win.add-style-uri", "s", uri);
    } else {
        pst_document_tell(page->document, _("That picture is not on this computer; save it, then drop the file here."));
    }
}

void pst_style_page_set_document(PstStylePage *page, PstDocument *document, PstThumbnailList *thumbnails)
{
    page->document = document;
    page->thumbnails = g_object_ref(thumbnails);
    gtk_filter_list_model_set_model(page->filtered, G_LIST_MODEL(thumbnails));
    pst_mix_box_set_document(page->mix_box, document);
    g_signal_connect_object(document, "look-changed", G_CALLBACK(update), page, G_CONNECT_SWAPPED);
    g_signal_connect_object(document, "notify::region", G_CALLBACK(update), page, G_CONNECT_SWAPPED);
    g_signal_connect_object(thumbnails, "items-changed", G_CALLBACK(on_styles), page, G_CONNECT_SWAPPED);
}

void pst_style_page_search(PstStylePage *page)
{
    gtk_widget_grab_focus(page->search);
}

void pst_style_page_set_training(PstStylePage *page, const char *text, double share)
{
    gtk_label_set_text_with_mnemonic(GTK_LABEL(page->train_label), text ? text : _("_Train a Style…"));
    gtk_label_set_use_underline(GTK_LABEL(page->train_label), text == NULL);
    if (text) {
        gtk_label_set_text(GTK_LABEL(page->train_label), text);
    }
    gtk_widget_set_visible(page->train, text != NULL);
    gtk_widget_set_visible(page->training, text != NULL);
    gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(page->training), share);
}

static void pst_style_page_dispose(GObject *object)
{
    PstStylePage *page = PST_STYLE_PAGE(object);

    g_clear_handle_id(&page->to_top, g_source_remove);
    if (page->grid) {
        gtk_grid_view_set_model(GTK_GRID_VIEW(page->grid), NULL);
    }
    gtk_widget_dispose_template(GTK_WIDGET(object), PST_TYPE_STYLE_PAGE);
    page->grid = NULL;
    g_clear_object(&page->filtered);
    g_clear_object(&page->sorted);
    g_clear_object(&page->by_age);
    g_clear_object(&page->by_rank);
    g_clear_pointer(&page->lately, g_strfreev);
    g_clear_pointer(&page->liked, g_strfreev);
    g_clear_object(&page->thumbnails);
    G_OBJECT_CLASS(pst_style_page_parent_class)->dispose(object);
}

static void pst_style_page_class_init(PstStylePageClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

    g_type_ensure(PST_TYPE_MIX_BOX);
    G_OBJECT_CLASS(klass)->dispose = pst_style_page_dispose;
    gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_template_from_resource(widget_class, "/org/pastiche/Pastiche/ui/style_page.ui");
    gtk_widget_class_bind_template_child(widget_class, PstStylePage, box);
    gtk_widget_class_bind_template_child(widget_class, PstStylePage, search);
    gtk_widget_class_bind_template_child(widget_class, PstStylePage, all);
    gtk_widget_class_bind_template_child(widget_class, PstStylePage, favourites);
    gtk_widget_class_bind_template_child(widget_class, PstStylePage, bold);
    gtk_widget_class_bind_template_child(widget_class, PstStylePage, ink);
    gtk_widget_class_bind_template_child(widget_class, PstStylePage, soft);
    gtk_widget_class_bind_template_child(widget_class, PstStylePage, texture);
    gtk_widget_class_bind_template_child(widget_class, PstStylePage, train);
    gtk_widget_class_bind_template_child(widget_class, PstStylePage, groups_scroller);
    gtk_widget_class_bind_template_child(widget_class, PstStylePage, own);
    gtk_widget_class_bind_template_child(widget_class, PstStylePage, recent);
    gtk_widget_class_bind_template_child(widget_class, PstStylePage, region_label);
    gtk_widget_class_bind_template_child(widget_class, PstStylePage, artworks);
    gtk_widget_class_bind_template_child(widget_class, PstStylePage, nothing);
    gtk_widget_class_bind_template_child(widget_class, PstStylePage, hint);
    gtk_widget_class_bind_template_child(widget_class, PstStylePage, train_label);
    gtk_widget_class_bind_template_child(widget_class, PstStylePage, training);
    gtk_widget_class_bind_template_child(widget_class, PstStylePage, stack);
    gtk_widget_class_bind_template_child(widget_class, PstStylePage, grid);
    gtk_widget_class_bind_template_child(widget_class, PstStylePage, mix_box);
}

static void pst_style_page_init(PstStylePage *page)
{
    g_autoptr(GtkListItemFactory) factory = gtk_signal_list_item_factory_new();
    g_autoptr(GtkNoSelection) selection = NULL;

    gtk_widget_init_template(GTK_WIDGET(page));
    page->filter = gtk_custom_filter_new(matches, page, NULL);
    page->filtered = gtk_filter_list_model_new(NULL, GTK_FILTER(page->filter));
    page->sorted = gtk_sort_list_model_new(G_LIST_MODEL(g_object_ref(page->filtered)), NULL);
    page->by_age = GTK_SORTER(gtk_custom_sorter_new(compare_age, page, NULL));
    page->by_rank = GTK_SORTER(gtk_custom_sorter_new(compare_rank, page, NULL));
    gtk_sort_list_model_set_sorter(page->sorted, page->by_rank);
    read_favourites(page);
    selection = gtk_no_selection_new(G_LIST_MODEL(g_object_ref(page->sorted)));
    g_signal_connect(factory, "setup", G_CALLBACK(on_setup), page);
    g_signal_connect(factory, "bind", G_CALLBACK(on_bind), page);
    g_signal_connect(factory, "unbind", G_CALLBACK(on_unbind), page);
    gtk_grid_view_set_factory(GTK_GRID_VIEW(page->grid), factory);
    gtk_grid_view_set_model(GTK_GRID_VIEW(page->grid), GTK_SELECTION_MODEL(selection));
    g_signal_connect(page->grid, "activate", G_CALLBACK(on_activate), page);
    g_signal_connect_object(page->sorted, "items-changed", G_CALLBACK(on_items), page, G_CONNECT_SWAPPED);
    for (GtkWidget *group = page->all; group; group = gtk_widget_get_next_sibling(group)) {
        g_signal_connect_swapped(group, "toggled", G_CALLBACK(on_group), page);
    }
    g_signal_connect_swapped(page->search, "changed", G_CALLBACK(on_search_text), page);
    g_signal_connect_swapped(page->search, "search-changed", G_CALLBACK(on_search), page);
    g_signal_connect_swapped(page->search, "stop-search", G_CALLBACK(on_stop_search), page);
    g_signal_connect_swapped(page->search, "activate", G_CALLBACK(on_search_activate), page);

    pst_accessible_name_buttons(GTK_WIDGET(page));
    pst_wheel_sideways(page->groups_scroller);
    pst_file_drop_accept(GTK_WIDGET(page), (PstFileDrop)add_file, page);
}
