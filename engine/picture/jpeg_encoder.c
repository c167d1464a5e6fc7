/* JPEG by libjpeg-turbo. */
#include "colour.h"
#include "picture_encoder.h"
#include "error.h"
#include "jpeg_arrays.h"
#include "jpeg_segments.h"

#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h> /* before jerror.h, which needs its version */
#include <jerror.h>

enum {
    BUFFER_SIZE = 64 * 1024,
    MAX_OPTIMISED = 100000000, /* pixels: the coefficients take 6 bytes of the disk for each */
};

typedef struct {
    PstPictureEncoder base;
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr errors;
    struct jpeg_destination_mgr destination;
    struct jpeg_progress_mgr progress;
    PstJpegArrays arrays;
    jmp_buf jump;
    PstSink *sink; /* base.sink */
    GBytes *profile;
    JSAMPLE *row;
    gboolean alpha;
    JOCTET buffer[BUFFER_SIZE];
} JpegEncoder;

static JpegEncoder *owner(gpointer client_data)
{
    return ((PstJpegArrays *)client_data)->owner;
}

static void error_exit(j_common_ptr common)
{
    JpegEncoder *self = owner(common->client_data);
    char message[JMSG_LENGTH_MAX];
    self->errors.format_message(common, message);
    if (!self->sink->error && self->arrays.error)
        self->sink->error = g_steal_pointer(&self->arrays.error);
    else if (!self->sink->error && self->errors.msg_code == JERR_OUT_OF_MEMORY)
        pst_picture_set_error(&self->sink->error, PST_PICTURE_ERROR_MEMORY, self->sink->name,
                              "not enough memory to write a JPEG");
    else if (!self->sink->error)
        pst_picture_set_error(&self->sink->error, PST_PICTURE_ERROR_IO, self->sink->name,
                              "can't be written as JPEG (%s)", message);
    longjmp(self->jump, 1);
}

static void output_message(j_common_ptr common)
{
}

static void init_destination(j_compress_ptr jpeg)
{
    JpegEncoder *self = owner(jpeg->client_data);
    self->destination.next_output_byte = self->buffer;
    self->destination.free_in_buffer = BUFFER_SIZE;
}

static boolean empty_output_buffer(j_compress_ptr jpeg)
{
    JpegEncoder *self = owner(jpeg->client_data);
    if (!pst_sink_write(self->sink, self->buffer, BUFFER_SIZE))
        longjmp(self->jump, 1);
    init_destination(jpeg);
    return TRUE;
}

static void term_destination(j_compress_ptr jpeg)
{
    JpegEncoder *self = owner(jpeg->client_data);
    if (!pst_sink_write(self->sink, self->buffer, BUFFER_SIZE - self->destination.free_in_buffer))
        longjmp(self->jump, 1);
}

/* Optimised coding passes over the picture twice; this is called in both passes. */
static void watch_progress(j_common_ptr common)
{
    JpegEncoder *self = owner(common->client_data);
    if (g_cancellable_set_error_if_cancelled(self->sink->cancellable, &self->sink->error))
        longjmp(self->jump, 1);
}

static void quantise_row(const JpegEncoder *self, const float *rgb, const float *alpha)
{
    gsize width = self->jpeg.image_width;
    for (gsize i = 0; i < width * 3 && !self->alpha; i++)
        self->row[i] = (JSAMPLE)pst_quantise(rgb[i], 255);
    for (gsize x = 0; x < width && self->alpha; x++) {
        float cover = alpha[x] > 0 ? (alpha[x] < 1 ? alpha[x] : 1) : 0;
        for (gsize k = 0; k < 3; k++)
            self->row[x * 3 + k] = (JSAMPLE)pst_quantise(cover * rgb[x * 3 + k] + (1 - cover), 255);
    }
}

static void set_density(struct jpeg_compress_struct *jpeg, const PstPictureInfo *info)
{
    if (info->dpi_x < 0.5 || info->dpi_y < 0.5 || info->dpi_x > 65535 || info->dpi_y > 65535)
        return;
    jpeg->density_unit = 1;
    jpeg->X_density = (UINT16)lround(info->dpi_x);
    jpeg->Y_density = (UINT16)lround(info->dpi_y);
}

static void write_segment(struct jpeg_compress_struct *jpeg, int marker, const char *name, gsize name_size,
                          const void *data, gsize size)
{
    if (size == 0 || size > PST_JPEG_SEGMENT - name_size)
        return;
    const JOCTET *bytes = data;
    jpeg_write_m_header(jpeg, marker, (unsigned)(name_size + size));
    for (gsize i = 0; i < name_size; i++)
        jpeg_write_m_byte(jpeg, name[i]);
    for (gsize i = 0; i < size; i++)
        jpeg_write_m_byte(jpeg, bytes[i]);
}

