/* How several processes paint one masterpiece: each paints a share of its tiles, and the others' come from them.
 *
 * The painting has a small part, which strokes are refined on, and tiles of finer octaves, which depend on the small
 * part and the photograph alone (detail.h). So tiles may be painted anywhere and in any order; whoever writes rows of
 * the result joins them in one order, and bytes do not depend on how many processes there were.
 */
#pragma once

#include "engine/kernel/map.h"

/** What of a painting is exchanged. */
typedef struct {
    int band, column; /* of a tile; both -1: the small part */
} PstTilePlace;

#define PST_TILE_SMALL ((PstTilePlace){ -1, -1 })

typedef struct {
    gboolean leads; /* this process writes the result, or joins the parts that others have written */

    /** Whether this process is to paint it. From any thread. */
    gboolean (*is_mine)(PstTilePlace place, gpointer data);

    /** Fills the map, which has its size, with what is known of the place; where `wait`, when it becomes known.
     *  FALSE without an error where it is not. From any thread; with `wait` from the painting one. */
    gboolean (*take)(PstTilePlace place, gboolean wait, PstMap *map, gpointer data, GError **error);

    /** Hands on what was painted. From any thread. */
    gboolean (*give)(PstTilePlace place, const PstMap *map, gpointer data, GError **error);

    /** Whether this process is to write part `number` of the result. */
    gboolean (*is_my_part)(int number, gpointer data);

    /** The path of a part, owned by the caller; where `wait`, when the file is there. NULL on error. */
    char *(*part)(int number, gboolean wait, gpointer data, GError **error);

    gpointer data;
} PstTileExchange;
