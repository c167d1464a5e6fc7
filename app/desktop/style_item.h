/* A style of the application's list: what it is called, and its own picture. Immutable; once it is called otherwise,
 * another item is in its place.
 */
#pragma once

#include <gdk/gdk.h>

#include "engine/style/style.h"

typedef enum {
    PST_STYLE_OF_PROGRAM,
    PST_STYLE_OF_USER,
    PST_STYLE_DROPPED, /* in use until the program ends: worked out from a picture, or brought along by a look */
} PstStyleOrigin;

#define PST_TYPE_STYLE_ITEM pst_style_item_get_type()
G_DECLARE_FINAL_TYPE(PstStyleItem, pst_style_item, PST, STYLE_ITEM, GObject)

/** Takes the style over; references the texture, which may be NULL. */
PstStyleItem *pst_style_item_new(const char *id, PstStyle *style, PstStyleOrigin origin, GdkTexture *texture);

const char *pst_style_item_id(PstStyleItem *item);
const PstStyle *pst_style_item_style(PstStyleItem *item);
PstStyleOrigin pst_style_item_origin(PstStyleItem *item);
GdkTexture *pst_style_item_texture(PstStyleItem *item);

/** What it is called, in the user's language where the program knows it; owned by the item. */
const char *pst_style_item_name(PstStyleItem *item);

/** "Katsushika Hokusai, 1831", or what of it is known; owned by the item. */
const char *pst_style_item_credit(PstStyleItem *item);

/** The pictures that it was made from, a line each ("kiss.jpg · 1200 × 800"); empty where that is not known. Owned
 *  by the caller. */
char *pst_style_item_sources(PstStyleItem *item);

/** What a file of the style is called at first: "great-wave.style". Owned by the caller. */
char *pst_style_item_file_name(PstStyleItem *item);

/** TRUE where every word of `text` is found in the name, artist, year, movement, group or colours, in English or the
 *  user's language, ignoring case and accents. */
gboolean pst_style_item_matches(PstStyleItem *item, const char *text);
