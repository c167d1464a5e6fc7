#include "sample.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>
#include <lcms2.h>
#include <png.h>

#include "tests/folder.h"

const double SAMPLE_ADOBE_RGB[8] = { 0.3127, 0.3290, 0.64, 0.33, 0.21, 0.71, 0.15, 0.06 };

/* PNG */

static void append(png_structp png, png_bytep data, size_t size)
{
    g_byte_array_append(png_get_io_ptr(png), data, (guint)size);
}

static void no_flush(png_structp png)
{
}

static void quiet(png_structp png, png_const_charp message)
{
}

static void fail(png_structp png, png_const_charp message)
{
    g_error("libpng: %s", message);
}

void sample_palette(int index, guint8 rgb[3], guint8 *alpha)
{
    rgb[0] = (guint8)(index * 37 + 11);
    rgb[1] = (guint8)(index * 91 + 53);
    rgb[2] = (guint8)(index * 151 + 97);
    *alpha = index % 3 == 1 ? (guint8)(index * 29) : 255;
}

static int png_channels(int type)
{
    return (type == PNG_COLOR_TYPE_PALETTE || !(type & PNG_COLOR_MASK_COLOR) ? 1 : 3) +
           (type & PNG_COLOR_MASK_ALPHA ? 1 : 0);
}

static void set_palette(png_structp png, png_infop info, const SamplePng *sample)
{
    png_color palette[256];
    png_byte alphas[256];
    int count = 1 << sample->depth;
    for (int i = 0; i < count; i++) {
        guint8 rgb[3];
        sample_palette(i, rgb, &alphas[i]);
        palette[i] = (png_color){ rgb[0], rgb[1], rgb[2] };
    }
    png_set_PLTE(png, info, palette, count);
    if (sample->transparent >= 0)
        png_set_tRNS(png, info, alphas, count, NULL);
}

static void set_side_chunks(png_structp png, png_infop info, const SamplePng *sample)
{
    const double *c = sample->chromaticities;
    gsize size;
    if (sample->icc) {
        const void *data = g_bytes_get_data(sample->icc, &size);
        png_set_iCCP(png, info, "profile", 0, data, (png_uint_32)size);
    }
    if (sample->exif) {
        const void *data = g_bytes_get_data(sample->exif, &size);
        png_set_eXIf_1(png, info, (png_uint_32)size, (png_bytep)data);
    }
    if (sample->srgb)
        png_set_sRGB(png, info, PNG_sRGB_INTENT_PERCEPTUAL);
    if (sample->gamma > 0)
        png_set_gAMA(png, info, sample->gamma);
    if (c)
        png_set_cHRM(png, info, c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7]);
    if (sample->pixels_per_metre > 0)
        png_set_pHYs(png, info, (png_uint_32)sample->pixels_per_metre, (png_uint_32)sample->pixels_per_metre,
                     PNG_RESOLUTION_METER);
    if (sample->transparent >= 0 && sample->colour_type != PNG_COLOR_TYPE_PALETTE &&
        !(sample->colour_type & PNG_COLOR_MASK_ALPHA)) {
        png_uint_16 value = (png_uint_16)sample->transparent;
        png_color_16 clear = { 0, value, value, value, value };
        png_set_tRNS(png, info, NULL, 0, &clear);
    }
}

GBytes *sample_png(const SamplePng *sample)
{
    GByteArray *array = g_byte_array_new();
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, fail, quiet);
    png_infop info = png_create_info_struct(png);
    png_set_write_fn(png, array, append, no_flush);
    png_set_IHDR(png, info, (png_uint_32)sample->width, (png_uint_32)sample->height, sample->depth, sample->colour_type,
                 sample->interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    if (sample->colour_type == PNG_COLOR_TYPE_PALETTE)
        set_palette(png, info, sample);
    set_side_chunks(png, info, sample);
    png_write_info(png, info);
    if (sample->depth < 8)
        png_set_packing(png);
    gsize samples = (gsize)sample->width * (gsize)png_channels(sample->colour_type);
    g_autofree guint8 *rows = g_malloc(samples * 2 * (gsize)sample->height);
    g_autofree png_bytep *pointers = g_new(png_bytep, sample->height);
    for (gsize y = 0; y < (gsize)sample->height; y++) {
        guint8 *at = pointers[y] = rows + y * samples * 2;
        for (gsize i = 0; i < samples; i++) {
            guint16 value = sample->pixels[y * samples + i];
            if (sample->depth == 16)
                *at++ = (guint8)(value >> 8);
            *at++ = (guint8)value;
        }
    }
    png_write_image(png, pointers);
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    return g_byte_array_free_to_bytes(array);
}

