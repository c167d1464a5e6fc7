/* Raw frames with times as a Matroska stream, for a pipe: what Y4M lacks are times, which not every video has evenly.
 *
 * Matroska, RFC 9559, of EBML, RFC 8794: one track V_UNCOMPRESSED, each frame in a cluster of its own.
 */
#pragma once

#include "yuv.h"

/** The beginning of the stream; free with g_byte_array_unref(). */
GByteArray *pst_matroska_header(const PstYuvFormat *format);

/** What stands before a frame's bytes that is shown at `time`, in microseconds, 0 or more. */
GByteArray *pst_matroska_frame(const PstYuvFormat *format, guint64 time);
