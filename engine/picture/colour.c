#include "colour.h"

#include "error.h"
#include "matrix_shaper.h"
#include "cmyk_profile.h"
#include "transfer.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include <lcms2.h>

struct _PstColourTransform {
    PstRowLayout layout;
    int channels;            /* of colour */
    cmsHTRANSFORM lcms;      /* NULL: the samples are sRGB as they are */
    gboolean exact;          /* lcms gives floats */
    PstMatrixShaper *shaper; /* takes the place of lcms where it can */
    float (*table)[3];       /* grey only: the result for every level */
    guint16 *row;            /* 8 bit only: what lcms gave, [width][3] */
    int row_width;
    cmsContext context;
};

/* Half a level of 8 bits. A profile nearer to sRGB than this counts as sRGB: leaving the samples alone is
 * then exact, and fast. */
static const double SAME = 0.5 / 255;

static const cmsCIExyY SRGB_WHITE = { 0.3127, 0.3290, 1 };
static const cmsCIExyYTRIPLE SRGB_PRIMARIES = { { 0.64, 0.33, 1 }, { 0.30, 0.60, 1 }, { 0.15, 0.06, 1 } };

static int channel_count(const PstRowLayout *layout)
{
    return layout->colour == PST_COLOUR_GREY ? 1 : layout->colour == PST_COLOUR_CMYK ? 4 : 3;
}

gsize pst_row_layout_pixel_size(const PstRowLayout *layout)
{
    return (gsize)(channel_count(layout) + (layout->alpha ? 1 : 0)) * (layout->depth / 8);
}

/* White is D65, gamma exactly this (Adobe RGB (1998) Color Image Encoding, 4.3.1). */
const PstColourSpec pst_colour_adobe_rgb = {
    .name = PST_COLOUR_ADOBE,
    .by = PST_COLOUR_BY_EXIF,
    .gamma = 256.0 / 563,
    .chromaticities = { 0.3127, 0.3290, 0.64, 0.33, 0.21, 0.71, 0.15, 0.06 },
};

/* Colour primaries. */
static const struct {
    guint8 code;
    const char *name;
    double chromaticities[8]; /* ITU-T H.273, table 2 */
} code_points[] = {
    { 1, "BT.709", { 0.3127, 0.3290, 0.640, 0.330, 0.300, 0.600, 0.150, 0.060 } },
    { 5, "BT.470 B/G", { 0.3127, 0.3290, 0.640, 0.330, 0.290, 0.600, 0.150, 0.060 } },
    { 6, "SMPTE 170M", { 0.3127, 0.3290, 0.630, 0.340, 0.310, 0.595, 0.155, 0.070 } },
    { 7, "SMPTE 240M", { 0.3127, 0.3290, 0.630, 0.340, 0.310, 0.595, 0.155, 0.070 } },
    { 9, "BT.2020", { 0.3127, 0.3290, 0.708, 0.292, 0.170, 0.797, 0.131, 0.046 } },
    { 11, "DCI-P3", { 0.314, 0.351, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060 } },
    { 12, "Display P3", { 0.3127, 0.3290, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060 } },
};

gboolean pst_colour_spec_set_cicp(PstColourSpec *spec, const guint8 codes[4], PstPictureInfo *info)
{
    enum { PRIMARIES, TRANSFER, MATRIX, FULL_RANGE };
    gsize i = 0;
    while (i < G_N_ELEMENTS(code_points) && code_points[i].code != codes[PRIMARIES])
        i++;
    if (i == G_N_ELEMENTS(code_points) || !pst_transfer_is_known(codes[TRANSFER]) || codes[MATRIX] != 0 ||
        codes[FULL_RANGE] != 1) {
        pst_picture_info_warn(info, "colours by code points (cICP %d, %d, %d, %d) are not known here and were ignored",
                              codes[0], codes[1], codes[2], codes[3]);
        return FALSE;
    }
    spec->name = code_points[i].name;
    spec->by = PST_COLOUR_BY_CICP;
    spec->transfer = codes[TRANSFER];
    memcpy(spec->chromaticities, code_points[i].chromaticities, sizeof spec->chromaticities);
    if (pst_transfer_is_hdr(spec->transfer))
        pst_picture_info_warn(info, "is an HDR picture: what is brighter than white was made white");
    return TRUE;
}

