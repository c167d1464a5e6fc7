/* A style as the grid shows it: what it is called, and a picture of what it does.
 *
 * Properties: "texture" (GdkTexture or NULL), "picked" (boolean: part of the look of the moment).
 */
#pragma once

#include <gdk/gdk.h>

#include "engine/style/style.h"

G_BEGIN_DECLS

typedef enum {
    PST_STYLE_OF_PROGRAM,
    PST_STYLE_OF_USER,
    PST_STYLE_DROPPED, /* worked out from a picture in this session */
} PstStyleOrigin;

#define PST_TYPE_STYLE_ITEM pst_style_item_get_type()
G_DECLARE_FINAL_TYPE(PstStyleItem, pst_style_item, PST, STYLE_ITEM, GObject)

/** Takes the style over. */
PstStyleItem *pst_style_item_new(const char *id, PstStyle *style, PstStyleOrigin origin);

const char *pst_style_item_id(PstStyleItem *item);
const PstStyle *pst_style_item_style(PstStyleItem *item);
PstStyleOrigin pst_style_item_origin(PstStyleItem *item);

/** "Katsushika Hokusai, 1831", or what of it is known; owned by the item. */
const char *pst_style_item_credit(PstStyleItem *item);

GdkTexture *pst_style_item_texture(PstStyleItem *item);
void pst_style_item_set_texture(PstStyleItem *item, GdkTexture *texture);

gboolean pst_style_item_picked(PstStyleItem *item);
void pst_style_item_set_picked(PstStyleItem *item, gboolean picked);

/** TRUE where every word of `text` is found in the name, artist, year or movement, ignoring case and accents. */
gboolean pst_style_item_matches(PstStyleItem *item, const char *text);

G_END_DECLS
