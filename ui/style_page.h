/* The grid of styles, all or a group of them, the user's own or those used lately, with its search, the weights of a
 * mix and the way to train one. Any picture dropped here becomes a style, any style file one of the user's own.
 */
#pragma once

#include <gtk/gtk.h>

#include "app/desktop/document.h"
#include "app/desktop/thumbnail_list.h"

#define PST_TYPE_STYLE_PAGE pst_style_page_get_type()
G_DECLARE_FINAL_TYPE(PstStylePage, pst_style_page, PST, STYLE_PAGE, GtkWidget)

void pst_style_page_set_document(PstStylePage *page, PstDocument *document, PstThumbnailList *thumbnails);

/** Picks a style that is new, and sees to it that it can be seen. */
void pst_style_page_pick(PstStylePage *page, PstStyleItem *item);

/** Styles have all of the window: a click on one gives it back to the picture. */
void pst_style_page_set_gallery(PstStylePage *page, gboolean gallery);

/** Puts the cursor into the search. */
void pst_style_page_search(PstStylePage *page);

/** A training that is under way, in words, and how far it has come, 0 .. 1; NULL: none. */
void pst_style_page_set_training(PstStylePage *page, const char *text, double share);
