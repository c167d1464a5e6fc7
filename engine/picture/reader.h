/* Reading pictures: JPEG (ITU-T T.81; baseline, extended, progressive, arithmetic; grey, RGB,
 * YCbCr, CMYK, YCCK, Adobe's inverted ones) and PNG (ISO/IEC 15948, every colour type and depth).
 * The format is found by content, never by file name.
 *
 * What comes back is upright (EXIF orientation applied, CIPA DC-008) and in sRGB: embedded ICC
 * profiles (ISO 15076-1) are converted relative-colorimetrically with black point compensation;
 * without one, PNG gAMA and cHRM and EXIF's mark of Adobe RGB are honoured, and CMYK is taken as
 * from a generic press on coated paper. A profile that is broken or doesn't suit the picture is
 * ignored and told of in info.warning.
 *
 * A file that is truncated or corrupt is refused, never half painted. Only what loses no pixel is
 * forgiven, with info.warning: a JPEG with all its rows but no end marker or with stray bytes, a
 * PNG with a damaged ancillary chunk.
 */
#pragma once

#include "picture.h"

G_BEGIN_DECLS

#define PST_DEFAULT_MAX_PIXELS 1000000000 /* a gigapixel */
#define PST_DEFAULT_MAX_SCANS 100         /* real progressive JPEGs have about 10 */

/* What a file may ask for, checked before memory is taken. Zero means the default; NULL instead of
 * a PstReadLimits means all defaults. */
typedef struct {
    guint64 max_pixels; /* width times height; default PST_DEFAULT_MAX_PIXELS */
    guint64 max_memory; /* bytes for the picture and its decoder; default the machine's RAM */
    int max_scans;      /* scans of a JPEG; default PST_DEFAULT_MAX_SCANS */
} PstReadLimits;

/* Reads the picture in the file at `path` (in GLib's file name encoding). The caller owns the
 * result. Any file that can be read from start to end will do, pipes too. Checks `cancellable`
 * (which may be NULL) every few rows.
 * NULL on error: MISSING, NOT_A_FILE, PERMISSION, EMPTY, FORMAT, UNSUPPORTED, DAMAGED, TOO_BIG,
 * MEMORY, IO of PST_PICTURE_ERROR, or G_IO_ERROR_CANCELLED. */
PstPicture *pst_picture_read(const char *path, const PstReadLimits *limits,
                             GCancellable *cancellable, GError **error);

/* The same from memory, for example a GResource. `name` takes the file's place in error messages.
 * `bytes` is only borrowed. */
PstPicture *pst_picture_read_bytes(GBytes *bytes, const char *name, const PstReadLimits *limits,
                                   GCancellable *cancellable, GError **error);

/* Reads only the header of the file at `path` into `info` (which is overwritten, not cleared, and
 * left empty on error; free with pst_picture_info_clear()). Says nothing about whether the rest of
 * the file is whole. Pictures over the default pixel limit are told of, not refused. Errors as
 * pst_picture_read() but for MEMORY. */
gboolean pst_picture_probe(const char *path, PstPictureInfo *info, GError **error);
gboolean pst_picture_probe_bytes(GBytes *bytes, const char *name, PstPictureInfo *info,
                                 GError **error);

G_END_DECLS
