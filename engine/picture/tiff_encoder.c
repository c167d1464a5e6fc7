/* TIFF by libtiff. */
#include "picture_encoder.h"

#include "colour.h"
#include "error.h"
#include "reduced_levels.h"
#include "tiff.h"
#include "tiff_directory.h"

#include <string.h>

#include <tiffio.h>

enum {
    TILE = 256,      /* pixels a side */
    STRIP = 1 << 18, /* bytes, about */
    LEAST = 256,     /* pixels of the longer side of the smallest copy */
    DEFLATE_LEVEL = 6,
    EXIF = 0x8769,
    GPS = 0x8825,
};

typedef struct {
    PstPictureEncoder base;
    TIFF *tiff;
    guint64 at;          /* of libtiff in the file */
    PstPictureInfo info; /* borrows; only what the header needs */
    int channels, depth, compression;
    gboolean pyramid;
    PstReducedLevels levels;
    guint8 *row;
    int next;
    guint8 *band; /* of tiles: TILE rows */
    guint8 *tile;
} TiffEncoder;

/* ---- the file ----------------------------------------------------------------------------------- */

static int take_error(TIFF *tiff, void *data, const char *module, const char *format, va_list arguments)
{
    TiffEncoder *self = data;
    char message[160];
    g_vsnprintf(message, sizeof message, format, arguments);
    if (!self->base.sink->error)
        pst_picture_set_error(&self->base.sink->error, PST_PICTURE_ERROR_IO, self->base.sink->name,
                              "can't be written as TIFF (%s)", message);
    return 1;
}

static int ignore_warning(TIFF *tiff, void *data, const char *module, const char *format, va_list arguments)
{
    return 1;
}

static tmsize_t read_file(thandle_t handle, void *buffer, tmsize_t size)
{
    TiffEncoder *self = (TiffEncoder *)handle;
    PstSink *sink = self->base.sink;
    gsize got = self->at < sink->size ? (gsize)MIN((guint64)size, sink->size - self->at) : 0;
    if (!pst_sink_read_at(sink, self->at, buffer, got))
        return -1;
    self->at += got;
    return (tmsize_t)got;
}

/* Appends, or changes what is there; a gap is filled. */
static tmsize_t write_file(thandle_t handle, void *buffer, tmsize_t size)
{
    static const guint8 zeros[16] = { 0 };
    TiffEncoder *self = (TiffEncoder *)handle;
    PstSink *sink = self->base.sink;
    while (sink->size < self->at)
        if (!pst_sink_write(sink, zeros, (gsize)MIN(self->at - sink->size, sizeof zeros)))
            return -1;
    gsize inside = (gsize)MIN((guint64)size, sink->size - self->at);
    if ((inside > 0 && !pst_sink_write_at(sink, self->at, buffer, inside)) ||
        ((gsize)size > inside && !pst_sink_write(sink, (guint8 *)buffer + inside, (gsize)size - inside)))
        return -1;
    self->at += (guint64)size;
    return size;
}

static toff_t seek_file(thandle_t handle, toff_t offset, int whence)
{
    TiffEncoder *self = (TiffEncoder *)handle;
    self->at = offset + (whence == SEEK_CUR ? self->at : whence == SEEK_END ? self->base.sink->size : 0);
    return self->at;
}

static int close_file(thandle_t handle)
{
    return 0;
}

static toff_t file_size(thandle_t handle)
{
    return ((TiffEncoder *)handle)->base.sink->size;
}

/* ---- header ------------------------------------------------------------------------------------- */

/* Tag 65000 is the first of those that programs may use as they please (TIFF 6.0, section 2). */
static const TIFFFieldInfo RECIPE_FIELD[] = {
    { PST_TIFF_RECIPE, -1, -1, TIFF_ASCII, FIELD_CUSTOM, 1, 0, (char *)"PasticheRecipe" },
};

static void set_bytes(TIFF *tiff, guint32 tag, GBytes *bytes)
{
    gsize size;
    const void *data = bytes ? g_bytes_get_data(bytes, &size) : NULL;
    if (data)
        TIFFSetField(tiff, tag, (guint32)size, data);
}

/* The texts of EXIF's first directory are tags of TIFF itself. */
static void set_texts(TIFF *tiff, GBytes *exif)
{
    static const guint16 tags[] = { TIFFTAG_IMAGEDESCRIPTION, TIFFTAG_MAKE,   TIFFTAG_MODEL,        TIFFTAG_SOFTWARE,
                                    TIFFTAG_DATETIME,         TIFFTAG_ARTIST, TIFFTAG_HOSTCOMPUTER, TIFFTAG_COPYRIGHT };
    PstTiff block;
    gsize size;
    const guint8 *data = g_bytes_get_data(exif, &size);
    if (!pst_tiff_init(&block, data, size))
        return;
    for (gsize i = 0; i < G_N_ELEMENTS(tags); i++) {
        guint64 entry = pst_tiff_find(&block, pst_tiff_first_directory(&block), tags[i]);
        const guint8 *value = entry && pst_tiff_get16(&block, entry + 2) == PST_TIFF_ASCII
                                  ? pst_tiff_value(&block, entry, &size)
                                  : NULL;
        g_autofree char *text = value ? g_strndup((const char *)value, size) : NULL;
        if (text)
            TIFFSetField(tiff, tags[i], text);
    }
}

