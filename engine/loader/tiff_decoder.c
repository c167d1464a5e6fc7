/* TIFF by libtiff: rows as they are where samples are whole bytes of grey, RGB or ink; all else (palettes, bits, Lab,
 * YCbCr) as libtiff's own conversion to RGBA of 8 bits gives it. Bands of rows at most are in memory. */
#include "loader_decoder.h"

#include "tiff_file.h"
#include "tiff_samples.h"

#include "engine/picture/error.h"
#include "engine/picture/iptc.h"
#include "engine/picture/metadata.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include <tiffio.h>

typedef struct {
    PstPictureDecoder base;
    TIFF *tiff;
    const guint8 *data;
    gsize size;
    guint64 at; /* of libtiff's reading */
    guint16 photometric, planes, compression;
    PstTiffSamples samples;
    gboolean converted; /* by libtiff to RGBA */
    gboolean tiled, by_rows;
    guint32 band_height, piece_width; /* of tiles; or of strips, as wide as the picture */
    gsize band_row;                   /* bytes of a row of one plane */
    guint8 *band;                     /* [planes][band_height][band_row] */
    guint8 *piece;                    /* a tile or a strip */
    gint64 band_first;                /* its first row, or -1 */
    int next;
} TiffDecoder;

/* libtiff's handlers are of the whole process, which has one picture. */
static char message[160];

static void take_message(const char *module, const char *format, va_list arguments)
{
    if (!message[0])
        g_vsnprintf(message, sizeof message, format, arguments);
}

static gboolean fail_by_message(GError **error)
{
    return pst_loader_fail(error, PST_PICTURE_ERROR_DAMAGED, message[0] ? message : N_("the file ends too early"));
}

/* ---- the file ----------------------------------------------------------------------------------- */

static tmsize_t read_file(thandle_t handle, void *buffer, tmsize_t size)
{
    TiffDecoder *self = (TiffDecoder *)handle;
    gsize left = self->at < self->size ? self->size - (gsize)self->at : 0, got = MIN(left, (gsize)size);
    memcpy(buffer, self->data + self->at, got);
    self->at += got;
    return (tmsize_t)got;
}

static tmsize_t write_file(thandle_t handle, void *buffer, tmsize_t size)
{
    return 0;
}

static toff_t seek_file(thandle_t handle, toff_t offset, int whence)
{
    TiffDecoder *self = (TiffDecoder *)handle;
    self->at = offset + (whence == SEEK_CUR ? self->at : whence == SEEK_END ? self->size : 0);
    return self->at;
}

static int close_file(thandle_t handle)
{
    return 0;
}

static toff_t file_size(thandle_t handle)
{
    return ((TiffDecoder *)handle)->size;
}

static int map_whole(thandle_t handle, void **data, toff_t *size)
{
    TiffDecoder *self = (TiffDecoder *)handle;
    *data = (void *)self->data;
    *size = self->size;
    return 1;
}

static void unmap(thandle_t handle, void *data, toff_t size)
{
}

/* ---- rows --------------------------------------------------------------------------------------- */

/* libtiff's RGBA has the last row first. */
static gboolean read_converted(TiffDecoder *self, guint32 first, guint32 x, guint32 rows, guint32 columns)
{
    guint32 *raster = (guint32 *)self->piece;
    guint32 height = self->tiled ? self->band_height : rows;
    int read = self->tiled ? TIFFReadRGBATileExt(self->tiff, x, first, raster, 1)
                           : TIFFReadRGBAStripExt(self->tiff, first, raster, 1);
    for (guint32 y = 0; read && y < rows; y++) {
        const guint32 *from = raster + (gsize)(height - 1 - y) * self->piece_width;
        guint8 *to = self->band + (gsize)y * self->band_row + (gsize)x * 4;
        for (guint32 i = 0; i < columns; i++, to += 4) {
            to[0] = (guint8)TIFFGetR(from[i]);
            to[1] = (guint8)TIFFGetG(from[i]);
            to[2] = (guint8)TIFFGetB(from[i]);
            to[3] = (guint8)TIFFGetA(from[i]);
        }
    }
    return read != 0;
}

