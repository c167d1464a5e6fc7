/* OpenRaster 0.0.6 (openraster.org): a ZIP archive of PNG files, by libpng and libzip.
 *
 * Each layer becomes a PNG in a temporary file beside the target. The archive, whose files are stored as they are, is
 * put together at the end: its first picture lies in it twice, as a layer and as what programs show that know none.
 */
#include "picture_encoder.h"

#include "error.h"
#include "writer.h"

#include <math.h>
#include <string.h>

#include <zip.h>

#define MEDIA_TYPE "image/openraster"

enum {
    THUMBNAIL = 256,      /* pixels of its longer side, by the standard */
    DOS_1980 = 0x21,      /* 1 January 1980: the same picture is the same bytes on any day */
    USUAL_RESOLUTION = 72 /* pixels per inch, by the standard */
};

typedef struct {
    char *name;
    gboolean hidden;
    PstSink sink; /* of the PNG; owns its output */
    PstPictureEncoder *png;
} Layer;

typedef struct {
    PstPictureEncoder base;
    PstPictureInfo info; /* of a layer; borrows the thumbnail's profile */
    GPtrArray *layers;   /* Layer, the topmost first */

    PstPicture *thumbnail; /* means of step x step pixels, weighted by opacity while they are summed */
    float *weights;        /* of a row of it: how opaque its pixels are together */
    int step, next;        /* next: row of the first layer */

    zip_int64_t position; /* of libzip in the sink */
} OpenRasterEncoder;

/* ---- layers ------------------------------------------------------------------------------------- */

static void layer_free(gpointer data)
{
    Layer *layer = data;
    if (layer->png)
        layer->png->free(layer->png);
    pst_output_free(layer->sink.output);
    g_clear_error(&layer->sink.error);
    g_free(layer->name);
    g_free(layer);
}

static Layer *last_layer(const OpenRasterEncoder *self)
{
    return self->layers->pdata[self->layers->len - 1];
}

/* Hands on the layer's error. */
static gboolean layer_fails(OpenRasterEncoder *self)
{
    g_propagate_error(&self->base.sink->error, g_steal_pointer(&last_layer(self)->sink.error));
    return FALSE;
}

static gboolean add_layer(OpenRasterEncoder *self, const PstPictureLayer *given, const PstMetadataParts *metadata,
                          const PstWriteOptions *options)
{
    PstSink *sink = self->base.sink;
    PstOutput *output = pst_output_open(sink->output ? sink->name : PST_OUTPUT_STANDARD, PST_CONFLICT_UNIQUE,
                                        &sink->error);
    if (!output)
        return FALSE;
    Layer *layer = g_new0(Layer, 1);
    g_ptr_array_add(self->layers, layer);
    layer->name = g_strdup(given->name);
    layer->hidden = given->hidden;
    layer->sink = (PstSink){ .name = sink->name, .output = output, .cancellable = sink->cancellable };
    self->info.alpha = given->alpha;
    layer->png = pst_png_encoder_new(&self->info, metadata, options, &layer->sink);
    return layer->png || layer_fails(self);
}

static gboolean end_layer(OpenRasterEncoder *self)
{
    PstPictureEncoder *png = last_layer(self)->png;
    return png->finish(png) || layer_fails(self);
}

static gboolean begin_layer(PstPictureEncoder *encoder, const PstPictureLayer *layer)
{
    OpenRasterEncoder *self = (OpenRasterEncoder *)encoder;
    const PstWriteOptions options = { .depth = 8, .metadata = PST_METADATA_NONE };
    g_auto(PstMetadataParts) none = { 0 };
    pst_metadata_parts_init(&none, &self->info, &options);
    return end_layer(self) && add_layer(self, layer, &none, &options);
}

/* ---- thumbnail ---------------------------------------------------------------------------------- */