const char *pst_colour_spec_name(const char *text)
{
    static const char *const others[] = { PST_COLOUR_ADOBE, PST_COLOUR_LINEAR };
    const char *name = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(code_points); i++)
        name = g_str_equal(code_points[i].name, text) ? code_points[i].name : name;
    for (gsize i = 0; i < G_N_ELEMENTS(others); i++)
        name = g_str_equal(others[i], text) ? others[i] : name;
    return name;
}

void pst_colour_spec_clear(PstColourSpec *spec)
{
    g_clear_pointer(&spec->icc, g_bytes_unref);
}

/* lcms would write to stderr. */
static void ignore_error(cmsContext context, cmsUInt32Number code, const char *text)
{
}

static cmsContext new_context(void)
{
    cmsContext context = cmsCreateContext(NULL, NULL);
    if (context)
        cmsSetLogErrorHandlerTHR(context, ignore_error);
    return context;
}

static char *describe(cmsHPROFILE profile)
{
    wchar_t wide[128] = { 0 };
    gunichar codes[G_N_ELEMENTS(wide)] = { 0 };
    cmsGetProfileInfo(profile, cmsInfoDescription, "en", "US", wide, sizeof wide - sizeof *wide);
    for (gsize i = 0; i < G_N_ELEMENTS(wide) - 1 && wide[i]; i++) {
        gunichar c = (gunichar)wide[i];
        codes[i] = g_unichar_validate(c) && g_unichar_isprint(c) ? c : ' ';
    }
    char *text = g_ucs4_to_utf8(codes, -1, NULL, NULL, NULL);
    if (text && *g_strstrip(text))
        return text;
    g_free(text);
    return g_strdup("unnamed");
}

static cmsColorSpaceSignature colour_space(const PstRowLayout *layout)
{
    return layout->colour == PST_COLOUR_GREY   ? cmsSigGrayData
           : layout->colour == PST_COLOUR_CMYK ? cmsSigCmykData
                                               : cmsSigRgbData;
}

/* The file's ICC profile, if it suits these samples. */
static cmsHPROFILE open_icc(cmsContext context, const PstRowLayout *layout, GBytes *icc, PstPictureInfo *info)
{
    gsize size;
    const void *data = g_bytes_get_data(icc, &size);
    cmsHPROFILE profile = size <= G_MAXUINT32 ? cmsOpenProfileFromMemTHR(context, data, (cmsUInt32Number)size) : NULL;
    if (!profile) {
        pst_picture_info_warn(info, "the colour profile is broken and was ignored");
        return NULL;
    }
    cmsProfileClassSignature class = cmsGetDeviceClass(profile);
    gboolean suits = cmsGetColorSpace(profile) == colour_space(layout) &&
                     (class == cmsSigInputClass || class == cmsSigDisplayClass || class == cmsSigOutputClass ||
                      class == cmsSigColorSpaceClass);
    if (!suits) {
        g_autofree char *name = describe(profile);
        pst_picture_info_warn(info, "the colour profile \"%s\" is not one for %s and was ignored", name,
                              pst_colour_name(layout->colour));
        cmsCloseProfile(profile);
        return NULL;
    }
    return profile;
}

static gboolean are_srgb_primaries(const double c[8])
{
    const double srgb[8] = { 0.3127, 0.3290, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06 };
    for (int i = 0; i < 8; i++)
        if (fabs(c[i] - srgb[i]) > 0.005)
            return FALSE;
    return TRUE;
}