static guint32 crc_of(const guint8 *data, gsize size)
{
    guint32 table[256], crc = 0xffffffff;
    for (guint32 i = 0; i < 256; i++) {
        table[i] = i;
        for (int bit = 0; bit < 8; bit++)
            table[i] = table[i] & 1 ? 0xedb88320 ^ table[i] >> 1 : table[i] >> 1;
    }
    for (gsize i = 0; i < size; i++)
        crc = table[(crc ^ data[i]) & 255] ^ crc >> 8;
    return ~crc;
}

static void put32(GByteArray *array, guint32 value)
{
    guint32 big = GUINT32_TO_BE(value);
    g_byte_array_append(array, (const guint8 *)&big, 4);
}

GBytes *sample_png_insert(GBytes *png, const char *before, const char *type, const void *data, gsize size)
{
    gsize length, at = 8;
    const guint8 *bytes = g_bytes_get_data(png, &length);
    while (memcmp(bytes + at + 4, before, 4) != 0) {
        guint32 chunk;
        memcpy(&chunk, bytes + at, 4);
        at += 12 + GUINT32_FROM_BE(chunk);
        g_assert_cmpuint(at, <, length);
    }
    GByteArray *array = g_byte_array_new();
    g_byte_array_append(array, bytes, (guint)at);
    put32(array, (guint32)size);
    g_byte_array_append(array, (const guint8 *)type, 4);
    g_byte_array_append(array, data, (guint)size);
    put32(array, crc_of(array->data + at + 4, size + 4));
    g_byte_array_append(array, bytes + at, (guint)(length - at));
    return g_byte_array_free_to_bytes(array);
}

void sample_png_seal(guint8 *data, gsize size)
{
    for (gsize at = 8; at + 12 <= size;) {
        guint32 chunk;
        memcpy(&chunk, data + at, 4);
        chunk = GUINT32_FROM_BE(chunk);
        if (chunk > size - at - 12)
            return;
        guint32 crc = GUINT32_TO_BE(crc_of(data + at + 4, (gsize)chunk + 4));
        memcpy(data + at + 8 + chunk, &crc, 4);
        at += 12 + (gsize)chunk;
    }
}

/* JPEG */

static void write_exif(struct jpeg_compress_struct *jpeg, GBytes *exif)
{
    gsize size;
    const guint8 *data = g_bytes_get_data(exif, &size);
    g_autofree guint8 *marker = g_malloc(size + 6);
    memcpy(marker, "Exif\0", 6);
    memcpy(marker + 6, data, size);
    jpeg_write_marker(jpeg, JPEG_APP0 + 1, marker, (unsigned)size + 6);
}

/* First all DC, then each coefficient of each component in a scan of its own. */
static int script_many_scans(jpeg_scan_info *scans, int components)
{
    int count = 0;
    scans[count] = (jpeg_scan_info){ .comps_in_scan = components };
    for (int i = 0; i < components; i++)
        scans[count].component_index[i] = i;
    count++;
    for (int i = 0; i < components; i++)
        for (int k = 1; k < 64; k++)
            scans[count++] = (jpeg_scan_info){ 1, { i }, k, k, 0, 0 };
    return count;
}

