/* The photograph in several looks, side by side: nine that are a little otherwise, or those of earlier results. A click
 * keeps one.
 *
 * Signal "keep" (PstLook *look), borrowed.
 */
#pragma once

#include <gtk/gtk.h>

#include "app/desktop/document.h"
#include "app/desktop/style_list.h"

#define PST_TYPE_VARIANTS_DIALOG pst_variants_dialog_get_type()
G_DECLARE_FINAL_TYPE(PstVariantsDialog, pst_variants_dialog, PST, VARIANTS_DIALOG, GtkWindow)

/** Around the look of the document, which has to have a photograph. The engine service has to outlive the dialog. */
GtkWidget *pst_variants_dialog_new(GtkWindow *parent, PstEngineService *service, PstDocument *document,
                                   PstStyleList *styles);

/** The same of looks that were chosen (PstLook), in large pictures side by side, each with its name: a click goes back
 *  to one. */
GtkWidget *pst_variants_dialog_new_comparison(GtkWindow *parent, PstEngineService *service, PstDocument *document,
                                              PstStyleList *styles, GPtrArray *looks);
