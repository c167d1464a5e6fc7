/* What lies below a painting in a file with layers: the masks of its regions, then the photograph. */
#pragma once

#include "engine/picture/row_writer.h"
#include "look.h"

/** Writes a hidden layer for each mask of the look, white, as opaque as the region's paint is there; then the
 *  photograph, hidden where it has transparency, through which it would be seen. All rows of the painting have been
 *  written; of another format than one with layers nothing may be asked. A source of rows is read once more. FALSE
 *  where reading or writing fails. */
gboolean pst_painting_layers_write(const PstLook *look, const PstRowSource *source, PstRowWriter *writer,
                                   GError **error);
