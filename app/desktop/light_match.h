/* A photograph in the light of another one: looked at small, saved at full size. Nothing of it is painted.
 *
 * Properties: "texture" (GdkTexture, the photograph as it is or matched), "ready" (boolean: there is a light to save).
 * Signals: "message" (const char *text), "saved" (const char *path).
 */
#pragma once

#include "engine/picture/inputs.h"
#include "engine/service/photo.h"

#include <gdk/gdk.h>

#define PST_TYPE_LIGHT_MATCH pst_light_match_get_type()
G_DECLARE_FINAL_TYPE(PstLightMatch, pst_light_match, PST, LIGHT_MATCH, GObject)

/** Of a photograph, which is shared. */
PstLightMatch *pst_light_match_new(PstPhoto *photo);

/** Takes the light of the picture at `path`. "message" reports a failure; what was there stays then. */
void pst_light_match_set_like(PstLightMatch *match, const char *path);

/** 0 .. 1; 1 at first. */
void pst_light_match_set_strength(PstLightMatch *match, double strength);

/** A name for the result beside the photograph, for people: "lake-evening.jpg". The caller's, NULL while there is no
 *  light. */
char *pst_light_match_name(PstLightMatch *match);

/** Writes the matched photograph at full size over what is at `path`, unless that is one of `inputs`, in a thread of
 *  its own. "saved" or "message" tells how it ended. */
void pst_light_match_save(PstLightMatch *match, const char *path, PstInputs *inputs);

/** Ends what is under way: the match is not wanted any more. */
void pst_light_match_cancel(PstLightMatch *match);
