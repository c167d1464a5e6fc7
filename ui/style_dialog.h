/* What there is to know about a style: who made it, from which pictures, what was found in them, how its training went.
 * Of a style of the user's own the texts can be changed.
 *
 * Signal "save" (gpointer PstStyle, borrowed): with these texts from now on. The dialog closes itself then.
 */
#pragma once

#include <gtk/gtk.h>

#include "app/desktop/style_thumbnail.h"

#define PST_TYPE_STYLE_DIALOG pst_style_dialog_get_type()
G_DECLARE_FINAL_TYPE(PstStyleDialog, pst_style_dialog, PST, STYLE_DIALOG, GtkWindow)

/** At first it shows the style's own small picture. */
GtkWidget *pst_style_dialog_new(GtkWindow *parent, PstStyleThumbnail *thumbnail);

/** A larger picture of what the style does. */
void pst_style_dialog_set_picture(PstStyleDialog *dialog, GdkTexture *picture);
