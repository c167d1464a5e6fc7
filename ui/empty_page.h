/* What the window shows before there is a photo: what to do, and a sample to try. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PST_TYPE_EMPTY_PAGE pst_empty_page_get_type()
G_DECLARE_FINAL_TYPE(PstEmptyPage, pst_empty_page, PST, EMPTY_PAGE, GtkWidget)

/** The sample's picture; NULL hides it and the button that opens it. */
void pst_empty_page_set_sample(PstEmptyPage *page, GdkPaintable *sample);

G_END_DECLS
