/* Finds styles for a document that are in no list: on the map, by words, by chance, like the one at hand, or on the way
 * from it to another. What is found is painted at once; steps of one search merge into one step of undo.
 *
 * Property: "ready" (boolean): the bank has been read. Signals: "changed" (): the phrase, the note or the style is
 * another.
 */
#pragma once

#include "style_pictures.h"

#define PST_TYPE_STYLE_FINDER pst_style_finder_get_type()
G_DECLARE_FINAL_TYPE(PstStyleFinder, pst_style_finder, PST, STYLE_FINDER, GObject)

/** Begins to read the bank, in a thread of its own; "ready" follows, or "message" of the document. The engine
 *  service is borrowed and has to outlive the finder. */
PstStyleFinder *pst_style_finder_new(PstEngineService *service, PstDocument *document);
gboolean pst_style_finder_is_ready(PstStyleFinder *finder);

/* ---- the map: all places are in 0..1 */

/** A dot: where it is and its three colours, sRGB, [9]. FALSE past the last one. */
gboolean pst_style_finder_dot(PstStyleFinder *finder, int index, double *x, double *y, const guint8 **colours);

/** A movement of several artworks, the largest first: its name, and where it is densest. FALSE past the last one. */
gboolean pst_style_finder_movement(PstStyleFinder *finder, int index, double *x, double *y, const char **name);

/** Paints the style of a place. */
void pst_style_finder_point(PstStyleFinder *finder, double x, double y);

/** "Klimt, The Kiss" where an artwork is within PST_STYLE_FINDER_REACH of a place, which then is the artwork's own,
 * else
 *  NULL; owned by the caller. */
#define PST_STYLE_FINDER_REACH 0.006
char *pst_style_finder_label(PstStyleFinder *finder, double x, double y);

/* ---- words */

/** Paints what a text asks for. */
void pst_style_finder_ask(PstStyleFinder *finder, const char *text);

/** A word of the phrase, and whether it was understood; after pst_style_finder_listen() what the sound is felt to be.
 *  NULL past the last one; owned by the finder. */
const char *pst_style_finder_word(PstStyleFinder *finder, int index, gboolean *understood);

/** Takes a word out and paints the rest. */
void pst_style_finder_remove_word(PstStyleFinder *finder, int index);

/** Other answers to the phrase; pst_style_finder_take_answer() paints one. Owned by the finder. */
PstStylePictures *pst_style_finder_answers(PstStyleFinder *finder);
void pst_style_finder_take_answer(PstStyleFinder *finder, int index);

/* ---- artworks */

/** The artwork that fits the words of pst_style_finder_ask() best, second best ..: its title, and who made it, when,
 * how, and
 *  its licence. FALSE past the last one. Texts are the caller's. */
gboolean pst_style_finder_artwork(PstStyleFinder *finder, int index, char **title, char **facts);

/** Paints it. */
void pst_style_finder_pick(PstStyleFinder *finder, int index);

/* ---- inventions */

/** Paints a random style, each time another. */
void pst_style_finder_surprise(PstStyleFinder *finder);

/** Makes variations of the style at hand, or of the document's, and paints the photograph's thumbnail in each. */
void pst_style_finder_vary(PstStyleFinder *finder);

/** The variations, nine; owned by the finder. */
PstStylePictures *pst_style_finder_variations(PstStyleFinder *finder);

/** Paints a variation, and makes narrower ones of it. */
void pst_style_finder_choose(PstStyleFinder *finder, int index);

/** Paints the style at `share` of the way from the one that the document had when the finder was made to the one
 *  found. */
void pst_style_finder_walk(PstStyleFinder *finder, double share);

/** Paints a sound's style: an interpretation, which the note says. */
void pst_style_finder_listen(PstStyleFinder *finder, const char *path);

/** What is to be said of the style at hand: what was understood, and which artworks are nearest, with their licences.
 * Owned
 *  by the finder; "" for nothing. */
const char *pst_style_finder_note(PstStyleFinder *finder);

/** The style at hand, to be kept; NULL where there is none. Owned by the finder. */
const PstStyle *pst_style_finder_style(PstStyleFinder *finder);
