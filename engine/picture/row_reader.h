/* Reading pictures row by row, so that memory doesn't grow with their height.
 *
 * JPEG (ITU-T T.81; baseline, extended, progressive, arithmetic; grey, RGB, YCbCr, CMYK, YCCK, Adobe's inverted
 * ones) and PNG (ISO/IEC 15948, every colour type and depth). The format is found by content, never by file name.
 *
 * Rows are upright (orientation of EXIF, CIPA DC-008, or of XMP applied) and in sRGB. Embedded ICC profiles (ISO
 * 15076-1) are converted relative-colorimetrically with black point compensation. PNG's cICP goes before one (HDR is
 * clipped at white). Without either, PNG gAMA and cHRM and EXIF's marks of Adobe RGB count, and CMYK is taken as from a
 * generic press on coated paper. A profile that is broken or doesn't suit the picture is ignored, with info.warning.
 *
 * A truncated or corrupt file is refused at the row where that shows, at the latest at the last one. Only faults that
 * lose no pixel are tolerated, with info.warning: a file with all its rows but no end marker, a JPEG with stray bytes,
 * a PNG with a damaged ancillary chunk.
 *
 * Files that can't be decoded from top to bottom (turned by their EXIF orientation, interlaced, with several scans,
 * from a pipe) are kept decoded in a temporary file without a name in the user's cache folder, up to 64 MB of them
 * in memory. pst_row_reader_temporary_size() says how much before it is taken.
 */
#pragma once

#include "picture.h"

#define PST_DEFAULT_MAX_PIXELS 1000000000 /* a gigapixel */
#define PST_DEFAULT_MAX_SCANS  100        /* real progressive JPEGs have about 10 */

/* Limits on what a file may take, checked before memory is taken. Zero is the default; NULL instead of a PstReadLimits
 * means all defaults. */
typedef struct {
    guint64 max_pixels;   /* width times height of the file; default PST_DEFAULT_MAX_PIXELS */
    guint64 max_memory;   /* bytes for the picture and its decoder; default the machine's RAM */
    int max_scans;        /* scans of a JPEG; default PST_DEFAULT_MAX_SCANS */
    int max_side;         /* for previews: the picture may be reduced, but its longer side not below this. A JPEG is
                         * decoded at 1/2, 1/4 or 1/8 of its size for part of the work; other files are not
                         * reduced. Default: not reduced */
    gboolean salvage;     /* damage behind the header is a warning: what can't be read is grey. Default: an error */
    gboolean own_profile; /* RGB stays as it is in the file, and info.icc says in what. Default: sRGB */
} PstReadLimits;

typedef struct _PstRowReader PstRowReader;

/* Opens the picture in the file at `path` (in GLib's file name encoding) and reads its header. Any file that can be
 * read from start to end will do, pipes too. `cancellable` (which may be NULL) is kept and checked all the time.
 * NULL on error: MISSING, NOT_A_FILE, PERMISSION, EMPTY, FORMAT, UNSUPPORTED, DAMAGED, TOO_BIG, MEMORY, IO of
 * PST_PICTURE_ERROR, or G_IO_ERROR_CANCELLED. */
PstRowReader *pst_row_reader_open(const char *path, const PstReadLimits *limits, GCancellable *cancellable,
                                  GError **error);

/* The same from memory, for example a GResource. `name` takes the file's place in error messages. */
PstRowReader *pst_row_reader_open_bytes(GBytes *bytes, const char *name, const PstReadLimits *limits,
                                        GCancellable *cancellable, GError **error);

/* What is known of the picture, owned by the reader; width and height are those of its rows. A warning may be added
 * until the last row is read. */
const PstPictureInfo *pst_row_reader_info(PstRowReader *reader);

/* Bytes of memory that reading takes at most, and bytes of the temporary file, 0 where none is needed. */
guint64 pst_row_reader_memory(const PstRowReader *reader);
guint64 pst_row_reader_temporary_size(const PstRowReader *reader);

/* Reads the next `rows` rows (there must be so many left). `rgb` is [rows][width][3], sRGB-encoded, 0..1, or NULL to
 * skip them; `alpha` is [rows][width], 1 throughout for a picture without, or NULL. FALSE on error, which ends
 * reading: DAMAGED, MEMORY, IO, TOO_BIG (too many scans), NO_SPACE (for the temporary file) of PST_PICTURE_ERROR, or
 * G_IO_ERROR_CANCELLED. */
gboolean pst_row_reader_read(PstRowReader *reader, int rows, float *rgb, float *alpha, GError **error);

/* Goes back to the first row. FALSE on error, as above. */
gboolean pst_row_reader_rewind(PstRowReader *reader, GError **error);

void pst_row_reader_free(PstRowReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstRowReader, pst_row_reader_free)
