#include "style_page.h"

#include <glib/gi18n.h>

#include "app/desktop/preferences.h"
#include "file_drop.h"
#include "mix_box.h"
#include "style_card.h"

struct _PstStylePage {
    GtkWidget parent_instance;
    GtkWidget *box, *search, *add_button, *all, *own, *recent, *region_label, *stack, *nothing, *hint, *grid,
        *train_label, *training;
    PstMixBox *mix_box;
    GtkCustomFilter *filter;
    GtkFilterListModel *filtered;
    GtkSortListModel *sorted;
    GtkSorter *by_age; /* of the last use */
    GStrv lately;      /* identifiers of styles, while only those are shown */
    PstDocument *document;
    PstThumbnailList *thumbnails;
};

G_DEFINE_FINAL_TYPE(PstStylePage, pst_style_page, GTK_TYPE_WIDGET)

static void on_toggle(PstStyleCard *card, PstStyleItem *item, PstStylePage *page)
{
    pst_document_toggle(page->document, pst_style_item_id(item), pst_style_item_style(item));
}

static void on_setup(GtkSignalListItemFactory *factory, GtkListItem *list_item, PstStylePage *page)
{
    GtkWidget *card = pst_style_card_new();

    g_signal_connect_object(card, "toggle", G_CALLBACK(on_toggle), page, 0);
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
}

static void on_items(PstStylePage *page);

static gboolean matches(gpointer thumbnail, gpointer data)
{
    PstStyleItem *item = pst_style_thumbnail_item(thumbnail);
    PstStylePage *page = data;

    if (page->lately && !g_strv_contains((const char *const *)page->lately, pst_style_item_id(item))) {
        return FALSE;
    }
    return (!gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(page->own)) ||
            pst_style_item_origin(item) != PST_STYLE_OF_PROGRAM) &&
           pst_style_item_matches(item, gtk_editable_get_text(GTK_EDITABLE(page->search)));
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

/* Which of the styles are shown; those used lately are as they were when this was chosen, so that nothing moves
 * under the pointer. */
static void on_group(PstStylePage *page)
{
    gboolean recent = gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(page->recent));

    g_clear_pointer(&page->lately, g_strfreev);
    page->lately = recent ? pst_preferences_get_recent_styles() : NULL;
    gtk_sort_list_model_set_sorter(page->sorted, recent ? page->by_age : NULL);
    gtk_filter_changed(GTK_FILTER(page->filter), GTK_FILTER_CHANGE_DIFFERENT);
    on_items(page);
}

static void on_search(PstStylePage *page)
{
    gtk_filter_changed(GTK_FILTER(page->filter), GTK_FILTER_CHANGE_DIFFERENT);
}

static void on_stop_search(PstStylePage *page)
{
    gtk_editable_set_text(GTK_EDITABLE(page->search), "");
    gtk_widget_grab_focus(page->grid);
}

/* Return in the search picks the first style found. */
static void on_search_activate(PstStylePage *page)
{
    if (g_list_model_get_n_items(G_LIST_MODEL(page->sorted)) > 0) {
        on_activate(GTK_GRID_VIEW(page->grid), 0, page);
    }
}

static void on_items(PstStylePage *page)
{
    gboolean searching = *gtk_editable_get_text(GTK_EDITABLE(page->search));
    gboolean none = g_list_model_get_n_items(G_LIST_MODEL(page->sorted)) == 0;
    gboolean own = gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(page->own));

    gtk_label_set_text(GTK_LABEL(page->nothing), searching      ? _("No style is called that")
                                                 : page->lately ? _("No style was used yet")
                                                                : _("No style of your own yet"));
    gtk_label_set_text(GTK_LABEL(page->hint), own ? _("Drop a picture or a style file here, or train a style.")
                                                  : _("Drop any picture here to paint in its style."));
    gtk_stack_set_visible_child_name(GTK_STACK(page->stack),
                                     none && (searching || own || page->lately) ? "nothing" : "grid");
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
    }
    gtk_label_set_text(GTK_LABEL(page->region_label), text);
    gtk_widget_set_visible(page->region_label, look->count > 1);
}

void pst_style_page_pick(PstStylePage *page, PstStyleItem *item)
{
    gtk_editable_set_text(GTK_EDITABLE(page->search), "");
    if (page->lately) {
        gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(page->all), TRUE);
    }
    pst_document_pick(page->document, pst_style_item_id(item), pst_style_item_style(item));
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
    g_signal_connect_object(thumbnails, "items-changed", G_CALLBACK(update), page, G_CONNECT_SWAPPED);
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
    gtk_widget_set_visible(page->training, text != NULL);
    gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(page->training), share);
}

static void pst_style_page_dispose(GObject *object)
{
    PstStylePage *page = PST_STYLE_PAGE(object);

    if (page->grid) {
        gtk_grid_view_set_model(GTK_GRID_VIEW(page->grid), NULL);
    }
    gtk_widget_dispose_template(GTK_WIDGET(object), PST_TYPE_STYLE_PAGE);
    page->grid = NULL;
    g_clear_object(&page->filtered);
    g_clear_object(&page->sorted);
    g_clear_object(&page->by_age);
    g_clear_pointer(&page->lately, g_strfreev);
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
    gtk_widget_class_bind_template_child(widget_class, PstStylePage, add_button);
    gtk_widget_class_bind_template_child(widget_class, PstStylePage, all);
    gtk_widget_class_bind_template_child(widget_class, PstStylePage, own);
    gtk_widget_class_bind_template_child(widget_class, PstStylePage, recent);
    gtk_widget_class_bind_template_child(widget_class, PstStylePage, region_label);
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
    selection = gtk_no_selection_new(G_LIST_MODEL(g_object_ref(page->sorted)));
    g_signal_connect(factory, "setup", G_CALLBACK(on_setup), page);
    g_signal_connect(factory, "bind", G_CALLBACK(on_bind), page);
    g_signal_connect(factory, "unbind", G_CALLBACK(on_unbind), page);
    gtk_grid_view_set_factory(GTK_GRID_VIEW(page->grid), factory);
    gtk_grid_view_set_model(GTK_GRID_VIEW(page->grid), GTK_SELECTION_MODEL(selection));
    g_signal_connect(page->grid, "activate", G_CALLBACK(on_activate), page);
    g_signal_connect_object(page->sorted, "items-changed", G_CALLBACK(on_items), page, G_CONNECT_SWAPPED);
    g_signal_connect_swapped(page->all, "toggled", G_CALLBACK(on_group), page);
    g_signal_connect_swapped(page->own, "toggled", G_CALLBACK(on_group), page);
    g_signal_connect_swapped(page->recent, "toggled", G_CALLBACK(on_group), page);
    g_signal_connect_swapped(page->search, "search-changed", G_CALLBACK(on_search), page);
    g_signal_connect_swapped(page->search, "stop-search", G_CALLBACK(on_stop_search), page);
    g_signal_connect_swapped(page->search, "activate", G_CALLBACK(on_search_activate), page);

    pst_file_drop_accept(GTK_WIDGET(page), (PstFileDrop)add_file, page);
}
