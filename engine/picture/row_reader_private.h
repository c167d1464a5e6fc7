/* What reading whole pictures and headers needs from a row reader. Private. */
#pragma once

#include "row_reader.h"

/* Whether the memory for reading and `more` bytes are within the limits; TOO_BIG if not. */
gboolean pst_row_reader_check_memory(const PstRowReader *reader, const PstReadLimits *limits, double more,
                                     GError **error);

/* The file's name in errors. */
const char *pst_row_reader_name(const PstRowReader *reader);

/* Names the colour profile in the info, as reading the first row would. */
void pst_row_reader_describe(PstRowReader *reader);
