/* Writing pictures row by row, so that memory doesn't grow with their height: JPEG (4:4:4, embedded sRGB ICC profile;
 * up to 100 megapixels with optimised Huffman tables, which beyond 10 go through a temporary file) and PNG (8 or 16
 * bit, alpha, sRGB chunk); where the build has the libraries, TIFF (8 or 16 bit, alpha, Deflate, sRGB ICC profile; from
 * 100 megapixels on BigTIFF in tiles with a pyramid of smaller copies, which go through a temporary file) and WebP
 * (lossy, alpha; the whole picture is in memory, at most 16,383 pixels a side) and OpenRaster (layers, each an 8-bit
 * PNG, kept in a temporary file until the end). The same rows and options give the same
 * bytes. Values are clamped to 0..1 and rounded to the nearest level.
 */
#pragma once

#include "format.h"
#include "output.h"
#include "picture.h"

/* What of info's EXIF, XMP, IPTC and texts is written. It is true of the new file: upright, of its size and colours,
 * without the photograph's thumbnail, gain map, video and the like; regions of faces are turned. */
typedef enum {
    PST_METADATA_PRIVATE, /* all that can't say where the photograph was taken: no GPS, no maker notes, no places of XMP
                           * and IPTC, in whatever name space, no texts that name one */
    PST_METADATA_ALL,
    PST_METADATA_NONE, /* nothing but resolution, colour space and `recipe` */
} PstMetadata;

/* What made the picture; borrowed. In XMP, Iptc4xmpExt:DigitalSourceType says that a trained model did (IPTC news code
 * compositeWithTrainedAlgorithmicMedia), or that rules did (algorithmicallyEnhanced), xmp:CreatorTool by which program,
 * and pastiche:Styles in which styles. */
/* IPTC's news codes, and that of what a trained model made with something else, here a photograph. */
#define PST_SOURCE_TYPES   "http://cv.iptc.org/newscodes/digitalsourcetype/"
#define PST_SOURCE_TRAINED PST_SOURCE_TYPES "compositeWithTrainedAlgorithmicMedia"

typedef struct {
    const char *name;    /* UTF-8, as all of these */
    const char *licence; /* or NULL */
} PstProvenanceStyle;

typedef struct {
    const char *program;
    const PstProvenanceStyle *styles; /* [count] */
    int count;
    gboolean enhanced; /* by rules, without a trained model */
} PstProvenance;

#define PST_MAX_RECIPE 60000 /* bytes */

/* Zero-filled is the default, and so is NULL instead of a PstWriteOptions. */
typedef struct {
    PstFormat format;     /* default by the path's suffix: .jpg .jpeg .jpe .jfif .png .tif .tiff .webp .ora, any case */
    int quality;          /* JPEG, WebP: 1..100; default 92 */
    int depth;            /* PNG, TIFF: 8 or 16 bits per sample; default 8 */
    int compression;      /* PNG: zlib level 1..9; default Paeth's filter and run lengths only, which makes paintings
                           * and photographs as small as level 6 does in a fifth of the time */
    gboolean pyramid;     /* TIFF: in tiles, with smaller copies, whatever its size; default from 100 megapixels on */
    int part_of;          /* TIFF: this is a part, for pst_row_writer_take(), of a picture of so many rows; default 0 */
    PstConflict conflict; /* what to do when the file exists; default PST_CONFLICT_UNIQUE */
    PstMetadata metadata; /* what to keep; default PST_METADATA_PRIVATE */
    const PstProvenance *provenance; /* or NULL: made by no model; left out with PST_METADATA_NONE */
    const char *layer;               /* OpenRaster: the name of the first layer, UTF-8; default "Picture" */
    const char *recipe; /* JSON text, UTF-8; reading gives it as PstPictureInfo.recipe. NULL: none. One longer than
                           * PST_MAX_RECIPE bytes is left out */
} PstWriteOptions;

