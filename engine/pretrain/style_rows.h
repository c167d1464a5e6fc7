/* Style statistics of many artworks, each seen several times: what the style space is trained on.
 *
 * Of each artwork there is a row of the whole picture, rows of parts (70 to 100 % of each side, mirrored half of the
 * time) at a random scale, and rows of such parts in other colours, from which is learnt what colours do to a style.
 * A safetensors file with "style" [n][PST_STYLE_SIZE], "colour" [n][PST_ROW_COLOURS] and "shape" [3]: artworks, parts,
 * recoloured. Rows stand artwork by artwork: whole, parts, recoloured. It is as large as there are rows and is not
 * shipped.
 */
#pragma once

#include "engine/base/thread_pool.h"
#include "engine/gradient/loss_network.h"

/* Mean of RGB in 0..1, then the covariance's upper triangle: RR, RG, RB, GG, GB, BB. */
#define PST_ROW_COLOURS 9

typedef struct {
    int artworks, parts, recoloured; /* rows of an artwork: 1 + parts + recoloured */
    float *style;                    /* [count][PST_STYLE_SIZE] */
    float *colour;                   /* [count][PST_ROW_COLOURS] */
} PstStyleRows;

/** Rows of an artwork. */
int pst_style_rows_each(const PstStyleRows *rows);

/** Measures the picture files at `paths`. Whole pictures have the short side that a painting given as a style has
 *  (PST_STYLE_SIDE, or what it has itself), parts one of 224 .. 512. Depends on `seed`, not on the number of threads.
 *  NULL with the errors of reading pictures. */
PstStyleRows *pst_style_rows_new(const char *const *paths, int count, const PstLossNetwork *encoder, int parts,
                                 int recoloured, guint64 seed, PstThreadPool *pool, GError **error);
void pst_style_rows_free(PstStyleRows *rows);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstStyleRows, pst_style_rows_free)

/** Reads and writes the file. NULL and FALSE with PST_TENSORS_ERROR. */
PstStyleRows *pst_style_rows_read(const char *path, GError **error);
gboolean pst_style_rows_write(const PstStyleRows *rows, const char *path, GError **error);
