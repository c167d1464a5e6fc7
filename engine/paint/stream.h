/* From a photograph's file to a painting's, row by row: memory does not grow with the picture's height. */
#pragma once

#include "engine/picture/row_writer.h"
#include "look.h"

G_BEGIN_DECLS

/** TRUE for looks that can be painted so: one style or mix everywhere, strokes of the usual size. */
gboolean pst_look_can_stream(const PstLook *look);

/** Paints the file at `input` into one at `output` and returns the path that it got (see pst_row_writer_open()), owned by
 *  the caller. NULL and the errors of reading, painting and writing. */
char *pst_look_stream(const PstLook *look, const PstModel *model, PstThreadPool *pool, const char *input,
                      const char *output, const PstWriteOptions *options, PstPaintProgress progress, gpointer data,
                      GCancellable *cancellable, GError **error);

G_END_DECLS