/* A profile from gamma and chromaticities, or NULL when they say sRGB, nothing or nonsense. */
static cmsHPROFILE open_numbers(cmsContext context, const PstRowLayout *layout, const PstColourSpec *spec,
                                PstPictureInfo *info)
{
    const double *c = spec->chromaticities;
    gboolean grey = layout->colour == PST_COLOUR_GREY;
    gboolean own_primaries = !grey && c[1] != 0 && !are_srgb_primaries(c);
    /* With sRGB's primaries, a gamma of about 2.2 means sRGB's curve. */
    gboolean own_curve = spec->transfer ? !pst_transfer_is_srgb(spec->transfer)
                                        : spec->gamma > 0 && (own_primaries || fabs(spec->gamma - 1 / 2.2) > 0.02);
    if (!own_curve && !own_primaries)
        return NULL;
    gboolean sane = !own_curve || spec->transfer || (spec->gamma > 0.2 && spec->gamma < 5);
    for (int i = 0; own_primaries && i < 8; i++)
        sane = sane && c[i] > -1 && c[i] < 2 && (i != 1 || c[i] > 0.05);
    cmsToneCurve *curve = NULL;
    cmsHPROFILE profile = NULL;
    if (sane && own_curve) {
        curve = spec->transfer ? pst_transfer_curve(context, spec->transfer) : cmsBuildGamma(context, 1 / spec->gamma);
    } else if (sane) {
        const double srgb[5] = { 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045 };
        curve = cmsBuildParametricToneCurve(context, 4, srgb);
    }
    if (curve && grey) {
        profile = cmsCreateGrayProfileTHR(context, cmsD50_xyY(), curve);
    } else if (curve) {
        cmsCIExyY white = SRGB_WHITE;
        cmsCIExyYTRIPLE primaries = SRGB_PRIMARIES;
        if (own_primaries) {
            white = (cmsCIExyY){ c[0], c[1], 1 };
            primaries = (cmsCIExyYTRIPLE){ { c[2], c[3], 1 }, { c[4], c[5], 1 }, { c[6], c[7], 1 } };
        }
        cmsToneCurve *curves[3] = { curve, curve, curve };
        profile = cmsCreateRGBProfileTHR(context, &white, &primaries, curves);
    }
    if (curve)
        cmsFreeToneCurve(curve);
    if (!profile)
        pst_picture_info_warn(info, "%s that make no sense were ignored", _(spec->name));
    return profile;
}

/* The profile to convert from, or NULL for sRGB; sets info->profile. */
static cmsHPROFILE open_profile(cmsContext context, const PstRowLayout *layout, const PstColourSpec *spec,
                                PstPictureInfo *info)
{
    cmsHPROFILE profile = NULL;
    info->colour_by = spec->by;
    if (spec->icc) {
        profile = open_icc(context, layout, spec->icc, info);
        info->colour_by = profile ? PST_COLOUR_BY_PROFILE : PST_COLOUR_BY_NOTHING;
        if (profile)
            info->profile = describe(profile);
    } else {
        profile = open_numbers(context, layout, spec, info);
        if (profile)
            info->profile = g_strdup(spec->name);
    }
    return profile;
}