static gboolean read_piece(TiffDecoder *self, guint16 plane, guint32 first, guint32 x, guint32 rows, guint32 columns)
{
    gsize pixel = self->band_row / (gsize)self->base.width, piece_row = self->piece_width * pixel;
    tmsize_t got = self->tiled ? TIFFReadTile(self->tiff, self->piece, x, first, 0, plane)
                               : TIFFReadEncodedStrip(self->tiff, TIFFComputeStrip(self->tiff, first, plane),
                                                      self->piece, (tmsize_t)(rows * piece_row));
    guint8 *band = self->band + plane * self->band_height * self->band_row;
    for (guint32 y = 0; got >= 0 && y < rows; y++)
        memcpy(band + y * self->band_row + x * pixel, self->piece + y * piece_row, columns * pixel);
    return got >= 0;
}

static gboolean fill_band(TiffDecoder *self, guint32 first)
{
    guint32 width = (guint32)self->base.width, rows = MIN(self->band_height, (guint32)self->base.height - first);
    self->band_first = first;
    for (guint16 plane = 0; plane < self->planes; plane++)
        for (guint32 x = 0; x < width; x += self->piece_width) {
            guint32 columns = MIN(self->piece_width, width - x);
            if (!(self->converted ? read_converted(self, first, x, rows, columns)
                                  : read_piece(self, plane, first, x, rows, columns)))
                return FALSE;
        }
    return TRUE;
}

/* The RGBA of libtiff has its colours times alpha. */
static void take_converted(const TiffDecoder *self, const guint8 *from, guint8 *row)
{
    gsize channels = self->base.layout.colour == PST_COLOUR_GREY ? 1 : 3;
    gboolean alpha = self->base.layout.alpha;
    guint8 *to = row;
    for (int x = 0; x < self->base.width; x++, from += 4) {
        memcpy(to, from, channels);
        to += channels;
        if (alpha)
            *to++ = from[3];
    }
    if (alpha)
        pst_loader_divide_by_alpha(row, self->base.width, (int)channels, 8);
}

static gboolean tiff_decoder_read_row(PstPictureDecoder *decoder, void *row, GError **error)
{
    TiffDecoder *self = (TiffDecoder *)decoder;
    guint32 y = (guint32)self->next++, first = y - y % self->band_height;
    const guint8 *planes[PST_TIFF_MAX_SAMPLES];
    message[0] = '\0';
    if (!self->band) {
        self->band = g_try_malloc0_n((gsize)self->planes * self->band_height, self->band_row);
        gsize piece = self->tiled ? (gsize)TIFFTileSize(self->tiff) : (gsize)self->band_height * self->band_row;
        if (self->converted)
            piece = (gsize)self->band_height * self->piece_width * 4;
        self->piece = self->by_rows ? NULL : g_try_malloc0(piece);
        if (!self->band || (!self->by_rows && !self->piece))
            return pst_loader_fail(error, PST_PICTURE_ERROR_MEMORY, NULL);
    }
    if (self->by_rows ? TIFFReadScanline(self->tiff, self->band, y, 0) < 0
                      : self->band_first != first && !fill_band(self, first))
        return fail_by_message(error);
    gsize offset = self->by_rows ? 0 : (y - first) * self->band_row;
    for (guint16 i = 0; i < self->planes; i++)
        planes[i] = self->band + i * self->band_height * self->band_row + offset;
    if (self->converted)
        take_converted(self, planes[0], row);
    else
        pst_tiff_samples_take(&self->samples, planes, (gsize)decoder->width, row);
    return TRUE;
}

static gboolean tiff_decoder_finish(PstPictureDecoder *decoder, GError **error)
{
    return TRUE;
}

static void tiff_decoder_free(PstPictureDecoder *decoder)
{
    TiffDecoder *self = (TiffDecoder *)decoder;
    if (self->tiff)
        TIFFClose(self->tiff);
    g_free(self->band);
    g_free(self->piece);
    pst_picture_decoder_clear(decoder);
    g_free(self);
}

/* ---- what is known of it -------------------------------------------------------------------------- */