/* A row of the thumbnail is complete: sums become means. */
static void end_thumbnail_row(OpenRasterEncoder *self, gsize y)
{
    PstPicture *small = self->thumbnail;
    gsize width = (gsize)small->width, step = (gsize)self->step, rows = (gsize)self->next % step + 1;
    for (gsize x = 0; x < width; x++) {
        gsize columns = MIN(step, (gsize)self->info.width - x * step);
        for (gsize k = 0; k < 3 && self->weights[x] > 0; k++)
            small->rgb[(y * width + x) * 3 + k] /= self->weights[x];
        if (small->alpha)
            small->alpha[y * width + x] = self->weights[x] / (float)(rows * columns);
        self->weights[x] = 0;
    }
}

static void add_to_thumbnail(OpenRasterEncoder *self, const float *rgb, const float *alpha)
{
    PstPicture *small = self->thumbnail;
    gsize step = (gsize)self->step, y = (gsize)(self->next / self->step);
    float *sums = small->rgb + y * (gsize)small->width * 3;
    for (gsize x = 0; x < (gsize)self->info.width; x++) {
        float weight = small->alpha ? alpha[x] : 1;
        for (gsize k = 0; k < 3; k++)
            sums[x / step * 3 + k] += weight * rgb[x * 3 + k];
        self->weights[x / step] += weight;
    }
    if ((gsize)self->next % step == step - 1 || self->next == self->info.height - 1)
        end_thumbnail_row(self, y);
    self->next++;
}

static GBytes *encode_thumbnail(OpenRasterEncoder *self)
{
    PstSink *sink = self->base.sink;
    const PstWriteOptions options = { .format = PST_FORMAT_PNG, .metadata = PST_METADATA_NONE };
    gboolean large = MAX(self->thumbnail->width, self->thumbnail->height) > THUMBNAIL;
    g_autoptr(PstPicture)
        fitted = large ? pst_picture_fit_long_side(self->thumbnail, THUMBNAIL, sink->cancellable, &sink->error) : NULL;
    return large && !fitted
               ? NULL
               : pst_picture_write_bytes(large ? fitted : self->thumbnail, &options, sink->cancellable, &sink->error);
}

/* ---- rows --------------------------------------------------------------------------------------- */

static gboolean write_row(PstPictureEncoder *encoder, const float *rgb, const float *alpha)
{
    OpenRasterEncoder *self = (OpenRasterEncoder *)encoder;
    PstPictureEncoder *png = last_layer(self)->png;
    if (self->layers->len == 1)
        add_to_thumbnail(self, rgb, alpha);
    return png->write_row(png, rgb, alpha) || layer_fails(self);
}

/* ---- the archive -------------------------------------------------------------------------------- */

/* The PNG of a layer for libzip, which may ask for it several times, one after the other. */
typedef struct {
    PstSink *sink;
    guint64 at;
} Reading;

static zip_int64_t read_layer(void *state, void *data, zip_uint64_t size, zip_source_cmd_t command)
{
    Reading *reading = state;
    switch (command) {
    case ZIP_SOURCE_OPEN:
        reading->at = 0;
        return 0;
    case ZIP_SOURCE_READ:
        size = MIN(size, reading->sink->size - reading->at);
        if (!pst_output_read_at(reading->sink->output, reading->at, data, size, &reading->sink->error))
            return -1;
        reading->at += size;
        return (zip_int64_t)size;
    case ZIP_SOURCE_CLOSE:
        return 0;
    case ZIP_SOURCE_STAT: {
        zip_stat_t *status = data;
        zip_stat_init(status);
        status->size = reading->sink->size;
        status->valid = ZIP_STAT_SIZE;
        return sizeof *status;
    }
    case ZIP_SOURCE_ERROR: {
        const int codes[] = { ZIP_ER_READ, 0 };
        memcpy(data, codes, sizeof codes);
        return sizeof codes;
    }
    case ZIP_SOURCE_FREE:
        g_free(reading);
        return 0;
    case ZIP_SOURCE_SUPPORTS:
        return ZIP_SOURCE_SUPPORTS_READABLE;
    default:
        return -1;
    }
}

