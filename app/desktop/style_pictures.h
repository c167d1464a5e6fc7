/* The photograph of a document in a few styles that are in no list, painted in small when there is nothing more urgent.
 *
 * Signal: "painted" (int index): a style has its picture, or, being another, no longer has one.
 */
#pragma once

#include <gdk/gdk.h>

#include "document.h"

#define PST_TYPE_STYLE_PICTURES pst_style_pictures_get_type()
G_DECLARE_FINAL_TYPE(PstStylePictures, pst_style_pictures, PST, STYLE_PICTURES, GObject)

/** `count` places without a style. The engine service is borrowed and has to outlive it. */
PstStylePictures *pst_style_pictures_new(PstEngineService *service, PstDocument *document, int count);
int pst_style_pictures_count(PstStylePictures *pictures);

/** Paints the photograph of the moment in a style, which is taken over; NULL for none. */
void pst_style_pictures_set(PstStylePictures *pictures, int index, PstStyle *style);

/** Both are owned by the pictures, and NULL where there is none. */
const PstStyle *pst_style_pictures_style(PstStylePictures *pictures, int index);
GdkTexture *pst_style_pictures_texture(PstStylePictures *pictures, int index);