/* What is written: `info` gives width, height, alpha, dpi_x, dpi_y, and the metadata that options->metadata selects.
 * Its recipe is not copied. */
typedef struct _PstRowWriter PstRowWriter;

/* Bytes of memory that writing a picture of that size takes at most, and, if not NULL, of a temporary file. */
guint64 pst_row_writer_memory(PstFormat format, int width, int height, guint64 *temporary_size);

/* Begins a picture that will be at `path`, or, with PST_CONFLICT_UNIQUE, at the first free name beside it. The file
 * appears whole, by pst_row_writer_commit(), or not at all (see output.h). `cancellable` (which may be NULL) is kept
 * and checked all the time. NULL on error: FORMAT (no known suffix), TOO_BIG (JPEG: 65,500 pixels a side, PNG:
 * 1,000,000, WebP: 16,383; OpenRaster as
 * PNG), MEMORY, EXISTS (only PST_CONFLICT_SKIP), MISSING (folder), NOT_A_FILE, PERMISSION,
 * NO_SPACE, IO of PST_PICTURE_ERROR, or G_IO_ERROR_CANCELLED. */
PstRowWriter *pst_row_writer_open(const char *path, const PstPictureInfo *info, const PstWriteOptions *options,
                                  GCancellable *cancellable, GError **error);

/* The same to memory. options->format says which format, and conflict is not used. */
PstRowWriter *pst_row_writer_open_bytes(const PstPictureInfo *info, const PstWriteOptions *options,
                                        GCancellable *cancellable, GError **error);

/* What `info` has and the file has not, for people: one line, owned by the caller, or NULL. */
char *pst_row_writer_lost(const PstRowWriter *writer);

/* Writes the next `rows` rows, at most those that are missing. `rgb` is [rows][width][3], sRGB-encoded; `alpha` is
 * [rows][width], straight, and used only where info->alpha is set: NULL then means opaque. A JPEG's transparent parts
 * are composited on white, in sRGB-encoded values. FALSE on error, after which the writer can only be freed. */
gboolean pst_row_writer_write(PstRowWriter *writer, int rows, const float *rgb, const float *alpha, GError **error);

/* Rows of a part, but of the last one, which has what is left. */
#define PST_PART_ROWS 1024

/* Whether pictures of that size are written in a way that takes parts. */
gboolean pst_row_writer_takes_parts(PstFormat format, int width, int height, gboolean pyramid);

/* Writes the next part of the picture in place of its rows: the file at `path`, that a writer with the same `info`, but
 * for the height, and the same options, but for `part_of`, has written. All rows have to come in parts then; the result
 * has the same bytes. The file is there until the picture is committed. FALSE on error, as of pst_row_writer_write(),
 * and DAMAGED where it is no such part. */
gboolean pst_row_writer_take(PstRowWriter *writer, const char *path, GError **error);

/* One of several pictures that lie above each other in one file, of the same size. */
typedef struct {
    const char *name; /* UTF-8 */
    gboolean alpha;
    gboolean hidden; /* when the file is opened */
} PstPictureLayer;

/* After the last row: begins a layer below all that were written before. Its rows are written next. Only for formats
 * with layers (pst_format_has_layers()). The first layer is what programs show that know none, so what lies below it
 * should be covered by it, or hidden. FALSE on error, after which the writer can only be freed. */
gboolean pst_row_writer_begin_layer(PstRowWriter *writer, const PstPictureLayer *layer, GError **error);

/* After the last row: closes and names the file. Returns the path it got, owned by the caller; NULL on error. */
char *pst_row_writer_commit(PstRowWriter *writer, GError **error);

/* The same for memory: the file's bytes, owned by the caller; NULL on error. */
GBytes *pst_row_writer_commit_bytes(PstRowWriter *writer, GError **error);

/* A file that was not committed leaves nothing behind. NULL is allowed. */
void pst_row_writer_free(PstRowWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstRowWriter, pst_row_writer_free)
