#include "exif.h"

#include "tiff.h"

#include <string.h>

enum {
    TAG_INTEROPERABILITY_INDEX = 0x0001,
    TAG_ORIENTATION = 0x0112,
    TAG_X_RESOLUTION = 0x011a,
    TAG_Y_RESOLUTION = 0x011b,
    TAG_RESOLUTION_UNIT = 0x0128,
    TAG_EXIF_DIRECTORY = 0x8769,
    TAG_INTEROPERABILITY_DIRECTORY = 0xa005,
    UNIT_INCH = 2,
    UNIT_CENTIMETRE = 3,
};

static guint16 entry_short(const PstTiff *tiff, guint64 entry)
{
    if (pst_tiff_get16(tiff, entry + 2) != PST_TIFF_SHORT || pst_tiff_get32(tiff, entry + 4) != 1)
        return 0;
    return pst_tiff_get16(tiff, entry + 8);
}

static double entry_rational(const PstTiff *tiff, guint64 entry)
{
    if (pst_tiff_get16(tiff, entry + 2) != PST_TIFF_RATIONAL || pst_tiff_get32(tiff, entry + 4) != 1)
        return 0;
    guint32 offset = pst_tiff_get32(tiff, entry + 8);
    double numerator = pst_tiff_get32(tiff, offset), denominator = pst_tiff_get32(tiff, (guint64)offset + 4);
    return denominator > 0 ? numerator / denominator : 0;
}

static gboolean says_adobe_rgb(const PstTiff *tiff, guint64 directory)
{
    guint64 exif = pst_tiff_sub_directory(tiff, directory, TAG_EXIF_DIRECTORY);
    guint64 interoperability = pst_tiff_sub_directory(tiff, exif, TAG_INTEROPERABILITY_DIRECTORY);
    guint64 entry = interoperability ? pst_tiff_find(tiff, interoperability, TAG_INTEROPERABILITY_INDEX) : 0;
    return entry && memcmp(tiff->data + entry + 8, "R03", 3) == 0;
}

static void read_resolution(const PstTiff *tiff, guint64 directory, PstExif *exif)
{
    guint64 x = pst_tiff_find(tiff, directory, TAG_X_RESOLUTION);
    guint64 y = pst_tiff_find(tiff, directory, TAG_Y_RESOLUTION);
    guint64 unit_entry = pst_tiff_find(tiff, directory, TAG_RESOLUTION_UNIT);
    int unit = unit_entry ? entry_short(tiff, unit_entry) : UNIT_INCH;
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
    PstExif exif = { .orientation = 1 };
    PstTiff tiff;
    if (!pst_tiff_init(&tiff, data, size))
        return exif;

    guint64 directory = pst_tiff_first_directory(&tiff);
    guint64 entry = pst_tiff_find(&tiff, directory, TAG_ORIENTATION);
    int orientation = entry ? entry_short(&tiff, entry) : 1;
    if (orientation >= 1 && orientation <= 8)
        exif.orientation = orientation;
    read_resolution(&tiff, directory, &exif);
    exif.adobe_rgb = says_adobe_rgb(&tiff, directory);
    return exif;
}
