/* One style in the grid. Signal "toggle" (PstStyleItem *item): it is to join the mix, or to leave it. */
#pragma once

#include <gtk/gtk.h>

#include "app/desktop/style_thumbnail.h"

G_BEGIN_DECLS

#define PST_TYPE_STYLE_CARD pst_style_card_get_type()
G_DECLARE_FINAL_TYPE(PstStyleCard, pst_style_card, PST, STYLE_CARD, GtkWidget)

GtkWidget *pst_style_card_new(void);

/** What to show, or NULL. */
void pst_style_card_set_thumbnail(PstStyleCard *card, PstStyleThumbnail *thumbnail);

G_END_DECLS
