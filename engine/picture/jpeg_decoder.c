/* JPEG by libjpeg-turbo. */
#include "picture_decoder.h"
#include "error.h"
#include "exif.h"
#include "jpeg_arrays.h"
#include "iptc.h"
#include "jpeg_segments.h"
#include "metadata.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h> /* before jerror.h, which needs its version */
#include <jerror.h>

enum {
    BUFFER_SIZE = 64 * 1024,
    MAX_HEADER = 32 << 20, /* bytes before the pixels, all of which may be kept: a profile may have 16 million */
    MAX_SEGMENTS = 1000,   /* of side information; libjpeg takes a time that grows with their square */
};

typedef struct {
    PstPictureDecoder base;
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr errors;
    struct jpeg_source_mgr input;
    struct jpeg_progress_mgr progress;
    PstJpegArrays arrays;
    jmp_buf jump;
    int error_code; /* libjpeg's, or one of the STOP_ ones */
    char message[JMSG_LENGTH_MAX];
    int max_scans;
    gboolean faked_end; /* the file has no end marker: one was made up */
    gboolean started;
    gsize header;          /* bytes read of it */
    int segments;          /* of side information */
    GByteArray *resources; /* Photoshop's, of all its segments; or NULL */
    JOCTET buffer[BUFFER_SIZE];
} JpegDecoder;

/* Our own reasons to leave libjpeg, outside its range of codes. */
enum { STOP_SOURCE = -1, STOP_SCANS = -2, STOP_HEADER = -3, STOP_SEGMENTS = -4 };

static JpegDecoder *owner(gpointer client_data)
{
    return ((PstJpegArrays *)client_data)->owner;
}

static G_NORETURN void stop(JpegDecoder *self, int code)
{
    self->error_code = code;
    longjmp(self->jump, 1);
}

static void error_exit(j_common_ptr common)
{
    JpegDecoder *self = owner(common->client_data);
    self->errors.format_message(common, self->message);
    stop(self, self->errors.msg_code);
}

/* libjpeg tells of each segment that it reads. */
static void count_segment(JpegDecoder *self)
{
    switch (self->errors.msg_code) {
    case JTRC_MISC_MARKER:
    case JTRC_APP0:
    case JTRC_APP14:
    case JTRC_ADOBE:
    case JTRC_JFIF:
        if (++self->segments > MAX_SEGMENTS)
            stop(self, STOP_SEGMENTS);
        break;
    default:
        break;
    }
}

/* To libjpeg broken entropy-coded data is only a warning; it fills in grey blocks. */
static void emit_message(j_common_ptr common, int level)
{
    JpegDecoder *self = owner(common->client_data);
    if (level >= 0) {
        count_segment(self);
        return;
    }
    switch (self->errors.msg_code) {
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_ARITH_BAD_CODE:
    case JWRN_MUST_RESYNC:
    case JWRN_BOGUS_PROGRESSION:
        if (!self->base.salvage)
            error_exit(common);
        pst_picture_decoder_warn_salvaged(&self->base);
        break;
    case JWRN_EXTRANEOUS_DATA:
        pst_picture_info_warn(&self->base.info, "stray bytes in the file were skipped");
        break;
    default:
        break;
    }
}

static void output_message(j_common_ptr common)
{
}

static void init_source(j_decompress_ptr jpeg)
{
}

static boolean fill_input_buffer(j_decompress_ptr jpeg)
{
    JpegDecoder *self = owner(jpeg->client_data);
    gsize size = pst_source_read(self->base.source, self->buffer, BUFFER_SIZE);
    if (pst_source_stopped(self->base.source))
        stop(self, STOP_SOURCE);
    if (!self->started && (self->header += size) > MAX_HEADER)
        stop(self, STOP_HEADER);
    if (size == 0) {
        /* An end marker is made up, once. If only that was missing, the picture is whole; if pixels were,
         * emit_message() is called. */
        if (self->faked_end)
            ERREXIT(jpeg, JERR_INPUT_EOF);
        self->faked_end = TRUE;
        self->buffer[0] = 0xff;
        self->buffer[1] = JPEG_EOI;
        size = 2;
    }
    self->input.next_input_byte = self->buffer;
    self->input.bytes_in_buffer = size;
    return TRUE;
}

static void skip_input_data(j_decompress_ptr jpeg, long count)
{
    JpegDecoder *self = owner(jpeg->client_data);
    while (count > 0 && (gsize)count > self->input.bytes_in_buffer) {
        count -= (long)self->input.bytes_in_buffer;
        fill_input_buffer(jpeg);
        if (self->faked_end)
            return;
    }
    if (count > 0) {
        self->input.next_input_byte += count;
        self->input.bytes_in_buffer -= (gsize)count;
    }
}