static cmsHTRANSFORM link_to_srgb(PstColourTransform *self, cmsHPROFILE profile)
{
    const PstRowLayout *layout = &self->layout;
    int pixel_type = layout->colour == PST_COLOUR_GREY ? PT_GRAY : layout->colour == PST_COLOUR_CMYK ? PT_CMYK : PT_RGB;
    cmsUInt32Number in = COLORSPACE_SH(pixel_type) | CHANNELS_SH(self->channels) | BYTES_SH(layout->depth / 8) |
                         EXTRA_SH(layout->alpha && !self->table ? 1 : 0) |
                         FLAVOR_SH(layout->colour == PST_COLOUR_CMYK ? 1 : 0);
    /* lcms has fast integer paths for 8-bit sources, accurate to well below one of their levels for curves and a
     * matrix. 16 bits, the few levels of grey and RGB by tables, whose bends no grid meets, use the exact float path.
     * For ink lcms's usual grid suffices: the finer one has four times the points and takes a tenth of a second. */
    gboolean fast = layout->depth == 8 && !self->table && (self->channels == 4 || cmsIsMatrixShaper(profile));
    cmsHPROFILE srgb = cmsCreate_sRGBProfileTHR(self->context);
    cmsHTRANSFORM lcms = NULL;
    self->exact = !fast;
    if (srgb)
        lcms = cmsCreateTransformTHR(self->context, profile, in, srgb, fast ? TYPE_RGB_16 : TYPE_RGB_FLT,
                                     INTENT_RELATIVE_COLORIMETRIC,
                                     cmsFLAGS_BLACKPOINTCOMPENSATION | (!fast                 ? cmsFLAGS_NOOPTIMIZE
                                                                        : self->channels == 3 ? cmsFLAGS_HIGHRESPRECALC
                                                                                              : 0));
    if (srgb)
        cmsCloseProfile(srgb);
    return lcms;
}

static void put_sample(const PstRowLayout *layout, guint8 *at, double value)
{
    if (layout->depth == 8) {
        *at = (guint8)lround(value * 255);
    } else {
        guint16 sample = (guint16)lround(value * 65535);
        memcpy(at, &sample, sizeof sample);
    }
}

static float clamp(float value)
{
    return value > 0 ? (value < 1 ? value : 1) : 0; /* not-a-number is 0 */
}

static void transform_colours(PstColourTransform *self, const void *row, int width, float *rgb)
{
    gsize n = (gsize)width * 3;
    if (self->exact) {
        cmsDoTransform(self->lcms, row, rgb, (cmsUInt32Number)width);
        for (gsize i = 0; i < n; i++)
            rgb[i] = clamp(rgb[i]);
        return;
    }
    if (self->row_width < width) {
        g_free(self->row);
        self->row = g_new(guint16, n);
        self->row_width = width;
    }
    cmsDoTransform(self->lcms, row, self->row, (cmsUInt32Number)width);
    for (gsize i = 0; i < n; i++)
        rgb[i] = (float)self->row[i] / 65535.0f;
}

/* The stride of a pixel in samples. */
static gsize sample_step(const PstColourTransform *self)
{
    return (gsize)self->channels + (self->layout.alpha ? 1 : 0);
}

/* A grid of colours, denser near black where curves differ most, as samples of a file. */
static const guint8 LEVELS[] = { 0, 2, 5, 10, 20, 40, 60, 80, 110, 140, 170, 200, 230, 255 };
enum { N_LEVELS = G_N_ELEMENTS(LEVELS), PLANE = N_LEVELS * N_LEVELS };

static double level(int red, int pixel, int channel)
{
    const int index[3] = { red, pixel / N_LEVELS, pixel % N_LEVELS };
    return LEVELS[index[channel]] / 255.0;
}

static void fill_plane(const PstRowLayout *layout, int red, guint8 *row)
{
    gsize size = (gsize)layout->depth / 8, pixel_size = pst_row_layout_pixel_size(layout);
    memset(row, 0, PLANE * pixel_size);
    for (int i = 0; i < PLANE; i++)
        for (int k = 0; k < 3; k++)
            put_sample(layout, row + (gsize)i * pixel_size + (gsize)k * size, level(red, i, k));
}

/* Whether an RGB transform leaves colours as they are. */
static gboolean changes_nothing(PstColourTransform *self)
{
    for (int red = 0; red < N_LEVELS; red++) {
        guint8 row[PLANE * 8];
        float rgb[PLANE * 3];
        fill_plane(&self->layout, red, row);
        pst_colour_transform_row(self, row, PLANE, rgb, NULL);
        for (int i = 0; i < PLANE * 3; i++)
            if (!(fabs(rgb[i] - level(red, i / 3, i % 3)) <= SAME))
                return FALSE;
    }
    return TRUE;
}

