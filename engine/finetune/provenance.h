/* The provenance of a trained style, as the JSON texts that a style file holds (engine/style/style.h). */
#pragma once

#include "style_training.h"

/** All of these are the caller's, and shorter than PST_STYLE_PROVENANCE. */
char *pst_provenance_sources(const PstStyleImages *images);
char *pst_provenance_recipe(const PstStylePlan *plan, const char *networks, int steps);

/** {"step": [...], "style": [...], ...}: means over at most 200 spans of steps, and "trials": the validations. */
char *pst_provenance_curve(const PstFineTuning *tuning);

/** Any JSON as text; takes it over. */
char *pst_provenance_dumped(json_t *value);

/** One SHA-256 over the files of the NULL-terminated list. */
char *pst_provenance_checksum(const char *const *paths, GError **error);