static void write_metadata(struct jpeg_compress_struct *jpeg, const PstMetadataParts *metadata)
{
    gsize size;
    if (metadata->exif) {
        const void *data = g_bytes_get_data(metadata->exif, &size);
        write_segment(jpeg, PST_JPEG_EXIF, PST_JPEG_EXIF_NAME, sizeof PST_JPEG_EXIF_NAME, data, size);
    }
    if (metadata->xmp) {
        const void *data = g_bytes_get_data(metadata->xmp, &size);
        write_segment(jpeg, PST_JPEG_XMP, PST_JPEG_XMP_NAME, sizeof PST_JPEG_XMP_NAME, data, size);
    }
    if (metadata->iptc) {
        const void *data = g_bytes_get_data(metadata->iptc, &size);
        write_segment(jpeg, PST_JPEG_RESOURCES, PST_JPEG_RESOURCES_NAME, sizeof PST_JPEG_RESOURCES_NAME, data, size);
    }
    if (metadata->recipe)
        write_segment(jpeg, PST_JPEG_RECIPE, PST_JPEG_RECIPE_NAME, sizeof PST_JPEG_RECIPE_NAME, metadata->recipe,
                      strlen(metadata->recipe));
    for (guint i = 0; i < metadata->texts->len; i++) {
        const PstPictureText *text = metadata->texts->pdata[i];
        gboolean comment = strcmp(text->key, PST_TEXT_COMMENT) == 0;
        g_autofree char *line = comment ? g_strdup(text->text) : g_strdup_printf("%s: %s", text->key, text->text);
        write_segment(jpeg, JPEG_COM, "", 0, line, strlen(line));
    }
}

static gboolean is_optimised(int width, int height)
{
    return (gint64)width * height <= MAX_OPTIMISED;
}

guint64 pst_jpeg_encoder_spill(int width, int height)
{
    guint64 across = ((guint64)width + DCTSIZE - 1) / DCTSIZE, down = ((guint64)height + DCTSIZE - 1) / DCTSIZE;
    return is_optimised(width, height) ? across * down * 3 * sizeof(JBLOCK) : 0;
}

static gboolean begin(JpegEncoder *self, const PstPictureInfo *info, const PstMetadataParts *metadata, int quality)
{
    struct jpeg_compress_struct *jpeg = &self->jpeg;
    if (setjmp(self->jump))
        return FALSE;
    jpeg_create_compress(jpeg);
    pst_jpeg_arrays_install(&self->arrays, (j_common_ptr)jpeg);
    jpeg->dest = &self->destination;
    jpeg->progress = &self->progress;
    jpeg->image_width = (JDIMENSION)info->width;
    jpeg->image_height = (JDIMENSION)info->height;
    jpeg->input_components = 3;
    jpeg->in_color_space = JCS_RGB;
    jpeg_set_defaults(jpeg);
    jpeg_set_quality(jpeg, quality, TRUE);
    jpeg->optimize_coding = is_optimised(info->width, info->height);
    for (int i = 0; i < 3; i++) /* 4:4:4: paintings have thin strokes of pure colour */
        jpeg->comp_info[i].h_samp_factor = jpeg->comp_info[i].v_samp_factor = 1;
    set_density(jpeg, info);
    jpeg_start_compress(jpeg, TRUE);
    write_metadata(jpeg, metadata);
    if (self->profile) {
        gsize size;
        const JOCTET *data = g_bytes_get_data(self->profile, &size);
        jpeg_write_icc_profile(jpeg, data, (unsigned)size);
    }
    return TRUE;
}

static gboolean write_row(PstPictureEncoder *encoder, const float *rgb, const float *alpha)
{
    JpegEncoder *self = (JpegEncoder *)encoder;
    if (setjmp(self->jump))
        return FALSE;
    quantise_row(self, rgb, alpha);
    jpeg_write_scanlines(&self->jpeg, &self->row, 1);
    return TRUE;
}

static gboolean finish(PstPictureEncoder *encoder)
{
    JpegEncoder *self = (JpegEncoder *)encoder;
    if (setjmp(self->jump))
        return FALSE;
    jpeg_finish_compress(&self->jpeg);
    return TRUE;
}

static void encoder_free(PstPictureEncoder *encoder)
{
    JpegEncoder *self = (JpegEncoder *)encoder;
    jpeg_destroy_compress(&self->jpeg);
    pst_jpeg_arrays_clear(&self->arrays);
    g_clear_pointer(&self->profile, g_bytes_unref);
    g_free(self->row);
    g_free(self);
}

PstPictureEncoder *pst_jpeg_encoder_new(const PstPictureInfo *info, const PstMetadataParts *metadata,
                                        const PstWriteOptions *options, PstSink *sink)
{
    if (info->width > JPEG_MAX_DIMENSION || info->height > JPEG_MAX_DIMENSION) {
        pst_picture_set_error(&sink->error, PST_PICTURE_ERROR_TOO_BIG, sink->name,
                              "%d x %d pixels are too many for a JPEG", info->width, info->height);
        return NULL;
    }
    JpegEncoder *self = g_new0(JpegEncoder, 1);
    self->base = (PstPictureEncoder){ sink, write_row, NULL, finish, encoder_free, NULL };
    self->sink = sink;
    self->alpha = info->alpha;
    self->profile = info->icc ? g_bytes_ref(info->icc) : pst_colour_srgb_icc();
    self->row = g_new(JSAMPLE, (gsize)info->width * 3);
    self->arrays.owner = self;
    self->arrays.name = sink->name;
    self->jpeg.client_data = &self->arrays; /* libjpeg keeps it */
    self->jpeg.err = jpeg_std_error(&self->errors);
    self->errors.error_exit = error_exit;
    self->errors.output_message = output_message;
    self->destination.init_destination = init_destination;
    self->destination.empty_output_buffer = empty_output_buffer;
    self->destination.term_destination = term_destination;
    self->progress.progress_monitor = watch_progress;
    if (begin(self, info, metadata, options->quality))
        return &self->base;
    encoder_free(&self->base);
    return NULL;
}
