/* The options that say in what style and how something is painted, of photographs as of videos. */
#pragma once

#include "stylize_request.h"

/** The values of those that are numbers, as text. */
typedef struct {
    char *strength, *detail, *style_size, *stroke, *canvas, *size, *threads, *shard;
} PstLookTexts;

/** Adds the options to `entries`, which has room for PST_LOOK_OPTIONS more. */
#define PST_LOOK_OPTIONS (PST_STYLE_SOURCE_OPTIONS + 12)
void pst_look_options_add(PstStylizeRequest *request, PstLookTexts *texts, GOptionEntry *entries);

/** Checks the values, and that there is a style. FALSE and G_OPTION_ERROR. */
gboolean pst_look_options_check(PstStylizeRequest *request, const PstLookTexts *texts, GError **error);
