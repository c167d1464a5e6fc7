/* The grid of styles with its search, and the weights of a mix. Any picture dropped here becomes a style. */
#pragma once

#include <gtk/gtk.h>

#include "app/desktop/document.h"
#include "app/desktop/style_shelf.h"

G_BEGIN_DECLS

#define PST_TYPE_STYLE_PAGE pst_style_page_get_type()
G_DECLARE_FINAL_TYPE(PstStylePage, pst_style_page, PST, STYLE_PAGE, GtkWidget)

void pst_style_page_set_document(PstStylePage *page, PstDocument *document, PstStyleShelf *shelf);

/** Puts the cursor into the search. */
void pst_style_page_search(PstStylePage *page);

/** The styles as shown: PstStyleItem. */
GListModel *pst_style_page_model(PstStylePage *page);

G_END_DECLS
