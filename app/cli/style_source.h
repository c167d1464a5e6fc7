/* Styles that come from no file: from words, from a sound, from chance. Options of several commands. */
#pragma once

#include "app/common/atlas.h"
#include "style_argument.h"

typedef struct {
    char *words;     /* --words, or NULL */
    char *sound;     /* --sound: a sound file, or NULL */
    char *surprise;  /* --surprise: a seed, or NULL */
    char *like;      /* --like: a style, or NULL */
    char *variation; /* --variation, or NULL */
    guint64 seed;    /* as checked */
    int number;      /* of the variation, 0: the answer itself */
} PstStyleSource;

#define PST_STYLE_SOURCE_VARIATIONS 9

/** Adds the options to `entries`, which has room for PST_STYLE_SOURCE_OPTIONS more. */
#define PST_STYLE_SOURCE_OPTIONS 5
void pst_style_source_add_options(PstStyleSource *source, GOptionEntry *entries);

/** TRUE if one of them was given. */
gboolean pst_style_source_is_given(const PstStyleSource *source);

/** Checks the values. FALSE and G_OPTION_ERROR. */
gboolean pst_style_source_check(PstStyleSource *source, GError **error);

/** Makes the style that was asked for; what was understood goes to `note`, for people, the caller's. `answer` says what
 *  the look is to be. NULL and an error ready to be shown. */
PstStyleArgument *pst_style_source_make(const PstStyleSource *source, const PstAtlas *atlas, const GPtrArray *library,
                                        PstWordsStyle *answer, char **note, GError **error);
