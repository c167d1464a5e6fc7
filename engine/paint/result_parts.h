/* A result that several processes write: each encodes parts of its rows to files of their own, and the leading one
 * joins them (pst_row_writer_take()). */
#pragma once

#include "engine/picture/row_writer.h"
#include "engine/refine/tile_exchange.h"

typedef struct PstResultParts PstResultParts;

/** For a result of that many rows. The exchange is borrowed. */
PstResultParts *pst_result_parts_new(const PstTileExchange *exchange, int height);
void pst_result_parts_free(PstResultParts *parts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstResultParts, pst_result_parts_free)

/** Whether some of those rows are this process's to write, and not written yet. */
gboolean pst_result_parts_wants(const PstResultParts *parts, int first, int rows);

/** Takes the next rows of the result, laid out as for pst_row_writer_write(), and writes those that are wanted. `info`
 *  and `options` are those of the whole result, each time. Errors as of a PstRowWriter. */
gboolean pst_result_parts_write(PstResultParts *parts, const PstPictureInfo *info, const PstWriteOptions *options,
                                int rows, const float *rgb, const float *alpha, GCancellable *cancellable,
                                GError **error);

/** Writes all parts to the result, one after the other, each when it is there. */
gboolean pst_result_parts_join(const PstResultParts *parts, PstRowWriter *writer, GError **error);