GBytes *sample_jpeg(const SampleJpeg *sample)
{
    static const J_COLOR_SPACE inputs[] = { JCS_GRAYSCALE, JCS_RGB, JCS_RGB, JCS_CMYK, JCS_CMYK };
    static const J_COLOR_SPACE outputs[] = { JCS_GRAYSCALE, JCS_RGB, JCS_YCbCr, JCS_CMYK, JCS_YCCK };
    static const int channels[] = { 1, 3, 3, 4, 4 };
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr errors;
    jpeg_scan_info scans[4 * 63 + 1];
    unsigned char *data = NULL;
    unsigned long size = 0;
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_compress(&jpeg);
    jpeg_mem_dest(&jpeg, &data, &size);
    jpeg.image_width = (JDIMENSION)sample->width;
    jpeg.image_height = (JDIMENSION)sample->height;
    jpeg.input_components = channels[sample->space];
    jpeg.in_color_space = inputs[sample->space];
    jpeg_set_defaults(&jpeg);
    jpeg_set_colorspace(&jpeg, outputs[sample->space]);
    if (sample->space >= SAMPLE_CMYK)
        jpeg.write_Adobe_marker = sample->adobe;
    jpeg_set_quality(&jpeg, sample->quality ? sample->quality : 95, TRUE);
    for (int i = 0; i < jpeg.num_components && !sample->subsampled; i++)
        jpeg.comp_info[i].h_samp_factor = jpeg.comp_info[i].v_samp_factor = 1;
    if (sample->dpi) {
        jpeg.density_unit = 1;
        jpeg.X_density = jpeg.Y_density = (UINT16)sample->dpi;
    }
    jpeg.arith_code = sample->arithmetic;
    jpeg.restart_interval = (unsigned)sample->restart_interval;
    if (sample->progressive)
        jpeg_simple_progression(&jpeg);
    if (sample->many_scans) {
        jpeg.num_scans = script_many_scans(scans, jpeg.num_components);
        jpeg.scan_info = scans;
    }
    jpeg_start_compress(&jpeg, TRUE);
    if (sample->exif)
        write_exif(&jpeg, sample->exif);
    if (sample->icc) {
        gsize length;
        const JOCTET *profile = g_bytes_get_data(sample->icc, &length);
        jpeg_write_icc_profile(&jpeg, profile, (unsigned)length);
    }
    gsize stride = (gsize)sample->width * (gsize)channels[sample->space];
    while (jpeg.next_scanline < jpeg.image_height) {
        JSAMPROW row = (JSAMPROW)sample->pixels + jpeg.next_scanline * stride;
        jpeg_write_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    return g_bytes_new_with_free_func(data, size, free, data);
}

/* Colour */

static GBytes *save_profile(cmsHPROFILE profile)
{
    g_assert_nonnull(profile);
    cmsUInt32Number size = 0;
    g_assert_true(cmsSaveProfileToMem(profile, NULL, &size));
    guint8 *data = g_malloc(size);
    g_assert_true(cmsSaveProfileToMem(profile, data, &size));
    cmsCloseProfile(profile);
    return g_bytes_new_take(data, size);
}

static void describe(cmsHPROFILE profile, const char *text)
{
    cmsMLU *mlu = cmsMLUalloc(NULL, 1);
    cmsMLUsetASCII(mlu, "en", "US", text);
    cmsWriteTag(profile, cmsSigProfileDescriptionTag, mlu);
    cmsMLUfree(mlu);
}

GBytes *sample_icc(const double c[8], double gamma)
{
    cmsCIExyY white = { c[0], c[1], 1 };
    cmsCIExyYTRIPLE primaries = { { c[2], c[3], 1 }, { c[4], c[5], 1 }, { c[6], c[7], 1 } };
    cmsToneCurve *curve = cmsBuildGamma(NULL, gamma);
    cmsToneCurve *curves[3] = { curve, curve, curve };
    cmsHPROFILE profile = cmsCreateRGBProfile(&white, &primaries, curves);
    cmsFreeToneCurve(curve);
    describe(profile, "Sample of wide gamut");
    return save_profile(profile);
}

GBytes *sample_grey_icc(double gamma)
{
    cmsToneCurve *curve = cmsBuildGamma(NULL, gamma);
    cmsHPROFILE profile = cmsCreateGrayProfile(cmsD50_xyY(), curve);
    cmsFreeToneCurve(curve);
    describe(profile, "Sample of grey");
    return save_profile(profile);
}

static cmsInt32Number only_black(const cmsUInt16Number in[], cmsUInt16Number out[], void *data)
{
    cmsCIELab lab = { 100 * (1 - in[3] / 65535.0), 0, 0 };
    cmsFloat2LabEncodedV2(out, &lab);
    return TRUE;
}

GBytes *sample_cmyk_icc(void)
{
    cmsHPROFILE profile = cmsCreateProfilePlaceholder(NULL);
    cmsSetProfileVersion(profile, 2.1);
    cmsSetDeviceClass(profile, cmsSigOutputClass);
    cmsSetColorSpace(profile, cmsSigCmykData);
    cmsSetPCS(profile, cmsSigLabData);
    cmsPipeline *pipeline = cmsPipelineAlloc(NULL, 4, 3);
    cmsStage *table = cmsStageAllocCLut16bit(NULL, 5, 4, 3, NULL);
    cmsStageSampleCLut16bit(table, only_black, NULL, 0);
    cmsPipelineInsertStage(pipeline, cmsAT_BEGIN, table);
    g_assert_true(cmsWriteTag(profile, cmsSigAToB0Tag, pipeline));
    cmsPipelineFree(pipeline);
    describe(profile, "Sample of ink");
    return save_profile(profile);
}

double sample_srgb_encode(double linear)
{
    return linear <= 0.0031308 ? linear * 12.92 : 1.055 * pow(linear, 1 / 2.4) - 0.055;
}

/* EXIF */

static void put(GByteArray *array, gboolean big_endian, guint32 value, int size)
{
    for (int i = 0; i < size; i++) {
        guint8 byte = (guint8)(value >> 8 * (big_endian ? size - 1 - i : i));
        g_byte_array_append(array, &byte, 1);
    }
}

GBytes *sample_exif(int orientation, gboolean big_endian)
{
    enum { ENTRIES = 4, VALUES = 8 + 2 + ENTRIES * 12 + 4 };
    GByteArray *array = g_byte_array_new();
    g_byte_array_append(array, (const guint8 *)(big_endian ? "MM" : "II"), 2);
    put(array, big_endian, 42, 2);
    put(array, big_endian, 8, 4);
    put(array, big_endian, ENTRIES, 2);
    const guint32 entries[ENTRIES][4] = {
        { 0x0112, 3, 1, (guint32)orientation },
        { 0x011a, 5, 1, VALUES },
        { 0x011b, 5, 1, VALUES + 8 },
        { 0x0128, 3, 1, 2 },
    };
    for (int i = 0; i < ENTRIES; i++) {
        put(array, big_endian, entries[i][0], 2);
        put(array, big_endian, entries[i][1], 2);
        put(array, big_endian, entries[i][2], 4);
        if (entries[i][1] == 3) {
            put(array, big_endian, entries[i][3], 2);
            put(array, big_endian, 0, 2);
        } else {
            put(array, big_endian, entries[i][3], 4);
        }
    }
    put(array, big_endian, 0, 4);
    const guint32 values[] = { 600, 2, 150, 1 };
    for (int i = 0; i < 4; i++)
        put(array, big_endian, values[i], 4);
    return g_byte_array_free_to_bytes(array);
}

/* Reading */

guint8 *sample_smooth(int width, int height, int channels)
{
    guint8 *pixels = g_malloc((gsize)width * (gsize)height * (gsize)channels);
    guint8 *at = pixels;
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            for (int k = 0; k < channels; k++)
                *at++ = (guint8)(127.5 + 100 * sin(0.06 * x * (k + 1) + k) * cos(0.05 * y + k));
    return pixels;
}

PstPicture *sample_read(GBytes *bytes)
{
    GError *error = NULL;
    PstPicture *picture = pst_picture_read_bytes(bytes, "sample.file", NULL, NULL, &error);
    g_assert_no_error(error);
    g_assert_nonnull(picture);
    return picture;
}

void sample_one_line(const GError *error, const char *name)
{
    g_autofree char *prefix = g_strdup_printf("%s: ", name);
    g_assert_nonnull(error);
    g_assert_true(g_str_has_prefix(error->message, prefix));
    g_assert_null(strchr(error->message, '\n'));
    g_assert_true(g_utf8_validate(error->message, -1, NULL));
    g_assert_cmpuint(strlen(error->message), <, 300);
}

void sample_refused(GBytes *bytes, const PstReadLimits *limits, int code)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PstPicture) picture = pst_picture_read_bytes(bytes, "bad.file", limits, NULL, &error);
    g_assert_null(picture);
    sample_one_line(error, "bad.file");
    g_assert_true(error->domain == PST_PICTURE_ERROR);
    if (code >= 0)
        g_assert_cmpint(error->code, ==, code);
}

char *sample_folder(void)
{
    GError *error = NULL;
    char *folder = g_dir_make_tmp("pastiche-picture-XXXXXX", &error);
    g_assert_no_error(error);
    return folder;
}

void sample_folder_remove(char *folder)
{
    folder_remove(folder);
    g_free(folder);
}

int sample_folder_count(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    int count = 0;
    while (g_dir_read_name(dir))
        count++;
    return count;
}

typedef struct {
    char *pipe;
    GBytes *bytes;
} Feed;

static gpointer feed(gpointer data)
{
    Feed *f = data;
    gsize size;
    const char *bytes = g_bytes_get_data(f->bytes, &size);
    FILE *file = fopen(f->pipe, "wb");
    g_assert_cmpuint(fwrite(bytes, 1, size, file), ==, size);
    fclose(file);
    g_bytes_unref(f->bytes);
    g_free(f->pipe);
    g_free(f);
    return NULL;
}

GThread *sample_feed(const char *pipe, GBytes *bytes)
{
    Feed *f = g_new(Feed, 1);
    *f = (Feed){ g_strdup(pipe), g_bytes_ref(bytes) };
    return g_thread_new("feed", feed, f);
}