static void term_source(j_decompress_ptr jpeg)
{
}

static void watch_progress(j_common_ptr common)
{
    JpegDecoder *self = owner(common->client_data);
    if (pst_source_stopped(self->base.source))
        stop(self, STOP_SOURCE);
    if (self->jpeg.input_scan_number > self->max_scans)
        stop(self, STOP_SCANS);
}

static void set_error(JpegDecoder *self, GError **error)
{
    const char *name = self->base.source->name;
    switch (self->error_code) {
    case STOP_SCANS:
        pst_picture_set_error(error, PST_PICTURE_ERROR_TOO_BIG, name,
                              "has more than %d scans, which no honest JPEG has", self->max_scans);
        break;
    case STOP_HEADER:
        pst_picture_set_error(error, PST_PICTURE_ERROR_TOO_BIG, name,
                              "has more than %d MB of side information before its pixels", MAX_HEADER >> 20);
        break;
    case STOP_SEGMENTS:
        pst_picture_set_error(error, PST_PICTURE_ERROR_TOO_BIG, name,
                              "has more than %d segments of side information, which no honest JPEG has", MAX_SEGMENTS);
        break;
    case JERR_IMAGE_TOO_BIG:
        pst_picture_set_error(error, PST_PICTURE_ERROR_TOO_BIG, name,
                              "is wider or higher than %d pixels, more than can be read of a JPEG",
                              (int)JPEG_MAX_DIMENSION);
        break;
    case JERR_BAD_PRECISION:
    case JERR_SOF_UNSUPPORTED:
    case JERR_ARITH_NOTIMPL:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_CCIR601_NOTIMPL:
    case JERR_FRACT_SAMPLE_NOTIMPL:
    case JERR_COMPONENT_COUNT:
        pst_picture_set_error(error, PST_PICTURE_ERROR_UNSUPPORTED, name, "is a rare kind of JPEG (%s)", self->message);
        break;
    case JERR_OUT_OF_MEMORY:
        if (self->arrays.error)
            g_propagate_error(error, g_steal_pointer(&self->arrays.error));
        else
            pst_picture_set_error(error, PST_PICTURE_ERROR_MEMORY, name, "not enough memory");
        break;
    default:
        pst_picture_decoder_set_damaged(&self->base, error, self->faked_end ? NULL : self->message);
        break;
    }
}

static gboolean missing_end(JpegDecoder *self, GError **error)
{
    /* With several scans each brings part of every pixel, so it can't be known whether one is missing. And
     * libjpeg's arithmetic decoder makes up zeros without a warning. */
    if (!self->base.salvage &&
        (self->jpeg.progressive_mode || self->jpeg.arith_code || jpeg_has_multiple_scans(&self->jpeg))) {
        pst_picture_decoder_set_damaged(&self->base, error, NULL);
        return TRUE;
    }
    pst_picture_info_warn(&self->base.info, "the end marker is missing, all rows are there");
    return FALSE;
}

static gboolean jpeg_read_row(PstPictureDecoder *decoder, void *row, GError **error)
{
    JpegDecoder *self = (JpegDecoder *)decoder;
    if (setjmp(self->jump)) {
        set_error(self, error);
        return FALSE;
    }
    if (!self->started) {
        self->started = TRUE;
        jpeg_start_decompress(&self->jpeg); /* reads all scans of a progressive JPEG */
    }
    JSAMPROW rows[1] = { row };
    jpeg_read_scanlines(&self->jpeg, rows, 1);
    return TRUE;
}

static gboolean jpeg_finish(PstPictureDecoder *decoder, GError **error)
{
    JpegDecoder *self = (JpegDecoder *)decoder;
    if (setjmp(self->jump)) {
        if (pst_source_stopped(self->base.source)) {
            set_error(self, error);
            return FALSE;
        }
        pst_picture_info_warn(&self->base.info, "what follows the pixels in the file is damaged");
        return TRUE;
    }
    jpeg_finish_decompress(&self->jpeg);
    return !self->faked_end || !missing_end(self, error);
}

static void jpeg_free(PstPictureDecoder *decoder)
{
    JpegDecoder *self = (JpegDecoder *)decoder;
    jpeg_destroy_decompress(&self->jpeg);
    g_clear_pointer(&self->resources, g_byte_array_unref);
    pst_jpeg_arrays_clear(&self->arrays);
    pst_picture_decoder_clear(decoder);
    g_free(self);
}

