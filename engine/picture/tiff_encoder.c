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
    COPIES = 3,      /* that a part has; whole tiles high are those above the last */
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
    GPtrArray *parts; /* paths, or NULL: rows come one by one */
} TiffEncoder;

G_STATIC_ASSERT(PST_PART_ROWS == TILE << (COPIES - 1));

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

/* The band's `rows` rows; what tiles have beyond the picture is zero. */
static gboolean write_tiles(TiffEncoder *self, int y, int width, int rows)
{
    gsize pixel = (gsize)self->channels * (gsize)self->depth / 8;
    for (int x = 0; x < width; x += TILE) {
        gsize columns = (gsize)MIN(TILE, width - x);
        memset(self->tile, 0, TILE * TILE * pixel);
        for (gsize row = 0; row < (gsize)rows; row++)
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
    return (y % TILE != TILE - 1 && y != height - 1) || write_tiles(self, y - y % TILE, width, y % TILE + 1);
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

/* ---- parts -------------------------------------------------------------------------------------- */

static TIFFOpenOptions *new_options(TiffEncoder *self)
{
    TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
    TIFFOpenOptionsSetErrorHandlerExtR(options, take_error, self);
    TIFFOpenOptionsSetWarningHandlerExtR(options, ignore_warning, self);
    return options;
}

/* Opens copy number `copy` of a part, 0 being itself, which has to be of the picture's kind. */
static TIFF *open_part(TiffEncoder *self, const char *path, int copy, int width)
{
    TIFFOpenOptions *options = new_options(self);
    TIFF *part = TIFFOpenExt(path, "r", options);
    guint32 columns = 0, side = 0;
    guint16 channels = 0, depth = 0;
    TIFFOpenOptionsFree(options);
    if (part && TIFFSetDirectory(part, (tdir_t)copy) && TIFFGetField(part, TIFFTAG_IMAGEWIDTH, &columns) &&
        TIFFGetField(part, TIFFTAG_TILEWIDTH, &side) && TIFFGetField(part, TIFFTAG_SAMPLESPERPIXEL, &channels) &&
        TIFFGetField(part, TIFFTAG_BITSPERSAMPLE, &depth) && columns == (guint32)width && side == TILE &&
        channels == self->channels && depth == self->depth && TIFFIsByteSwapped(part) == TIFFIsByteSwapped(self->tiff))
        return part;
    if (part)
        TIFFClose(part);
    g_clear_error(&self->base.sink->error);
    pst_picture_set_error(&self->base.sink->error, PST_PICTURE_ERROR_DAMAGED, path, "is no part of this picture");
    return NULL;
}

/* The tiles of a part as they are, from tile number `first` of the picture on. */
static gboolean copy_tiles(TiffEncoder *self, TIFF *part, guint32 first)
{
    gboolean done = TRUE;
    for (guint32 i = 0; done && i < TIFFNumberOfTiles(part); i++) {
        tmsize_t size = (tmsize_t)TIFFGetStrileByteCount(part, i);
        g_autofree guint8 *bytes = g_try_malloc((gsize)MAX(size, 1));
        done = bytes && TIFFReadRawTile(part, i, bytes, size) == size &&
               TIFFWriteRawTile(self->tiff, first + i, bytes, size) == size;
    }
    return done;
}

static gboolean copy_part(TiffEncoder *self, int number, int copy, int width)
{
    TIFF *part = open_part(self, self->parts->pdata[number], copy, width);
    guint32 above = (guint32)(number * PST_PART_ROWS / TILE >> copy), columns = (guint32)(width + TILE - 1) / TILE;
    gboolean done = part && copy_tiles(self, part, above * columns);
    if (part)
        TIFFClose(part);
    return done;
}

/* The rows of a part's last copy, at most TILE, of which the picture's further ones are made. */
static gboolean take_rows(TiffEncoder *self, const char *path, gboolean last)
{
    const PstReducedLevel *level = &self->levels.levels[COPIES - 1];
    gsize pixel = (gsize)self->channels * (gsize)self->depth / 8, row = (gsize)level->width * pixel;
    TIFF *part = open_part(self, path, COPIES, level->width);
    guint32 height = 0;
    gboolean done = part && TIFFGetField(part, TIFFTAG_IMAGELENGTH, &height) &&
                    height <= (guint32)MIN(TILE, level->height - level->filled);
    for (int x = 0; done && x < level->width; x += TILE) {
        gsize columns = (gsize)MIN(TILE, level->width - x);
        done = TIFFReadTile(part, self->tile, (guint32)x, 0, 0, 0) >= 0;
        for (gsize y = 0; done && y < height; y++)
            memcpy(self->band + y * row + (gsize)x * pixel, self->tile + y * TILE * pixel, columns * pixel);
    }
    for (guint32 y = 0; done && y < height; y++)
        pst_reduced_levels_put_at(&self->levels, COPIES - 1, self->band + y * row, last && y == height - 1);
    if (part)
        TIFFClose(part);
    return done;
}

/* libtiff may have said nothing. */
static gboolean check(TiffEncoder *self, gboolean done)
{
    PstSink *sink = self->base.sink;
    if (!done && !sink->error)
        pst_picture_set_error(&sink->error, PST_PICTURE_ERROR_IO, sink->name, "can't be written as TIFF (%s)",
                              "libtiff");
    return done && !sink->error;
}

static gboolean take_part(PstPictureEncoder *encoder, const char *path, gboolean last)
{
    TiffEncoder *self = (TiffEncoder *)encoder;
    g_return_val_if_fail(self->pyramid && self->next == 0, FALSE);
    if (!self->parts)
        self->parts = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(self->parts, g_strdup(path));
    return check(self, copy_part(self, (int)self->parts->len - 1, 0, self->info.width) &&
                           (self->levels.count < COPIES || take_rows(self, path, last)));
}

/* ---- copies ------------------------------------------------------------------------------------- */

static gboolean write_level(TiffEncoder *self, int index)
{
    const PstReducedLevel *level = &self->levels.levels[index];
    gsize size = (gsize)level->width * (gsize)self->channels * (gsize)self->depth / 8;
    gboolean copied = self->parts && index + 1 < COPIES;
    TIFFSetField(self->tiff, TIFFTAG_SUBFILETYPE, FILETYPE_REDUCEDIMAGE);
    set_layout(self, level->width, level->height);
    for (int i = 0; copied && i < (int)self->parts->len; i++)
        if (!copy_part(self, i, index + 1, level->width))
            return FALSE;
    for (int y = 0; !copied && y < level->height; y++) {
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
        done = write_level(self, i);
    return check(self, done && TIFFFlush(self->tiff));
}

static void encoder_free(PstPictureEncoder *encoder)
{
    TiffEncoder *self = (TiffEncoder *)encoder;
    if (self->tiff)
        TIFFCleanup(self->tiff); /* writes nothing any more */
    pst_reduced_levels_clear(&self->levels);
    g_clear_pointer(&self->parts, g_ptr_array_unref);
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
    TIFFOpenOptions *options = new_options(self);
    TIFF *tiff = TIFFClientOpenExt(self->base.sink->name, mode, self, read_file, write_file, seek_file, close_file,
                                   file_size, NULL, NULL, options);
    TIFFOpenOptionsFree(options);
    return tiff;
}

PstPictureEncoder *pst_tiff_encoder_new(const PstPictureInfo *info, const PstMetadataParts *metadata,
                                        const PstWriteOptions *options, PstSink *sink)
{
    TiffEncoder *self = g_new0(TiffEncoder, 1);
    self->base = (PstPictureEncoder){ sink, write_row, NULL, finish, encoder_free, take_part };
    self->info.width = info->width;
    self->info.height = info->height;
    self->channels = info->alpha ? 4 : 3;
    self->depth = options->depth;
    self->compression = options->compression;
    self->pyramid = options->part_of ||
                    pst_row_writer_takes_parts(PST_FORMAT_TIFF, info->width, info->height, options->pyramid);
    int copies = pst_reduced_levels_count(info->width, options->part_of ? options->part_of : info->height, LEAST);
    gsize row = (gsize)info->width * (gsize)self->channels * (gsize)self->depth / 8;
    self->row = g_malloc(row);
    if (self->pyramid) {
        self->band = g_malloc0(row * TILE);
        self->tile = g_malloc((gsize)TILE * TILE * (gsize)self->channels * (gsize)self->depth / 8);
    }
    if ((!self->pyramid ||
         pst_reduced_levels_init(&self->levels, info->width, info->height, self->channels, self->depth, info->alpha,
                                 options->part_of ? MIN(COPIES, copies) : copies, sink->name, &sink->error)) &&
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