/* Whether the shaper gives what lcms gives. */
static gboolean shaper_agrees(PstColourTransform *self)
{
    /* lcms's path for 8 bits is no nearer to the exact result than this. */
    double tolerance = self->layout.depth == 8 ? SAME : SAME / 20;
    for (int red = 0; red < N_LEVELS; red++) {
        guint8 row[PLANE * 8];
        float shaped[PLANE * 3], exact[PLANE * 3];
        fill_plane(&self->layout, red, row);
        pst_matrix_shaper_row(self->shaper, row, sample_step(self), PLANE, shaped);
        transform_colours(self, row, PLANE, exact);
        for (int i = 0; i < PLANE * 3; i++)
            if (!(fabs(shaped[i] - exact[i]) <= tolerance))
                return FALSE;
    }
    return TRUE;
}

static void fill_grey_table(PstColourTransform *self)
{
    int levels = self->layout.depth == 8 ? 256 : 65536;
    double furthest = 0;
    for (int i = 0; self->lcms && i < levels; i++) {
        guint16 sample16 = (guint16)i;
        guint8 sample8 = (guint8)i;
        cmsDoTransform(self->lcms, levels == 256 ? (void *)&sample8 : &sample16, self->table[i], 1);
        for (int k = 0; k < 3; k++) {
            self->table[i][k] = clamp(self->table[i][k]);
            furthest = fmax(furthest, fabs(self->table[i][k] - (double)i / (levels - 1)));
        }
    }
    if (self->lcms && furthest > SAME)
        return;
    for (int i = 0; i < levels; i++)
        self->table[i][0] = self->table[i][1] = self->table[i][2] = (float)i / (float)(levels - 1);
}

/* The bytes of a profile, always the same. */
static GBytes *save_profile(cmsHPROFILE profile)
{
    enum { DATE_OFFSET = 24, DATE_SIZE = 12 };
    /* 1 January 2000, midnight: the same picture has to give the same bytes. */
    static const guint8 date[DATE_SIZE] = { 2000 >> 8, 2000 & 0xff, 0, 1, 0, 1 };
    cmsUInt32Number size = 0;
    guint8 *data = NULL;
    if (cmsSaveProfileToMem(profile, NULL, &size) && size > DATE_OFFSET + DATE_SIZE) {
        data = g_malloc(size);
        if (cmsSaveProfileToMem(profile, data, &size))
            memcpy(data + DATE_OFFSET, date, DATE_SIZE);
        else
            g_clear_pointer(&data, g_free);
    }
    return data ? g_bytes_new_take(data, size) : NULL;
}

GBytes *pst_colour_spec_profile(const PstColourSpec *spec, const PstRowLayout *layout)
{
    cmsContext context = new_context();
    g_auto(PstPictureInfo) unseen = { 0 };
    cmsHPROFILE profile = layout->colour == PST_COLOUR_RGB ? open_profile(context, layout, spec, &unseen) : NULL;
    GBytes *bytes = profile && spec->icc ? g_bytes_ref(spec->icc) : profile ? save_profile(profile) : NULL;
    if (profile)
        cmsCloseProfile(profile);
    if (context)
        cmsDeleteContext(context);
    return bytes;
}