/* EXIF's other directories are written at once; the header points to them. */
static void set_directory(TiffEncoder *self, GBytes *exif, guint16 tag)
{
    PstSink *sink = self->base.sink;
    guint64 place = sink->size + sink->size % 2;
    g_autoptr(GBytes) directory = pst_tiff_directory_new(exif, tag, place, self->pyramid);
    if (!directory)
        return;
    self->at = place;
    write_file(self, (void *)g_bytes_get_data(directory, NULL), (tmsize_t)g_bytes_get_size(directory));
    TIFFSetField(self->tiff, tag, place);
}

static void set_layout(TiffEncoder *self, int width, int height)
{
    TIFF *tiff = self->tiff;
    gsize row = (gsize)width * (gsize)self->channels * (gsize)self->depth / 8;
    guint16 alpha = EXTRASAMPLE_UNASSALPHA;
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, (guint32)width);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, (guint32)height);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, self->depth);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, self->channels);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_RGB);
    TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
    TIFFSetField(tiff, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
    if (self->channels == 4)
        TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, 1, &alpha);
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_ADOBE_DEFLATE);
    TIFFSetField(tiff, TIFFTAG_PREDICTOR, PREDICTOR_HORIZONTAL);
    TIFFSetField(tiff, TIFFTAG_ZIPQUALITY, self->compression ? self->compression : DEFLATE_LEVEL);
    if (self->pyramid) {
        TIFFSetField(tiff, TIFFTAG_TILEWIDTH, TILE);
        TIFFSetField(tiff, TIFFTAG_TILELENGTH, TILE);
    } else {
        TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, (guint32)MAX(STRIP / row, 1));
    }
}

static void set_metadata(TiffEncoder *self, const PstPictureInfo *info, const PstMetadataParts *metadata)
{
    enum { XMP = 700, RESOURCES = 34377 };
    TIFF *tiff = self->tiff;
    g_autoptr(GBytes) profile = info->icc ? g_bytes_ref(info->icc) : pst_colour_srgb_icc();
    set_bytes(tiff, TIFFTAG_ICCPROFILE, profile);
    if (info->dpi_x > 0.5 && info->dpi_y > 0.5 && info->dpi_x < 1e6 && info->dpi_y < 1e6) {
        TIFFSetField(tiff, TIFFTAG_XRESOLUTION, info->dpi_x);
        TIFFSetField(tiff, TIFFTAG_YRESOLUTION, info->dpi_y);
        TIFFSetField(tiff, TIFFTAG_RESOLUTIONUNIT, RESUNIT_INCH);
    }
    set_bytes(tiff, XMP, metadata->xmp);
    set_bytes(tiff, RESOURCES, metadata->iptc);
    if (metadata->recipe)
        TIFFSetField(tiff, PST_TIFF_RECIPE, metadata->recipe);
    if (metadata->exif) {
        set_texts(tiff, metadata->exif);
        set_directory(self, metadata->exif, EXIF);
        set_directory(self, metadata->exif, GPS);
    }
}

/* ---- rows --------------------------------------------------------------------------------------- */

static gboolean write_tiles(TiffEncoder *self, int y, int width)
{
    gsize pixel = (gsize)self->channels * (gsize)self->depth / 8;
    for (int x = 0; x < width; x += TILE) {
        gsize columns = (gsize)MIN(TILE, width - x);
        memset(self->tile, 0, TILE * TILE * pixel);
        for (gsize row = 0; row < TILE; row++)
            memcpy(self->tile + row * TILE * pixel, self->band + (row * (gsize)width + (gsize)x) * pixel,
                   columns * pixel);
        if (TIFFWriteTile(self->tiff, self->tile, (guint32)x, (guint32)y, 0, 0) < 0)
            return FALSE;
    }
    return TRUE;
}

static gboolean put_row(TiffEncoder *self, const guint8 *row, int y, int width, int height)
{
    gsize size = (gsize)width * (gsize)self->channels * (gsize)self->depth / 8;
    if (!self->pyramid)
        return TIFFWriteScanline(self->tiff, (void *)row, (guint32)y, 0) >= 0;
    memcpy(self->band + (gsize)(y % TILE) * size, row, size);
    return (y % TILE != TILE - 1 && y != height - 1) || write_tiles(self, y - y % TILE, width);
}

static void quantise(const TiffEncoder *self, const float *rgb, const float *alpha)
{
    gsize channels = (gsize)self->channels, width = (gsize)self->info.width;
    guint8 *row8 = self->row;
    guint16 *row16 = (guint16 *)(void *)self->row;
    for (gsize x = 0; x < width; x++)
        for (gsize k = 0; k < channels; k++) {
            float value = k < 3 ? rgb[x * 3 + k] : alpha[x];
            if (self->depth == 8)
                *row8++ = (guint8)pst_quantise(value, 255);
            else
                *row16++ = (guint16)pst_quantise(value, 65535);
        }
}

