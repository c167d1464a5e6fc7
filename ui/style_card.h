/* One style in the grid. Signals: "toggle" (PstStyleItem *item): it is to join the mix, or to leave it; "favourite"
 * (the same): it is to get a star, or to lose it. */
#pragma once

#include <gtk/gtk.h>

#include "app/desktop/style_thumbnail.h"

#define PST_TYPE_STYLE_CARD pst_style_card_get_type()
G_DECLARE_FINAL_TYPE(PstStyleCard, pst_style_card, PST, STYLE_CARD, GtkWidget)

GtkWidget *pst_style_card_new(void);

/** What to show, or NULL. */
void pst_style_card_set_thumbnail(PstStyleCard *card, PstStyleThumbnail *thumbnail);