PstColourTransform *pst_colour_transform_new(const PstRowLayout *layout, const PstColourSpec *spec, gboolean as_is,
                                             PstPictureInfo *info)
{
    PstColourTransform *self = g_new0(PstColourTransform, 1);
    self->layout = *layout;
    self->channels = channel_count(layout);
    self->context = new_context();
    if (layout->colour == PST_COLOUR_GREY)
        self->table = g_malloc_n(layout->depth == 8 ? 256 : 65536, sizeof *self->table);

    cmsHPROFILE profile = open_profile(self->context, layout, spec, info);
    if (profile && !(as_is && layout->colour == PST_COLOUR_RGB)) {
        self->lcms = link_to_srgb(self, profile);
        if (self->lcms && layout->colour == PST_COLOUR_RGB)
            self->shaper = pst_matrix_shaper_new(self->context, profile, layout->depth);
        if (self->shaper && !shaper_agrees(self))
            g_clear_pointer(&self->shaper, pst_matrix_shaper_free);
        if (!self->lcms) {
            pst_picture_info_warn(info, "the colour profile can't be used and was ignored");
            g_clear_pointer(&info->profile, g_free);
        }
    }
    if (profile)
        cmsCloseProfile(profile);
    if (!self->lcms && layout->colour == PST_COLOUR_CMYK) {
        cmsHPROFILE press = pst_cmyk_profile_profile(self->context);
        if (press) {
            self->lcms = link_to_srgb(self, press);
            cmsCloseProfile(press);
        }
    }
    if (self->table) {
        fill_grey_table(self);
    } else if (self->lcms && layout->colour == PST_COLOUR_RGB && changes_nothing(self)) {
        cmsDeleteTransform(self->lcms);
        self->lcms = NULL;
        g_clear_pointer(&self->shaper, pst_matrix_shaper_free);
    }
    return self;
}

void pst_colour_describe(const PstRowLayout *layout, const PstColourSpec *spec, PstPictureInfo *info)
{
    cmsContext context = new_context();
    cmsHPROFILE profile = open_profile(context, layout, spec, info);
    if (profile)
        cmsCloseProfile(profile);
    if (context)
        cmsDeleteContext(context);
}

/* One of these for each sample type, with constants that the compiler sees. */
#define DEFINE_PLAIN(name, type, largest)                                                                              \
    static void name(const PstColourTransform *self, const type *samples, int width, float *rgb, float *alpha)         \
    {                                                                                                                  \
        int channels = self->channels, step = channels + (self->layout.alpha ? 1 : 0);                                 \
        for (int x = 0; alpha && x < width; x++)                                                                       \
            alpha[x] = self->layout.alpha ? (float)samples[(gsize)x * step + channels] / (float)(largest) : 1.0f;      \
        for (int x = 0; self->table && x < width; x++)                                                                 \
            memcpy(rgb + (gsize)x * 3, self->table[samples[(gsize)x * step]], sizeof(float[3]));                       \
        for (int x = 0; !self->table && !self->lcms && x < width; x++)                                                 \
            for (int k = 0; k < 3; k++)                                                                                \
                rgb[(gsize)x * 3 + k] = (float)samples[(gsize)x * step + k] / (float)(largest);                        \
    }

DEFINE_PLAIN(plain8, guint8, 255)
DEFINE_PLAIN(plain16, guint16, 65535)

void pst_colour_transform_row(PstColourTransform *self, const void *row, int width, float *rgb, float *alpha)
{
    if (self->layout.depth == 8)
        plain8(self, row, width, rgb, alpha);
    else
        plain16(self, row, width, rgb, alpha);
    if (self->shaper)
        pst_matrix_shaper_row(self->shaper, row, sample_step(self), (gsize)width, rgb);
    else if (self->lcms && !self->table)
        transform_colours(self, row, width, rgb);
}

void pst_colour_transform_free(PstColourTransform *self)
{
    if (!self)
        return;
    if (self->lcms)
        cmsDeleteTransform(self->lcms);
    if (self->context)
        cmsDeleteContext(self->context);
    pst_matrix_shaper_free(self->shaper);
    g_free(self->table);
    g_free(self->row);
    g_free(self);
}

GBytes *pst_colour_srgb_icc(void)
{
    cmsContext context = new_context();
    cmsHPROFILE srgb = cmsCreate_sRGBProfileTHR(context);
    GBytes *bytes = srgb ? save_profile(srgb) : NULL;
    if (srgb)
        cmsCloseProfile(srgb);
    if (context)
        cmsDeleteContext(context);
    return bytes;
}
