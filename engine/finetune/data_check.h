/* What is to be known about style images before a style is learnt from them, in plain words. Nothing of it is fatal.
 *
 * As JSON, for people, programs and the style file:
 *
 *   {"pictures": [{"file", "width", "height", "sharpness", "light", "colour", "hue_focus", "photograph"} ...],
 *    "findings": [{"kind", "text", "files": [...]} ...]}
 *
 * "text" is one line of English. A finding of kind "palette" may have "grey": true, one of kind "frame" also has
 * "crop": [left, top, width, height] in pixels of the picture; one of kind "styles" has "groups": [[file ...], [file
 * ...]].
 */
#pragma once

#include "engine/gradient/shallow_loss_network.h"
#include "style_images.h"
#include "picture_measures.h"

#include "engine/network/safetensors.h"

#include <jansson.h>

/** Kinds of findings, in the order in which they are reported. */
typedef enum {
    PST_FINDING_UNREADABLE, /* or too small to use (PST_STYLE_IMAGE_LEAST): left out */
    PST_FINDING_SMALL,
    PST_FINDING_BLURRED,
    PST_FINDING_DUPLICATE, /* counts more than once */
    PST_FINDING_PHOTOGRAPH,
    PST_FINDING_FRAME,
    PST_FINDING_STYLES,  /* clearly different ones */
    PST_FINDING_PALETTE, /* narrow */
    PST_FINDING_DARK,    /* all of them */
    PST_FINDING_BRIGHT,
    PST_FINDING_PORTRAITS,
    PST_FINDING_SINGLE, /* one picture only */
    PST_FINDINGS
} PstFindingKind;

/** Their names in JSON: "unreadable", "small", ... */
extern const char *const pst_finding_names[PST_FINDINGS + 1];

#define PST_SMALL_SIDE 256 /* pixels */

/** The kind of a finding; PST_FINDINGS for one of a later version. */
PstFindingKind pst_finding_kind(const json_t *finding);

/** What a finding of a report with these "pictures" says: in the user's language, or else in English, as "text" does.
 *  Lines about files that can't be read are as they were found. The caller's; NULL for a later version's. */
char *pst_finding_text(const json_t *finding, const json_t *pictures, gboolean translated);

/** Tells photographs from paintings by their style; see tools/pytorch/photograph_probe.py. */
typedef struct {
    float weight[PST_STYLE_SIZE], bias, mean[PST_STYLE_SIZE], std[PST_STYLE_SIZE];
} PstPhotographProbe;

gboolean pst_photograph_probe_read(PstPhotographProbe *probe, const char *path, GError **error);

/** Checks style images with the statistics of each, [count][PST_STYLE_SIZE] (pst_style_images_measure()). The caller's.
 *  */
json_t *pst_data_check(const PstStyleImages *images, const float *styles, const PstPhotographProbe *probe,
                       PstThreadPool *pool);