static guint16 number_of(const TiffDecoder *self, guint32 tag)
{
    guint16 value = 0;
    TIFFGetFieldDefaulted(self->tiff, tag, &value);
    return value;
}

/* The first extra sample says whether there is alpha. Photoshop writes saved selections as extra samples that are
 * unspecified: those are none. */
static void read_alpha(TiffDecoder *self, PstTiffSamples *samples)
{
    guint16 count = 0, *kinds = NULL;
    TIFFGetFieldDefaulted(self->tiff, TIFFTAG_EXTRASAMPLES, &count, &kinds);
    guint16 kind = count > 0 ? kinds[0] : EXTRASAMPLE_UNSPECIFIED;
    samples->alpha = kind == EXTRASAMPLE_ASSOCALPHA || kind == EXTRASAMPLE_UNASSALPHA;
    samples->associated = kind == EXTRASAMPLE_ASSOCALPHA;
}

static void read_samples(TiffDecoder *self)
{
    PstTiffSamples *samples = &self->samples;
    guint16 format = number_of(self, TIFFTAG_SAMPLEFORMAT);
    samples->bits = number_of(self, TIFFTAG_BITSPERSAMPLE);
    samples->per_pixel = number_of(self, TIFFTAG_SAMPLESPERPIXEL);
    samples->is_float = format == SAMPLEFORMAT_IEEEFP;
    samples->is_known = format == SAMPLEFORMAT_UINT || format == SAMPLEFORMAT_VOID || format == SAMPLEFORMAT_IEEEFP;
    samples->inverted = self->photometric == PHOTOMETRIC_MINISWHITE || self->photometric == PHOTOMETRIC_SEPARATED;
    samples->colour = self->photometric == PHOTOMETRIC_RGB         ? PST_COLOUR_RGB
                      : self->photometric == PHOTOMETRIC_SEPARATED ? PST_COLOUR_CMYK
                                                                   : PST_COLOUR_GREY;
    samples->planar = number_of(self, TIFFTAG_PLANARCONFIG) == PLANARCONFIG_SEPARATE;
    read_alpha(self, samples);
    samples->alpha = samples->alpha && samples->colour != PST_COLOUR_CMYK;
}

