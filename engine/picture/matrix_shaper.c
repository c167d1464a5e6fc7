#include "matrix_shaper.h"

#include <string.h>

enum { STEPS = 16384 }; /* of the table of sRGB's curve; between them a straight line is right to 1e-6 */

struct _PstMatrixShaper {
    int depth;
    float *curves[3]; /* [2^depth]: sample to linear light; may be one and the same */
    float matrix[3][3];
    float encode[STEPS + 2]; /* linear light to sRGB */
};

static const cmsCIExyY WHITE = { 0.3127, 0.3290, 1 };
static const cmsCIExyYTRIPLE PRIMARIES = { { 0.64, 0.33, 1 }, { 0.30, 0.60, 1 }, { 0.15, 0.06, 1 } };

/* From light of the profile's three primaries to light of sRGB's. */
static gboolean find_matrix(PstMatrixShaper *shaper, cmsContext context, cmsHPROFILE profile)
{
    static const double unit[3][3] = { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } };
    double columns[3][3];
    cmsToneCurve *line = cmsBuildGamma(context, 1);
    cmsToneCurve *lines[3] = { line, line, line };
    cmsHPROFILE linear = line ? cmsCreateRGBProfileTHR(context, &WHITE, &PRIMARIES, lines) : NULL;
    cmsHTRANSFORM transform = linear ? cmsCreateTransformTHR(context, profile, TYPE_RGB_DBL, linear, TYPE_RGB_DBL,
                                                             INTENT_RELATIVE_COLORIMETRIC, cmsFLAGS_NOOPTIMIZE)
                                     : NULL;
    if (transform) {
        cmsDoTransform(transform, unit, columns, 3);
        for (int i = 0; i < 3; i++)
            for (int k = 0; k < 3; k++)
                shaper->matrix[i][k] = (float)columns[k][i];
        cmsDeleteTransform(transform);
    }
    if (linear)
        cmsCloseProfile(linear);
    if (line)
        cmsFreeToneCurve(line);
    return transform != NULL;
}

static gboolean find_curves(PstMatrixShaper *shaper, cmsHPROFILE profile)
{
    static const cmsTagSignature tags[3] = { cmsSigRedTRCTag, cmsSigGreenTRCTag, cmsSigBlueTRCTag };
    int levels = 1 << shaper->depth;
    gsize size = (gsize)levels * sizeof(float);
    for (int k = 0; k < 3; k++) {
        const cmsToneCurve *curve = cmsReadTag(profile, tags[k]);
        if (!curve)
            return FALSE;
        float *table = g_malloc(size);
        for (int i = 0; i < levels; i++)
            table[i] = cmsEvalToneCurveFloat(curve, (float)i / (float)(levels - 1));
        if (k > 0 && memcmp(table, shaper->curves[0], size) == 0) {
            g_free(table);
            table = shaper->curves[0];
        }
        shaper->curves[k] = table;
    }
    return TRUE;
}

static gboolean find_encoding(PstMatrixShaper *shaper, cmsContext context)
{
    const double srgb[5] = { 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045 }; /* IEC 61966-2-1 */
    cmsToneCurve *decode = cmsBuildParametricToneCurve(context, 4, srgb);
    cmsToneCurve *encode = decode ? cmsReverseToneCurve(decode) : NULL;
    for (int i = 0; encode && i <= STEPS + 1; i++)
        shaper->encode[i] = cmsEvalToneCurveFloat(encode, (float)i / STEPS);
    if (encode)
        cmsFreeToneCurve(encode);
    if (decode)
        cmsFreeToneCurve(decode);
    return encode != NULL;
}

PstMatrixShaper *pst_matrix_shaper_new(cmsContext context, cmsHPROFILE profile, int depth)
{
    if (cmsGetColorSpace(profile) != cmsSigRgbData || !cmsIsMatrixShaper(profile))
        return NULL;
    PstMatrixShaper *shaper = g_new0(PstMatrixShaper, 1);
    shaper->depth = depth;
    if (find_curves(shaper, profile) && find_matrix(shaper, context, profile) && find_encoding(shaper, context))
        return shaper;
    pst_matrix_shaper_free(shaper);
    return NULL;
}

static inline float encode(const PstMatrixShaper *shaper, float light)
{
    float place = (light > 0 ? (light < 1 ? light : 1) : 0) * STEPS; /* not-a-number is 0 */
    int step = (int)place;
    float from = shaper->encode[step];
    return from + (shaper->encode[step + 1] - from) * (place - (float)step);
}

static inline void convert(const PstMatrixShaper *shaper, int red, int green, int blue, float *rgb)
{
    float r = shaper->curves[0][red], g = shaper->curves[1][green], b = shaper->curves[2][blue];
    for (int i = 0; i < 3; i++)
        rgb[i] = encode(shaper, shaper->matrix[i][0] * r + shaper->matrix[i][1] * g + shaper->matrix[i][2] * b);
}

void pst_matrix_shaper_row(const PstMatrixShaper *shaper, const void *row, gsize step, gsize width, float *rgb)
{
    const guint8 *small = row;
    const guint16 *large = row;
    if (shaper->depth == 8)
        for (gsize x = 0; x < width; x++, small += step, rgb += 3)
            convert(shaper, small[0], small[1], small[2], rgb);
    else
        for (gsize x = 0; x < width; x++, large += step, rgb += 3)
            convert(shaper, large[0], large[1], large[2], rgb);
}

void pst_matrix_shaper_free(PstMatrixShaper *shaper)
{
    if (!shaper)
        return;
    for (int k = 0; k < 3; k++)
        if (k == 0 || shaper->curves[k] != shaper->curves[0])
            g_free(shaper->curves[k]);
    g_free(shaper);
}
