/* What the program knows of its own styles beside what their files say: what they do to a photograph, which come first,
 * and a sentence about each, in the user's language.
 */
#pragma once

#include "engine/style/style.h"

typedef enum {
    PST_STYLE_GROUP_BOLD,    /* strong, unmixed colours */
    PST_STYLE_GROUP_INK,     /* lines: ink, woodcut, engraving */
    PST_STYLE_GROUP_SOFT,    /* light and air */
    PST_STYLE_GROUP_TEXTURE, /* what it is made of is seen: dots, stones, thick paint */
    PST_STYLE_GROUPS,
    PST_STYLE_GROUP_NONE = PST_STYLE_GROUPS /* not a style of the program */
} PstStyleGroup;

/** The group of the style of that identifier. */
PstStyleGroup pst_style_group(const char *id);

/** "Bold colour"; of a real group. */
const char *pst_style_group_title(PstStyleGroup group);

/** The place of a style among the program's own, the best first, from 1; 0 for others. */
int pst_style_rank(const char *id);

/** What the style of that identifier does, one sentence; NULL where that is not known. */
const char *pst_style_sentence(const char *id);

/** A text of a style's file (name, movement) in the user's language: known ones are translated, others are as they
 *  are. NULL gives NULL. */
const char *pst_style_text(const char *text);