static gboolean choose_layout(TiffDecoder *self, GError **error)
{
    PstPictureDecoder *base = &self->base;
    char reason[1024] = "";
    self->photometric = number_of(self, TIFFTAG_PHOTOMETRIC);
    self->compression = number_of(self, TIFFTAG_COMPRESSION);
    if (self->photometric == PHOTOMETRIC_YCBCR && self->compression == COMPRESSION_JPEG &&
        number_of(self, TIFFTAG_PLANARCONFIG) == PLANARCONFIG_CONTIG) {
        TIFFSetField(self->tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
        self->photometric = PHOTOMETRIC_RGB;
    }
    read_samples(self);
    gboolean plain = self->photometric == PHOTOMETRIC_RGB || self->photometric == PHOTOMETRIC_SEPARATED ||
                     self->photometric == PHOTOMETRIC_MINISBLACK || self->photometric == PHOTOMETRIC_MINISWHITE;
    self->converted = !plain || !pst_tiff_samples_are_read(&self->samples);
    if (self->converted && !TIFFRGBAImageOK(self->tiff, reason)) {
        g_strlcpy(message, reason, sizeof message);
        return pst_loader_fail(error, PST_PICTURE_ERROR_UNSUPPORTED, message);
    }
    base->info.depth = CLAMP(self->samples.bits, 1, 64);
    base->info.colour = self->photometric == PHOTOMETRIC_PALETTE ? PST_COLOUR_PALETTE
                        : plain                                  ? self->samples.colour
                                                                 : PST_COLOUR_RGB;
    base->info.alpha = self->samples.alpha;
    if (self->converted)
        base->layout = (PstRowLayout){ plain && self->samples.colour == PST_COLOUR_GREY ? PST_COLOUR_GREY
                                                                                        : PST_COLOUR_RGB,
                                       8, self->samples.alpha };
    else
        base->layout = (PstRowLayout){ self->samples.colour, self->samples.bits == 8 ? 8 : 16, self->samples.alpha };
    return TRUE;
}

/* How much is read at once. */
static gboolean choose_pieces(TiffDecoder *self, GError **error)
{
    PstPictureDecoder *base = &self->base;
    gsize width = (gsize)base->width;
    guint32 rows = 0;
    self->tiled = TIFFIsTiled(self->tiff);
    self->planes = !self->converted && self->samples.planar ? self->samples.per_pixel : 1;
    self->by_rows = !self->tiled && !self->converted && self->planes == 1;
    self->piece_width = (guint32)base->width;
    if (self->tiled) {
        TIFFGetField(self->tiff, TIFFTAG_TILEWIDTH, &self->piece_width);
        TIFFGetField(self->tiff, TIFFTAG_TILELENGTH, &rows);
    } else {
        TIFFGetFieldDefaulted(self->tiff, TIFFTAG_ROWSPERSTRIP, &rows);
        rows = self->by_rows ? 1 : MIN(rows, (guint32)base->height);
    }
    if (rows == 0 || self->piece_width == 0)
        return pst_loader_fail(error, PST_PICTURE_ERROR_DAMAGED, N_("it has no pixels"));
    self->band_height = rows;
    gsize samples = self->planes > 1 ? 1 : self->samples.per_pixel;
    self->band_row = width * (self->converted ? 4 : samples * self->samples.bits / 8);
    if (self->by_rows)
        self->band_row = MAX(self->band_row, (gsize)TIFFScanlineSize(self->tiff));
    double needed = (double)self->band_row * rows * self->planes;
    needed += self->tiled ? (double)self->piece_width * rows * 16 : self->by_rows ? 0 : needed;
    base->memory = (guint64)MIN(needed, 1e18);
    return TRUE;
}

static GBytes *bytes_of(const PstTiffEntry *entry)
{
    return g_bytes_new(entry->value, entry->size);
}

static void read_metadata(TiffDecoder *self, guint64 directory)
{
    enum { XMP = 700, IPTC = 33723, RESOURCES = 34377, ICC = 34675 };
    PstPictureDecoder *base = &self->base;
    PstTiffFile file;
    PstTiffEntry entry;
    if (!pst_tiff_file_init(&file, self->data, self->size))
        return;
    if (!self->converted && pst_tiff_file_find(&file, directory, ICC, &entry))
        base->colour.icc = bytes_of(&entry);
    if (pst_tiff_file_find(&file, directory, XMP, &entry))
        pst_metadata_take_xmp(&base->info, entry.value, entry.size);
    if (pst_tiff_file_find(&file, directory, IPTC, &entry))
        base->info.iptc = bytes_of(&entry);
    else if (pst_tiff_file_find(&file, directory, RESOURCES, &entry))
        base->info.iptc = pst_iptc_from_resources(entry.value, entry.size);
    if (pst_tiff_file_find(&file, directory, PST_TIFF_RECIPE, &entry) && entry.size > 1 && entry.value[0] == '{')
        pst_metadata_take_recipe(&base->info, entry.value, entry.size - 1);
    g_autoptr(GBytes) exif = pst_tiff_file_exif(&file, directory);
    pst_loader_take_exif(base, g_bytes_get_data(exif, NULL), g_bytes_get_size(exif), FALSE);
    /* Numbers of light without a profile are in proportion to it, as renderers and stackers write them. */
    if (self->samples.is_float && !base->colour.icc && !base->colour.name)
        base->colour = (PstColourSpec){ .gamma = 1, .name = PST_COLOUR_LINEAR, .by = PST_COLOUR_BY_SAMPLES };
}

/* ---- directories ---------------------------------------------------------------------------------- */

static gboolean is_reduced(const TiffDecoder *self)
{
    guint32 kind = 0;
    TIFFGetFieldDefaulted(self->tiff, TIFFTAG_SUBFILETYPE, &kind);
    return (kind & (FILETYPE_REDUCEDIMAGE | FILETYPE_MASK)) != 0;
}

static gboolean read_size(TiffDecoder *self, GError **error)
{
    guint32 width = 0, height = 0;
    TIFFGetField(self->tiff, TIFFTAG_IMAGEWIDTH, &width);
    TIFFGetField(self->tiff, TIFFTAG_IMAGELENGTH, &height);
    if (width == 0 || height == 0 || width > G_MAXINT || height > G_MAXINT)
        return pst_loader_fail(error, PST_PICTURE_ERROR_DAMAGED, N_("it has no pixels"));
    self->base.width = (int)width;
    self->base.height = (int)height;
    return TRUE;
}

/* For previews, the smallest copy in a pyramid that is large enough takes the picture's place. */
static void choose_level(TiffDecoder *self, int max_side)
{
    enum { MAX_DIRECTORIES = 32 };
    PstPictureInfo *info = &self->base.info;
    guint16 bits = number_of(self, TIFFTAG_BITSPERSAMPLE), samples = number_of(self, TIFFTAG_SAMPLESPERPIXEL);
    guint16 photometric = number_of(self, TIFFTAG_PHOTOMETRIC);
    tdir_t main = TIFFCurrentDirectory(self->tiff), best = main;
    int best_side = MAX(info->full_width, info->full_height);
    for (int i = 1; max_side > 0 && i < MAX_DIRECTORIES && TIFFReadDirectory(self->tiff); i++) {
        guint32 width = 0, height = 0;
        TIFFGetField(self->tiff, TIFFTAG_IMAGEWIDTH, &width);
        TIFFGetField(self->tiff, TIFFTAG_IMAGELENGTH, &height);
        double side = MAX(width, height), ratio = height > 0 ? (double)width / height : 0;
        double expected = (double)info->full_width / info->full_height;
        if (is_reduced(self) && side >= max_side && side < best_side && fabs(ratio / expected - 1) < 0.01 &&
            number_of(self, TIFFTAG_BITSPERSAMPLE) == bits && number_of(self, TIFFTAG_SAMPLESPERPIXEL) == samples &&
            number_of(self, TIFFTAG_PHOTOMETRIC) == photometric) {
            best = TIFFCurrentDirectory(self->tiff);
            best_side = (int)side;
        }
    }
    if (TIFFCurrentDirectory(self->tiff) != best)
        TIFFSetDirectory(self->tiff, best);
}

static gboolean open_tiff(TiffDecoder *self, int max_side, GError **error)
{
    PstPictureDecoder *base = &self->base;
    TIFFSetErrorHandler(take_message);
    TIFFSetWarningHandler(NULL);
    self->tiff = TIFFClientOpen("picture", "r", self, read_file, write_file, seek_file, close_file, file_size,
                                map_whole, unmap);
    if (!self->tiff)
        return fail_by_message(error);
    while (is_reduced(self) && TIFFReadDirectory(self->tiff))
        continue;
    if (is_reduced(self))
        TIFFSetDirectory(self->tiff, 0);
    guint64 directory = TIFFCurrentDirOffset(self->tiff);
    if (!read_size(self, error))
        return FALSE;
    base->info.full_width = base->width;
    base->info.full_height = base->height;
    choose_level(self, max_side);
    if (!read_size(self, error) || !choose_layout(self, error) || !choose_pieces(self, error))
        return FALSE;
    base->info.width = base->width;
    base->info.height = base->height;
    read_metadata(self, directory);
    /* The reader turns rows upright; libtiff's conversion is not to do it, too. */
    TIFFSetField(self->tiff, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
    return TRUE;
}

PstPictureDecoder *pst_tiff_decoder_new(const PstLoaderInput *input, GError **error)
{
    TiffDecoder *self = g_new0(TiffDecoder, 1);
    PstPictureDecoder *base = &self->base;
    self->data = g_bytes_get_data(input->file, &self->size);
    self->band_first = -1;
    base->info.format = PST_FORMAT_TIFF;
    base->info.orientation = 1;
    base->read_row = tiff_decoder_read_row;
    base->finish = tiff_decoder_finish;
    base->free = tiff_decoder_free;
    if (open_tiff(self, input->max_side, error))
        return base;
    tiff_decoder_free(base);
    return NULL;
}
