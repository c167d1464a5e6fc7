/* The palette of a style: its style vectors (palette_vectors.h) in 8 bits, and its paintings' colours, at most 1 MB. It
 * is all that refinement needs, so that it can be had again where the paintings are gone.
 *
 * In a file (style.h) it is five tensors:
 *   palette.vectors  [bytes] U8     octave by octave, layer by layer, [count][channels]; 128 is 0. Of each vector only
 *                                   the direction counts
 *   palette.lengths  [vectors] F32  in the same order
 *   palette.counts   [4][12] F32    whole numbers
 *   palette.moments  [4][2][864] F32  means, then standard deviations, of each octave's channels, layer by layer
 *   palette.colours  [13] F32       short side in pixels, mean of RGB, covariance of RGB
 */
#pragma once

#include "engine/kernel/colour_transfer.h"
#include "engine/network/safetensors_writer.h"
#include "engine/picture/picture.h"
#include "palette_vectors.h"

/* The short side at which paintings are looked at, at most; and the least. */
#define PST_PALETTE_SIDE     512
#define PST_PALETTE_SMALLEST 32
#define PST_PALETTE_BYTES    1000000 /* at most, in a file */

/** Immutable; any number of threads may share it. */
typedef struct PstStylePalette PstStylePalette;

/** Of `count` paintings (1 ..), all alike, at the short side of the smallest or PST_PALETTE_SIDE. Transparent ones are
 *  laid on white. The same paintings give the same palette on any number of threads. NULL where cancelled
 *  (G_IO_ERROR_CANCELLED) or without memory (PST_PICTURE_ERROR_MEMORY). */
PstStylePalette *pst_style_palette_new(const PstFeatureNetwork *network, PstThreadPool *pool,
                                       const PstPicture *const *paintings, int count, GCancellable *cancellable,
                                       GError **error);

/** Of n palettes in shares that add up to 1: so many vectors of each, moments of all. */
PstStylePalette *pst_style_palette_mix(const PstStylePalette *const *palettes, const double *shares, int n);
PstStylePalette *pst_style_palette_ref(const PstStylePalette *palette);
void pst_style_palette_unref(PstStylePalette *palette);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstStylePalette, pst_style_palette_unref)

/** The short side at which the paintings were looked at, in pixels. */
int pst_style_palette_side(const PstStylePalette *palette);

/** Means and covariances of the paintings' colours. */
PstColourMoments pst_style_palette_colours(const PstStylePalette *palette);

/** Both may be NULL. */
gboolean pst_style_palette_equal(const PstStylePalette *a, const PstStylePalette *b);

/** The vectors, where the first octave is number `first` (0 .. PST_PALETTE_OCTAVES - 1); owned by the caller. */
PstPaletteVectors *pst_style_palette_vectors(const PstStylePalette *palette, int first);

/** Adds the palette to a file, and the names of its tensors to a list. */
void pst_style_palette_write(const PstStylePalette *palette, PstTensorsWriter *writer);
void pst_style_palette_list_names(GPtrArray *names);

/** Whether a file has one. */
gboolean pst_style_palette_present(const PstTensors *tensors);

/** Takes it out of a file, strictly. NULL with PST_TENSORS_ERROR_MISMATCH, which names the file as `file`, where it is
 *  not such a palette. */
PstStylePalette *pst_style_palette_read(const PstTensors *tensors, const char *file, GError **error);
