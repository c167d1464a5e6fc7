/* The photograph in the light of another one, which is dropped here or chosen; a slider says how far.
 *
 * Signal "saved" (const char *path).
 */
#pragma once

#include <gtk/gtk.h>

#include "app/desktop/document.h"

#define PST_TYPE_LIGHT_DIALOG pst_light_dialog_get_type()
G_DECLARE_FINAL_TYPE(PstLightDialog, pst_light_dialog, PST, LIGHT_DIALOG, GtkWindow)

/** For the photograph of the document, which has to have one. */
GtkWidget *pst_light_dialog_new(GtkWindow *parent, PstDocument *document);

/** Takes the light of a picture, as if it were dropped. */
void pst_light_dialog_take(PstLightDialog *dialog, GFile *file);