/* libzip goes back to the heads of files whose checksum it knows afterwards. */
static gboolean write_archive(OpenRasterEncoder *self, const guint8 *data, guint64 size)
{
    PstSink *sink = self->base.sink;
    guint64 at = (guint64)self->position, inside = MIN(size, sink->size - at);
    self->position += (zip_int64_t)size;
    return (inside == 0 || pst_sink_write_at(sink, at, data, inside)) &&
           (size == inside || pst_sink_write(sink, data + inside, size - inside));
}

static zip_int64_t take_archive(void *state, void *data, zip_uint64_t size, zip_source_cmd_t command)
{
    OpenRasterEncoder *self = state;
    switch (command) {
    case ZIP_SOURCE_STAT:
        zip_stat_init(data);
        return sizeof(zip_stat_t);
    case ZIP_SOURCE_WRITE:
        return write_archive(self, data, size) ? (zip_int64_t)size : -1;
    case ZIP_SOURCE_SEEK_WRITE:
        self->position = zip_source_seek_compute_offset((zip_uint64_t)self->position, self->base.sink->size, data, size,
                                                        NULL);
        return self->position < 0 ? -1 : 0;
    case ZIP_SOURCE_TELL_WRITE:
        return self->position;
    case ZIP_SOURCE_ERROR: {
        const int codes[] = { ZIP_ER_WRITE, 0 };
        memcpy(data, codes, sizeof codes);
        return sizeof codes;
    }
    case ZIP_SOURCE_SUPPORTS:
        return ZIP_SOURCE_SUPPORTS_WRITABLE;
    default: /* opening, closing, committing: nothing to do */
        return 0;
    }
}

/* Takes over `source`, which may be NULL. */
static gboolean add_file(zip_t *archive, const char *name, zip_source_t *source)
{
    zip_int64_t index = source ? zip_file_add(archive, name, source, 0) : -1;
    if (index < 0)
        zip_source_free(source);
    return index >= 0 && zip_set_file_compression(archive, (zip_uint64_t)index, ZIP_CM_STORE, 0) == 0 &&
           zip_file_set_dostime(archive, (zip_uint64_t)index, 0, DOS_1980, 0) == 0;
}

/* `content` has to last until the archive is closed. */
static gboolean add_content(zip_t *archive, const char *name, const void *content, gsize size)
{
    return add_file(archive, name, zip_source_buffer(archive, content, size, 0));
}

static gboolean add_picture(zip_t *archive, const char *name, Layer *layer)
{
    Reading *reading = g_new0(Reading, 1);
    reading->sink = &layer->sink;
    zip_source_t *source = zip_source_function(archive, read_layer, reading);
    if (!source)
        g_free(reading);
    return add_file(archive, name, source);
}

static char *layer_file(guint number)
{
    return g_strdup_printf("data/layer%u.png", number);
}

static int resolution(double dpi)
{
    return dpi > 0.5 && dpi < 1e6 ? (int)lround(dpi) : USUAL_RESOLUTION;
}

static char *stack_text(const OpenRasterEncoder *self)
{
    GString *text = g_string_new("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    g_string_append_printf(text, "<image version=\"0.0.6\" w=\"%d\" h=\"%d\" xres=\"%d\" yres=\"%d\">\n <stack>\n",
                           self->info.width, self->info.height, resolution(self->info.dpi_x),
                           resolution(self->info.dpi_y));
    for (guint i = 0; i < self->layers->len; i++) {
        const Layer *layer = self->layers->pdata[i];
        g_autofree char *file = layer_file(i);
        g_autofree char *element = g_markup_printf_escaped(
            "  <layer name=\"%s\" src=\"%s\" x=\"0\" y=\"0\" opacity=\"1.0\" visibility=\"%s\""
            " composite-op=\"svg:src-over\"/>\n",
            layer->name, file, layer->hidden ? "hidden" : "visible");
        g_string_append(text, element);
    }
    g_string_append(text, " </stack>\n</image>\n");
    return g_string_free(text, FALSE);
}

