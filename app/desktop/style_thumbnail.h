/* A style as one window shows it: its own picture at first, then the open photograph in it.
 *
 * Properties: "texture" (GdkTexture or NULL), "picked" (boolean: part of the look of the moment),
 * "favourite" (boolean: it has a star).
 */
#pragma once

#include "style_item.h"

#define PST_TYPE_STYLE_THUMBNAIL pst_style_thumbnail_get_type()
G_DECLARE_FINAL_TYPE(PstStyleThumbnail, pst_style_thumbnail, PST, STYLE_THUMBNAIL, GObject)

PstStyleThumbnail *pst_style_thumbnail_new(PstStyleItem *item);

/** The style; owned by the thumbnail. */
PstStyleItem *pst_style_thumbnail_item(PstStyleThumbnail *thumbnail);

GdkTexture *pst_style_thumbnail_texture(PstStyleThumbnail *thumbnail);
void pst_style_thumbnail_set_texture(PstStyleThumbnail *thumbnail, GdkTexture *texture);

gboolean pst_style_thumbnail_picked(PstStyleThumbnail *thumbnail);
void pst_style_thumbnail_set_picked(PstStyleThumbnail *thumbnail, gboolean picked);

gboolean pst_style_thumbnail_favourite(PstStyleThumbnail *thumbnail);
void pst_style_thumbnail_set_favourite(PstStyleThumbnail *thumbnail, gboolean favourite);
