/* Turns a picture's rows upright by its EXIF orientation (CIPA DC-008, tag 0x0112). Private. */
#pragma once

#include "scratch_file.h"

/* An orientation, 1..8, as steps: rows and columns are exchanged first, then their order is reversed. */
typedef struct {
    gboolean turned;    /* rows of the upright picture are columns of the stored one */
    gboolean bottom_up; /* rows come in reverse order */
    gboolean mirrored;  /* pixels of a row come in reverse order */
} PstTurn;

PstTurn pst_turn_from_orientation(int orientation);

/* Reverses `width` pixels of `size` bytes. */
void pst_mirror_row(guint8 *row, gsize width, gsize size);

/* All rows of a picture in a scratch file: put in as stored, taken out upright. */
typedef struct _PstUpright PstUpright;

/* Bytes that the scratch file takes. */
guint64 pst_upright_spill(PstTurn turn, int width, int height, gsize pixel_size);
/* Bytes of memory besides. */
guint64 pst_upright_memory(PstTurn turn, int width, int height, gsize pixel_size);

/* For a stored picture of `width` x `height` pixels of `pixel_size` bytes. `name` and errors as of
 * pst_scratch_file_new(). */
PstUpright *pst_upright_new(PstTurn turn, int width, int height, gsize pixel_size, const char *name, GError **error);

/* The next stored row; `height` of them in all. */
void pst_upright_put(PstUpright *upright, const guint8 *row);

/* Row `y` of the upright picture, after all are put. */
void pst_upright_get(PstUpright *upright, int y, guint8 *row);

void pst_upright_free(PstUpright *upright);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstUpright, pst_upright_free)
