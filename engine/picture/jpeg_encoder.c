/* JPEG by libjpeg-turbo. */
#include "colour.h"
#include "encoder.h"
#include "error.h"

#include <math.h>
#include <setjmp.h>
#include <stdio.h>

#include <jpeglib.h> /* before jerror.h, which needs its version */
#include <jerror.h>

enum { BUFFER_SIZE = 64 * 1024 };

typedef struct {
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr errors;
    struct jpeg_destination_mgr destination;
    struct jpeg_progress_mgr progress;
    jmp_buf jump;
    PstSink *sink;
    GBytes *profile;
    JSAMPLE *row;
    JOCTET buffer[BUFFER_SIZE];
} JpegEncoder;

static void error_exit(j_common_ptr common)
{
    JpegEncoder *self = common->client_data;
    char message[JMSG_LENGTH_MAX];
    self->errors.format_message(common, message);
    if (!self->sink->error && self->errors.msg_code == JERR_OUT_OF_MEMORY)
        pst_picture_set_error(&self->sink->error, PST_PICTURE_ERROR_MEMORY, self->sink->name,
                              "not enough memory to write a JPEG; make the picture smaller");
    else if (!self->sink->error)
        pst_picture_set_error(&self->sink->error, PST_PICTURE_ERROR_IO, self->sink->name,
                              "can't be written as JPEG (%s); choose PNG", message);
    longjmp(self->jump, 1);
}

static void output_message(j_common_ptr common)
{
}

static void init_destination(j_compress_ptr jpeg)
{
    JpegEncoder *self = jpeg->client_data;
    self->destination.next_output_byte = self->buffer;
    self->destination.free_in_buffer = BUFFER_SIZE;
}

static boolean empty_output_buffer(j_compress_ptr jpeg)
{
    JpegEncoder *self = jpeg->client_data;
    if (!pst_sink_write(self->sink, self->buffer, BUFFER_SIZE))
        longjmp(self->jump, 1);
    init_destination(jpeg);
    return TRUE;
}

static void term_destination(j_compress_ptr jpeg)
{
    JpegEncoder *self = jpeg->client_data;
    if (!pst_sink_write(self->sink, self->buffer, BUFFER_SIZE - self->destination.free_in_buffer))
        longjmp(self->jump, 1);
}

/* Optimised coding goes over the picture twice; this is called in both. */
static void watch_progress(j_common_ptr common)
{
    JpegEncoder *self = common->client_data;
    if (g_cancellable_set_error_if_cancelled(self->sink->cancellable, &self->sink->error))
        longjmp(self->jump, 1);
}

static void quantise_row(const PstPicture *picture, int y, JSAMPLE *row)
{
    gsize start = (gsize)y * (gsize)picture->width;
    const float *rgb = picture->rgb + start * 3;
    const float *alpha = picture->alpha ? picture->alpha + start : NULL;
    for (gsize x = 0; x < (gsize)picture->width; x++) {
        float cover = !alpha ? 1 : alpha[x] > 0 ? (alpha[x] < 1 ? alpha[x] : 1) : 0;
        for (gsize k = 0; k < 3; k++) {
            float value = rgb[x * 3 + k];
            if (alpha)
                value = cover * value + (1 - cover);
            row[x * 3 + k] = (JSAMPLE)pst_quantise(value, 255);
        }
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

static gboolean encode(JpegEncoder *self, const PstPicture *picture, int quality)
{
    struct jpeg_compress_struct *jpeg = &self->jpeg;
    if (setjmp(self->jump))
        return FALSE;
    jpeg_create_compress(jpeg);
    jpeg->client_data = self;
    jpeg->dest = &self->destination;
    jpeg->progress = &self->progress;
    jpeg->image_width = (JDIMENSION)picture->width;
    jpeg->image_height = (JDIMENSION)picture->height;
    jpeg->input_components = 3;
    jpeg->in_color_space = JCS_RGB;
    jpeg_set_defaults(jpeg);
    jpeg_set_quality(jpeg, quality, TRUE);
    jpeg->optimize_coding = TRUE;
    for (int i = 0; i < 3; i++) /* 4:4:4: thin strokes of pure colour are what paintings have */
        jpeg->comp_info[i].h_samp_factor = jpeg->comp_info[i].v_samp_factor = 1;
    set_density(jpeg, &picture->info);
    jpeg_start_compress(jpeg, TRUE);
    if (self->profile) {
        gsize size;
        const JOCTET *data = g_bytes_get_data(self->profile, &size);
        jpeg_write_icc_profile(jpeg, data, (unsigned)size);
    }
    while (jpeg->next_scanline < jpeg->image_height) {
        quantise_row(picture, (int)jpeg->next_scanline, self->row);
        jpeg_write_scanlines(jpeg, &self->row, 1);
    }
    jpeg_finish_compress(jpeg);
    return TRUE;
}

gboolean pst_jpeg_encode(const PstPicture *picture, const PstWriteOptions *options, PstSink *sink)
{
    if (picture->width > JPEG_MAX_DIMENSION || picture->height > JPEG_MAX_DIMENSION) {
        pst_picture_set_error(&sink->error, PST_PICTURE_ERROR_TOO_BIG, sink->name,
                              "%d x %d pixels are too many for a JPEG; choose PNG", picture->width,
                              picture->height);
        return FALSE;
    }
    JpegEncoder *self = g_new0(JpegEncoder, 1);
    self->sink = sink;
    self->profile = pst_colour_srgb_icc();
    self->row = g_new(JSAMPLE, (gsize)picture->width * 3);
    self->jpeg.client_data = self; /* libjpeg keeps it */
    self->jpeg.err = jpeg_std_error(&self->errors);
    self->errors.error_exit = error_exit;
    self->errors.output_message = output_message;
    self->destination.init_destination = init_destination;
    self->destination.empty_output_buffer = empty_output_buffer;
    self->destination.term_destination = term_destination;
    self->progress.progress_monitor = watch_progress;
    gboolean done = encode(self, picture, options->quality);
    jpeg_destroy_compress(&self->jpeg);
    g_clear_pointer(&self->profile, g_bytes_unref);
    g_free(self->row);
    g_free(self);
    return done;
}