static void read_exif(JpegDecoder *self)
{
    PstPictureInfo *info = &self->base.info;
    gsize size = 0;
    const guint8 *data = info->exif ? g_bytes_get_data(info->exif, &size) : NULL;
    PstExif exif = pst_exif_parse(data, size);
    pst_metadata_take_orientation(info, exif.orientation);
    info->dpi_x = exif.dpi_x;
    info->dpi_y = exif.dpi_y;
    if (exif.adobe_rgb && self->base.layout.colour == PST_COLOUR_RGB)
        self->base.colour = pst_colour_adobe_rgb;
}

/* What follows the name in a segment of that kind, or NULL. */
static const guint8 *content(jpeg_saved_marker_ptr segment, int marker, const char *name, gsize name_size, gsize *size)
{
    if (segment->marker != marker || segment->data_length <= name_size || memcmp(segment->data, name, name_size) != 0)
        return NULL;
    *size = segment->data_length - name_size;
    return segment->data + name_size;
}

static void read_metadata(JpegDecoder *self)
{
    PstPictureInfo *info = &self->base.info;
    for (jpeg_saved_marker_ptr segment = self->jpeg.marker_list; segment; segment = segment->next) {
        const guint8 *data;
        gsize size;
        if ((data = content(segment, PST_JPEG_EXIF, PST_JPEG_EXIF_NAME, sizeof PST_JPEG_EXIF_NAME, &size))) {
            if (!info->exif)
                info->exif = g_bytes_new(data, size);
        } else if ((data = content(segment, PST_JPEG_XMP_REST, PST_JPEG_XMP_REST_NAME, sizeof PST_JPEG_XMP_REST_NAME,
                                   &size))) {
            info->lost |= PST_LOST_XMP;
        } else if ((data = content(segment, PST_JPEG_RESOURCES, PST_JPEG_RESOURCES_NAME, sizeof PST_JPEG_RESOURCES_NAME,
                                   &size))) {
            if (!self->resources)
                self->resources = g_byte_array_new();
            g_byte_array_append(self->resources, data, (guint)size);
        } else if ((data = content(segment, PST_JPEG_XMP, PST_JPEG_XMP_NAME, sizeof PST_JPEG_XMP_NAME, &size))) {
            pst_metadata_take_xmp(info, data, size);
        } else if ((data = content(segment, PST_JPEG_RECIPE, PST_JPEG_RECIPE_NAME, sizeof PST_JPEG_RECIPE_NAME,
                                   &size))) {
            pst_metadata_take_recipe(info, data, size);
        } else if ((data = content(segment, JPEG_COM, "", 0, &size))) {
            pst_metadata_take_text(info, PST_TEXT_COMMENT, (const char *)data, size);
        }
    }
    if (self->resources)
        info->iptc = pst_iptc_from_resources(self->resources->data, self->resources->len);
    read_exif(self);
}

static void read_density(JpegDecoder *self)
{
    const struct jpeg_decompress_struct *jpeg = &self->jpeg;
    double per_inch = jpeg->density_unit == 1 ? 1 : jpeg->density_unit == 2 ? 2.54 : 0;
    if (self->base.info.dpi_x == 0 && jpeg->saw_JFIF_marker && per_inch > 0 && jpeg->X_density > 0 &&
        jpeg->Y_density > 0) {
        self->base.info.dpi_x = jpeg->X_density * per_inch;
        self->base.info.dpi_y = jpeg->Y_density * per_inch;
    }
}

static void read_profile(JpegDecoder *self)
{
    gboolean has_chunks = FALSE;
    for (jpeg_saved_marker_ptr marker = self->jpeg.marker_list; marker; marker = marker->next)
        has_chunks |= marker->marker == JPEG_APP0 + 2 && marker->data_length >= 14 &&
                      memcmp(marker->data, "ICC_PROFILE", 12) == 0;
    JOCTET *data = NULL;
    unsigned size = 0;
    if (has_chunks && jpeg_read_icc_profile(&self->jpeg, &data, &size))
        self->base.colour.icc = g_bytes_new_with_free_func(data, size, free, data);
    else if (has_chunks)
        pst_picture_info_warn(&self->base.info, "parts of the colour profile are missing, it was ignored");
}

static gboolean read_colour_space(JpegDecoder *self, GError **error)
{
    struct jpeg_decompress_struct *jpeg = &self->jpeg;
    PstRowLayout *layout = &self->base.layout;
    layout->depth = 8;
    switch (jpeg->jpeg_color_space) {
    case JCS_GRAYSCALE:
        layout->colour = PST_COLOUR_GREY;
        jpeg->out_color_space = JCS_GRAYSCALE;
        break;
    case JCS_RGB:
    case JCS_YCbCr:
        layout->colour = PST_COLOUR_RGB;
        jpeg->out_color_space = JCS_RGB;
        break;
    case JCS_CMYK:
    case JCS_YCCK:
        layout->colour = PST_COLOUR_CMYK;
        jpeg->out_color_space = JCS_CMYK;
        break;
    default:
        pst_picture_set_error(error, PST_PICTURE_ERROR_UNSUPPORTED, self->base.source->name,
                              "is a JPEG of %d unknown colour channels", jpeg->num_components);
        return FALSE;
    }
    return TRUE;
}