static gboolean add_all(const OpenRasterEncoder *self, zip_t *archive, const char *stack, GBytes *thumbnail)
{
    gboolean done = add_content(archive, "mimetype", MEDIA_TYPE, strlen(MEDIA_TYPE)) &&
                    add_content(archive, "stack.xml", stack, strlen(stack));
    for (guint i = 0; done && i < self->layers->len; i++) {
        g_autofree char *file = layer_file(i);
        done = add_picture(archive, file, self->layers->pdata[i]);
    }
    return done && add_picture(archive, "mergedimage.png", self->layers->pdata[0]) &&
           add_content(archive, "Thumbnails/thumbnail.png", g_bytes_get_data(thumbnail, NULL),
                       g_bytes_get_size(thumbnail));
}

static int is_cancelled(zip_t *archive, void *sink)
{
    return g_cancellable_is_cancelled(((PstSink *)sink)->cancellable);
}

/* The first error that a callback of libzip left, or else that libzip failed. */
static void set_archive_error(OpenRasterEncoder *self)
{
    PstSink *sink = self->base.sink;
    for (guint i = 0; i < self->layers->len && !sink->error; i++)
        sink->error = g_steal_pointer(&((Layer *)self->layers->pdata[i])->sink.error);
    if (!sink->error && !g_cancellable_set_error_if_cancelled(sink->cancellable, &sink->error))
        pst_picture_set_error(&sink->error, PST_PICTURE_ERROR_IO, sink->name, "can't be written as OpenRaster (%s)",
                              "libzip");
}

static gboolean finish(PstPictureEncoder *encoder)
{
    OpenRasterEncoder *self = (OpenRasterEncoder *)encoder;
    g_autofree char *stack = stack_text(self);
    g_autoptr(GBytes) thumbnail = end_layer(self) ? encode_thumbnail(self) : NULL;
    if (!thumbnail)
        return FALSE;
    zip_source_t *target = zip_source_function_create(take_archive, self, NULL);
    zip_t *archive = target ? zip_open_from_source(target, ZIP_TRUNCATE, NULL) : NULL;
    if (!archive)
        zip_source_free(target);
    gboolean done = archive && add_all(self, archive, stack, thumbnail) &&
                    zip_register_cancel_callback_with_state(archive, is_cancelled, NULL, encoder->sink) == 0 &&
                    zip_close(archive) == 0;
    if (!done && archive)
        zip_discard(archive);
    if (!done)
        set_archive_error(self);
    return done;
}

static void encoder_free(PstPictureEncoder *encoder)
{
    OpenRasterEncoder *self = (OpenRasterEncoder *)encoder;
    g_ptr_array_unref(self->layers);
    pst_picture_free(self->thumbnail);
    g_free(self->weights);
    g_free(self);
}

PstPictureEncoder *pst_open_raster_encoder_new(const PstPictureInfo *info, const PstMetadataParts *metadata,
                                               const PstWriteOptions *options, PstSink *sink)
{
    const PstPictureLayer layer = { options->layer ? options->layer : "Picture", info->alpha, FALSE };
    PstWriteOptions png = *options;
    OpenRasterEncoder *self = g_new0(OpenRasterEncoder, 1);
    png.depth = 8;
    self->base = (PstPictureEncoder){ sink, write_row, begin_layer, finish, encoder_free, NULL };
    self->info = (PstPictureInfo){
        .width = info->width, .height = info->height, .dpi_x = info->dpi_x, .dpi_y = info->dpi_y, .icc = info->icc
    };
    self->layers = g_ptr_array_new_with_free_func(layer_free);
    self->step = MAX(MAX(info->width, info->height) / THUMBNAIL, 1);
    self->thumbnail = pst_picture_new((info->width + self->step - 1) / self->step,
                                      (info->height + self->step - 1) / self->step, info->alpha, &sink->error);
    if (self->thumbnail) {
        self->thumbnail->info.icc = info->icc ? g_bytes_ref(info->icc) : NULL; /* which lasts for all layers */
        self->weights = g_new0(float, self->thumbnail->width);
        if (add_layer(self, &layer, metadata, &png))
            return &self->base;
    }
    encoder_free(&self->base);
    return NULL;
}
