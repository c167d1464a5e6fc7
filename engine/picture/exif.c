#include "exif.h"

#include "tiff.h"

#include <math.h>
#include <string.h>

enum {
    TAG_INTEROPERABILITY_INDEX = 0x0001,
    TAG_ORIENTATION = 0x0112,
    TAG_X_RESOLUTION = 0x011a,
    TAG_Y_RESOLUTION = 0x011b,
    TAG_RESOLUTION_UNIT = 0x0128,
    TAG_PRIMARY_CHROMATICITIES = 0x013f,
    TAG_COLOUR_SPACE = 0xa001,
    COLOUR_SPACE_ADOBE = 2, /* in no standard, but written */
    TAG_EXIF_DIRECTORY = 0x8769,
    TAG_INTEROPERABILITY_DIRECTORY = 0xa005,
    UNIT_INCH = 2,
    UNIT_CENTIMETRE = 3,
};

/* A number of any integer type. */
static guint32 entry_number(const PstTiff *tiff, guint64 entry)
{
    if (pst_tiff_get32(tiff, entry + 4) != 1)
        return 0;
    switch (pst_tiff_get16(tiff, entry + 2)) {
    case PST_TIFF_BYTE:
    case PST_TIFF_SIGNED_BYTE:
        return tiff->data[entry + 8];
    case PST_TIFF_SHORT:
    case PST_TIFF_SIGNED_SHORT:
        return pst_tiff_get16(tiff, entry + 8);
    case PST_TIFF_LONG:
    case PST_TIFF_SIGNED_LONG:
        return pst_tiff_get32(tiff, entry + 8);
    default:
        return 0;
    }
}

static double entry_rational(const PstTiff *tiff, guint64 entry)
{
    if (pst_tiff_get16(tiff, entry + 2) != PST_TIFF_RATIONAL || pst_tiff_get32(tiff, entry + 4) != 1)
        return 0;
    guint32 offset = pst_tiff_get32(tiff, entry + 8);
    double numerator = pst_tiff_get32(tiff, offset), denominator = pst_tiff_get32(tiff, (guint64)offset + 4);
    return denominator > 0 ? numerator / denominator : 0;
}

/* x and y of red, green and blue (Adobe RGB (1998) Color Image Encoding, 4.3.1.1). */
static gboolean has_adobe_primaries(const PstTiff *tiff, guint64 directory)
{
    static const double adobe[] = { 0.64, 0.33, 0.21, 0.71, 0.15, 0.06 };
    guint64 entry = pst_tiff_find(tiff, directory, TAG_PRIMARY_CHROMATICITIES);
    gsize size = 0;
    const guint8 *value = entry ? pst_tiff_value(tiff, entry, &size) : NULL;
    if (!value || pst_tiff_get16(tiff, entry + 2) != PST_TIFF_RATIONAL || size != 8 * G_N_ELEMENTS(adobe))
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(adobe); i++) {
        guint64 at = (guint64)(value - tiff->data) + 8 * i;
        double denominator = pst_tiff_get32(tiff, at + 4);
        if (denominator == 0 || fabs(pst_tiff_get32(tiff, at) / denominator - adobe[i]) > 0.005)
            return FALSE;
    }
    return TRUE;
}

static gboolean says_adobe_rgb(const PstTiff *tiff, guint64 directory)
{
    guint64 exif = pst_tiff_sub_directory(tiff, directory, TAG_EXIF_DIRECTORY);
    guint64 interoperability = pst_tiff_sub_directory(tiff, exif, TAG_INTEROPERABILITY_DIRECTORY);
    guint64 entry = interoperability ? pst_tiff_find(tiff, interoperability, TAG_INTEROPERABILITY_INDEX) : 0;
    if (entry && memcmp(tiff->data + entry + 8, "R03", 3) == 0)
        return TRUE;
    entry = pst_tiff_find(tiff, exif, TAG_COLOUR_SPACE);
    return (entry && entry_number(tiff, entry) == COLOUR_SPACE_ADOBE) || has_adobe_primaries(tiff, directory);
}

static void read_resolution(const PstTiff *tiff, guint64 directory, PstExif *exif)
{
    guint64 x = pst_tiff_find(tiff, directory, TAG_X_RESOLUTION);
    guint64 y = pst_tiff_find(tiff, directory, TAG_Y_RESOLUTION);
    guint64 unit_entry = pst_tiff_find(tiff, directory, TAG_RESOLUTION_UNIT);
    int unit = unit_entry ? (int)entry_number(tiff, unit_entry) : UNIT_INCH;
    double dpi_x = x ? entry_rational(tiff, x) : 0, dpi_y = y ? entry_rational(tiff, y) : 0;
    /* With other units the numbers are only a ratio. */
    double per_inch = unit == UNIT_INCH ? 1 : unit == UNIT_CENTIMETRE ? 2.54 : 0;
    if (per_inch > 0 && dpi_x >= 1 && dpi_y >= 1 && dpi_x <= 1e5 && dpi_y <= 1e5) {
        exif->dpi_x = dpi_x * per_inch;
        exif->dpi_y = dpi_y * per_inch;
    }
}

PstExif pst_exif_parse(const guint8 *data, gsize size)
{
    PstExif exif = { 0 };
    PstTiff tiff;
    if (!pst_tiff_init(&tiff, data, size))
        return exif;

    guint64 directory = pst_tiff_first_directory(&tiff);
    guint64 entry = pst_tiff_find(&tiff, directory, TAG_ORIENTATION);
    guint32 orientation = entry ? entry_number(&tiff, entry) : 0;
    if (orientation >= 1 && orientation <= 8)
        exif.orientation = (int)orientation;
    read_resolution(&tiff, directory, &exif);
    exif.adobe_rgb = says_adobe_rgb(&tiff, directory);
    return exif;
}