/* The bytes of all coefficients, which several scans add to one after the other. */
static guint64 coefficients(const struct jpeg_decompress_struct *jpeg)
{
    guint64 count = 0;
    for (int i = 0; i < jpeg->num_components; i++) {
        const jpeg_component_info *component = &jpeg->comp_info[i];
        count += (guint64)component->width_in_blocks * component->height_in_blocks * DCTSIZE2;
    }
    return count * sizeof(JCOEF);
}

/* libjpeg decodes a picture at 1/2, 1/4 or 1/8 of its size for a part of the work: the smallest of these that is
 * still as large as asked for. */
static void choose_size(struct jpeg_decompress_struct *jpeg, int max_side)
{
    JDIMENSION side = MAX(jpeg->image_width, jpeg->image_height);
    jpeg->scale_num = jpeg->scale_denom = 1;
    while (max_side > 0 && jpeg->scale_denom < 8 && side / (jpeg->scale_denom * 2) >= (JDIMENSION)max_side)
        jpeg->scale_denom *= 2;
    jpeg_calc_output_dimensions(jpeg);
}

static void read_size(JpegDecoder *self, int max_side)
{
    struct jpeg_decompress_struct *jpeg = &self->jpeg;
    PstPictureInfo *info = &self->base.info;
    choose_size(jpeg, max_side);
    info->full_width = (int)jpeg->image_width;
    info->full_height = (int)jpeg->image_height;
    info->width = self->base.width = (int)jpeg->output_width;
    info->height = self->base.height = (int)jpeg->output_height;
    info->depth = 8;
    info->progressive = jpeg->progressive_mode;
    self->base.memory = (guint64)jpeg->image_width * 64 * (guint64)jpeg->num_components;
    if (jpeg->progressive_mode || jpeg_has_multiple_scans(jpeg))
        self->base.scratch = coefficients(jpeg);
}

static gboolean read_header(JpegDecoder *self, int max_side, GError **error)
{
    struct jpeg_decompress_struct *jpeg = &self->jpeg;
    if (setjmp(self->jump)) {
        set_error(self, error);
        return FALSE;
    }
    jpeg_create_decompress(jpeg);
    pst_jpeg_arrays_install(&self->arrays, (j_common_ptr)jpeg);
    jpeg->src = &self->input;
    jpeg->progress = &self->progress;
    jpeg_save_markers(jpeg, JPEG_APP0 + 1, 0xffff);
    jpeg_save_markers(jpeg, JPEG_APP0 + 2, 0xffff);
    jpeg_save_markers(jpeg, PST_JPEG_RESOURCES, 0xffff);
    jpeg_save_markers(jpeg, PST_JPEG_RECIPE, 0xffff);
    jpeg_save_markers(jpeg, JPEG_COM, 0xffff);
    jpeg_read_header(jpeg, TRUE);
    if (!read_colour_space(self, error))
        return FALSE;
    read_metadata(self);
    read_density(self);
    read_profile(self);

    self->base.info.colour = self->base.layout.colour;
    self->base.info.adobe_marker = jpeg->saw_Adobe_marker;
    read_size(self, max_side);
    return TRUE;
}

PstPictureDecoder *pst_jpeg_decoder_new(PstSource *source, const PstDecoderOptions *options, GError **error)
{
    JpegDecoder *self = g_new0(JpegDecoder, 1);
    PstPictureDecoder *base = &self->base;
    base->source = source;
    base->info.format = PST_FORMAT_JPEG;
    base->info.orientation = 1;
    base->read_row = jpeg_read_row;
    base->finish = jpeg_finish;
    base->free = jpeg_free;
    base->salvage = options->salvage;
    self->max_scans = options->max_scans;
    self->arrays.owner = self;
    self->arrays.name = source->name;
    self->jpeg.client_data = &self->arrays; /* libjpeg keeps it */
    self->jpeg.err = jpeg_std_error(&self->errors);
    self->errors.error_exit = error_exit;
    self->errors.emit_message = emit_message;
    self->errors.output_message = output_message;
    self->input.init_source = init_source;
    self->input.fill_input_buffer = fill_input_buffer;
    self->input.skip_input_data = skip_input_data;
    self->input.resync_to_restart = jpeg_resync_to_restart;
    self->input.term_source = term_source;
    self->progress.progress_monitor = watch_progress;
    if (!read_header(self, options->max_side, error)) {
        jpeg_free(base);
        return NULL;
    }
    return base;
}
