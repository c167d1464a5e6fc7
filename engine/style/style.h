/* A style: what the encoder's channels do on average over a painting, and what people call it.
 *
 * A style file (*.style, safetensors) holds the tensor "statistics" [480] (see architecture.h), optionally "correction"
 * [240] (calibration.h), "thumbnail" [bytes] (uint8, a JPEG file), patches (style_patches.h) and a palette
 * (style_palette.h), and in its metadata: "format" = "pastiche-style-1", "name", "artist", "year", "movement",
 * "licence". A style trained on pictures also
 * holds a weight delta of the generator (engine/network/weight_delta.h) and its provenance: "author" and, as JSON
 * texts, "sources", "recipe", "curve" and "report". See docs/formats.md.
 */
#pragma once

#include "engine/base/thread_pool.h"
#include "engine/network/architecture.h"
#include "engine/network/weight_delta.h"
#include "engine/network/model.h"
#include "engine/picture/picture.h"
#include "style_palette.h"
#include "style_patches.h"

#define PST_STYLE_ERROR pst_style_error_quark()
GQuark pst_style_error_quark(void);

typedef enum {
    PST_STYLE_ERROR_FORMAT, /* not a style file of this program */
    PST_STYLE_ERROR_VALUE   /* a text or a statistic that no style has */
} PstStyleError;

/* Longest text of a style's name, artist, year, movement and licence, in bytes. */
#define PST_STYLE_TEXT 200
/* And of each JSON text of its provenance. */
#define PST_STYLE_PROVENANCE 65536
/* Largest statistic. Those of paintings are below 20. */
#define PST_STYLE_LARGEST 1000.0f
#define PST_STYLE_SUFFIX  ".style"

typedef struct {
    char *name; /* never NULL; the others may be */
    char *artist;
    char *year;
    char *movement;
    char *licence;
    char *author;          /* who made the style, not the pictures */
    char *sources;         /* JSON array: the pictures it was made from, {"file", "sha256", "width", "height"} each */
    char *recipe;          /* JSON object: all that its training depended on */
    char *curve;           /* JSON object: how its training went */
    char *report;          /* JSON array: what was found in the pictures (engine/finetune/data_check.h) */
    PstWeightDelta *delta; /* of a trained style, or NULL */
    PstStylePatches *patches;         /* of a style made of pictures, or NULL */
    PstStylePalette *palette;         /* what refinement needs, or NULL: the style is painted at once only */
    GBytes *thumbnail;                /* a JPEG file, or NULL */
    float statistics[PST_STYLE_SIZE]; /* means of relu1_1 .. relu4_1, then standard deviations */
    float
        correction[PST_STYLE_CHANNELS]; /* of the deviations that the style code is made of (calibration.h); 0: none */
} PstStyle;

/** An empty style of that name; statistics are zero. */
PstStyle *pst_style_new(const char *name);
PstStyle *pst_style_copy(const PstStyle *style);
void pst_style_free(PstStyle *style);

/** TRUE if the file of one could be the other's: texts, thumbnail, statistics, correction, patches, palette and
 *  change are the same. */
gboolean pst_style_equal(const PstStyle *a, const PstStyle *b);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstStyle, pst_style_free)

/** Whether a style has a correction. */
gboolean pst_style_is_corrected(const PstStyle *style);

#define PST_STYLE_SIDE 512

/** The picture as its style is looked at: its short side is `short_side` pixels (0 means PST_STYLE_SIDE; enlarging is
 *  capped at 2x), or less where there would be more than `most` pixels. NULL when cancelled or without memory. */
PstPicture *pst_style_resize(const PstPicture *picture, int short_side, int most, GCancellable *cancellable,
                             GError **error);

/** Describes the style of a picture, resized so to at most 8 megapixels, by encoding it. Transparent pictures are
 *  laid on white. The style is named `name`. Several pictures become one style by pst_style_mix(). NULL when cancelled
 *  or without memory. */
PstStyle *pst_style_from_picture(const PstModel *model, PstThreadPool *pool, const PstPicture *picture, int short_side,
                                 const char *name, GCancellable *cancellable, GError **error);

/** Gives a style the palette of its paintings (1 ..). FALSE as pst_style_palette_new() does, or with PST_TENSORS_ERROR
 *  where the network's weights can't be read. */
gboolean pst_style_add_palette(PstStyle *style, const PstModel *model, PstThreadPool *pool,
                               const PstPicture *const *paintings, int count, GCancellable *cancellable,
                               GError **error);

/** The weighted mean of n (at least 1) styles' statistics: means and corrections are averaged, standard deviations by
 *  their variances, weight deltas are averaged (none counts as zero), patches are mixed with those that have some, and
 *  palettes where all have one. Weights must not be negative and must have a positive sum; they are normalised. A new
 *  style named after its parts. */
PstStyle *pst_style_mix(const PstStyle *const *styles, const double *weights, int n);

/** Reads a style file, strictly. NULL with PST_STYLE_ERROR or PST_TENSORS_ERROR otherwise. */
PstStyle *pst_style_read(const char *path, GError **error);

/** Writes a style file whole or not at all, over what was there (output.h). FALSE with what output.h says: MISSING,
 *  PERMISSION, NO_SPACE and others of PST_PICTURE_ERROR. */
gboolean pst_style_write(const PstStyle *style, const char *path, GError **error);
