/* What is seen before there is a photo: how the program paints, and the ways to begin. Signal "sample" (int number):
 * one of the samples was chosen.
 */
#pragma once

#include <gtk/gtk.h>

#define PST_TYPE_EMPTY_PAGE pst_empty_page_get_type()
G_DECLARE_FINAL_TYPE(PstEmptyPage, pst_empty_page, PST, EMPTY_PAGE, GtkWidget)

/** The picture of a sample's button, and what it is; the number is from 0. */
void pst_empty_page_add_sample(PstEmptyPage *page, int number, GdkPaintable *picture, const char *title);

/** What is shown being painted, and in which style. */
void pst_empty_page_set_demo(PstEmptyPage *page, GdkTexture *photo, GdkTexture *painting, const char *style);
