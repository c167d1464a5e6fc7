/* What a style keeps of its paintings: small pictures of them, from which its palette (style_palette.h) is made again
 * in any size, where the paintings themselves are gone.
 *
 * Pictures rather than style vectors: 1,024 vectors of all layers in 8 bits take 0.9 MB for one size of the strokes;
 * the whole painting as a JPEG picture, its short side 768 pixels, takes a third of that, serves all sizes and outlives
 * the network.
 */
#pragma once

#include "colour_transfer.h"
#include "style_palette.h"

#include "engine/network/safetensors_writer.h"
#include "engine/picture/picture.h"

G_BEGIN_DECLS

#define PST_STYLE_PICTURES       8       /* at most */
#define PST_STYLE_PICTURES_SIDE  768     /* pixels of a short side, at most */
#define PST_STYLE_PICTURES_BYTES 1000000 /* of all of them in a file, at most */

/** Read-only, any number of threads may share it. */
typedef struct PstStylePictures PstStylePictures;

/** Of `count` paintings (1 ..), at most PST_STYLE_PICTURES of them, spread evenly. The same paintings give the same
 *  bytes. Errors: G_IO_ERROR_CANCELLED, PST_PICTURE_ERROR_MEMORY. */
PstStylePictures *pst_style_pictures_new(const PstPicture *const *paintings, int count, GCancellable *cancellable,
                                         GError **error);
void pst_style_pictures_free(PstStylePictures *pictures);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstStylePictures, pst_style_pictures_free)

int pst_style_pictures_count(const PstStylePictures *pictures);

/** The short side of the smallest: a palette in a larger size is made of enlarged pictures. */
int pst_style_pictures_short_side(const PstStylePictures *pictures);

/** Means and covariances of their colours, all alike. */
PstColourMoments pst_style_pictures_colours(const PstStylePictures *pictures);

/** Adds them to a file: "painting.0" .., JPEG in U8. */
void pst_style_pictures_write(const PstStylePictures *pictures, PstTensorsWriter *writer);

/** Takes them out of a file. NULL without an error where it has none; with one (PST_PICTURE_ERROR, `file` names it)
 *  where one is damaged or larger than such pictures are. */
PstStylePictures *pst_style_pictures_read(const PstTensors *tensors, const char *file, GError **error);

/** Their palette, where short sides are `short_side` pixels (16 ..). NULL where cancelled (G_IO_ERROR_CANCELLED) or out
 *  of memory. */
PstStylePalette *pst_style_pictures_palette(const PstStylePictures *pictures, const PstFeatureNetwork *network,
                                            PstExecutor *executor, int short_side, const PstPaletteOptions *options,
                                            GCancellable *cancellable, GError **error);

G_END_DECLS