/* libtiff may change the row, so the smaller copies are made first. */
static gboolean write_row(PstPictureEncoder *encoder, const float *rgb, const float *alpha)
{
    TiffEncoder *self = (TiffEncoder *)encoder;
    int y = self->next++;
    quantise(self, rgb, alpha);
    pst_reduced_levels_put(&self->levels, self->row, self->info.width, y == self->info.height - 1);
    return put_row(self, self->row, y, self->info.width, self->info.height) && !encoder->sink->error;
}

static gboolean write_level(TiffEncoder *self, const PstReducedLevel *level)
{
    gsize size = (gsize)level->width * (gsize)self->channels * (gsize)self->depth / 8;
    TIFFSetField(self->tiff, TIFFTAG_SUBFILETYPE, FILETYPE_REDUCEDIMAGE);
    set_layout(self, level->width, level->height);
    for (int y = 0; y < level->height; y++) {
        if (!put_row(self, level->rows->data + (gsize)y * size, y, level->width, level->height))
            return FALSE;
        pst_scratch_file_touch(level->rows, size);
    }
    return TIFFWriteDirectory(self->tiff) != 0;
}

static gboolean finish(PstPictureEncoder *encoder)
{
    TiffEncoder *self = (TiffEncoder *)encoder;
    gboolean done = TIFFWriteDirectory(self->tiff) != 0;
    for (int i = 0; done && i < self->levels.count; i++)
        done = write_level(self, &self->levels.levels[i]);
    done = done && TIFFFlush(self->tiff) && !encoder->sink->error;
    if (!done && !encoder->sink->error)
        pst_picture_set_error(&encoder->sink->error, PST_PICTURE_ERROR_IO, encoder->sink->name,
                              "can't be written as TIFF (%s)", "libtiff");
    return done;
}

static void encoder_free(PstPictureEncoder *encoder)
{
    TiffEncoder *self = (TiffEncoder *)encoder;
    if (self->tiff)
        TIFFCleanup(self->tiff); /* writes nothing any more */
    pst_reduced_levels_clear(&self->levels);
    g_free(self->row);
    g_free(self->band);
    g_free(self->tile);
    g_free(self);
}

/* In EXIF's byte order, as its directories are taken over. */
static TIFF *open_file(TiffEncoder *self, GBytes *exif)
{
    const char *data = exif ? g_bytes_get_data(exif, NULL) : NULL;
    const char *order = !data ? "" : data[0] == 'M' ? "b" : "l";
    g_autofree char *mode = g_strconcat("w", self->pyramid ? "8" : "4", order, NULL);
    TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
    TIFFOpenOptionsSetErrorHandlerExtR(options, take_error, self);
    TIFFOpenOptionsSetWarningHandlerExtR(options, ignore_warning, self);
    TIFF *tiff = TIFFClientOpenExt(self->base.sink->name, mode, self, read_file, write_file, seek_file, close_file,
                                   file_size, NULL, NULL, options);
    TIFFOpenOptionsFree(options);
    return tiff;
}

PstPictureEncoder *pst_tiff_encoder_new(const PstPictureInfo *info, const PstMetadataParts *metadata,
                                        const PstWriteOptions *options, PstSink *sink)
{
    TiffEncoder *self = g_new0(TiffEncoder, 1);
    self->base = (PstPictureEncoder){ sink, write_row, NULL, finish, encoder_free };
    self->info.width = info->width;
    self->info.height = info->height;
    self->channels = info->alpha ? 4 : 3;
    self->depth = options->depth;
    self->compression = options->compression;
    self->pyramid = (guint64)info->width * (guint64)info->height >= PST_PYRAMID_PIXELS;
    gsize row = (gsize)info->width * (gsize)self->channels * (gsize)self->depth / 8;
    self->row = g_malloc(row);
    if (self->pyramid) {
        self->band = g_malloc0(row * TILE);
        self->tile = g_malloc((gsize)TILE * TILE * (gsize)self->channels * (gsize)self->depth / 8);
    }
    if ((!self->pyramid || pst_reduced_levels_init(&self->levels, info->width, info->height, self->channels,
                                                   self->depth, info->alpha, LEAST, sink->name, &sink->error)) &&
        (self->tiff = open_file(self, metadata->exif))) {
        TIFFMergeFieldInfo(self->tiff, RECIPE_FIELD, G_N_ELEMENTS(RECIPE_FIELD));
        set_layout(self, info->width, info->height);
        set_metadata(self, info, metadata);
    }
    if (self->tiff && !sink->error)
        return &self->base;
    if (!sink->error)
        pst_picture_set_error(&sink->error, PST_PICTURE_ERROR_MEMORY, sink->name, "not enough memory to write a TIFF");
    encoder_free(&self->base);
    return NULL;
}
