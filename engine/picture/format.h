/* The formats of picture files: how they are told apart, and what this build reads and writes of them. */
#pragma once

#include "picture.h"

enum { PST_FORMAT_HEAD = 32 }; /* bytes that tell a format */

/* The format of a file that begins with these bytes, or PST_FORMAT_UNKNOWN. Raw files of cameras that are TIFF inside
 * are told from TIFF by reading on only: here they are TIFF. */
PstFormat pst_format_from_head(const guint8 *head, gsize size);

/* The format that `path`'s suffix stands for, any case, or PST_FORMAT_UNKNOWN. */
PstFormat pst_format_from_suffix(const char *path);

/* The usual suffix, such as "jpg". */
const char *pst_format_suffix(PstFormat format);

/* "a HEIC picture", to be translated. */
const char *pst_format_of_file(PstFormat format);

/* Whether this build reads or writes it, and the library that a build without it lacks. JPEG and PNG are always
 * there. */
gboolean pst_format_is_read(PstFormat format);
gboolean pst_format_is_written(PstFormat format);
const char *pst_format_library(PstFormat format);

/* The media types (RFC 6838) of all formats that this build reads, for file choosers; NULL-terminated, a constant. */
const char *const *pst_format_media_types(void);

/* The format for a painting of a photograph in this format: the same where it holds all of a painting and can be
 * written, otherwise JPEG. */
PstFormat pst_format_for_result(PstFormat photograph);

/* The most pixels a side that a file can have or that other programs read. */
int pst_format_longest_side(PstFormat format);

/* Whether a file can have several layers (pst_row_writer_begin_layer()). */
gboolean pst_format_has_layers(PstFormat format);

/* Whether samples of 16 bits can be written in it. */
gboolean pst_format_is_deep(PstFormat format);
