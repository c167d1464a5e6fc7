#include "exif.h"

#include <string.h>

enum {
    TAG_INTEROPERABILITY_INDEX = 0x0001,
    TAG_ORIENTATION = 0x0112,
    TAG_X_RESOLUTION = 0x011a,
    TAG_Y_RESOLUTION = 0x011b,
    TAG_RESOLUTION_UNIT = 0x0128,
    TAG_EXIF_DIRECTORY = 0x8769,
    TAG_INTEROPERABILITY_DIRECTORY = 0xa005,
    TYPE_SHORT = 3,
    TYPE_LONG = 4,
    TYPE_RATIONAL = 5,
    UNIT_INCH = 2,
    UNIT_CENTIMETRE = 3,
    ENTRY_SIZE = 12,
};

typedef struct {
    const guint8 *data;
    gsize size;
    gboolean big_endian;
} Block;

/* Zero outside the block: a broken offset then reads as a missing value. */
static guint16 get16(const Block *block, guint64 at)
{
    if (at + 2 > block->size)
        return 0;
    const guint8 *p = block->data + at;
    return block->big_endian ? p[0] << 8 | p[1] : p[1] << 8 | p[0];
}

static guint32 get32(const Block *block, guint64 at)
{
    if (at + 4 > block->size)
        return 0;
    guint32 first = get16(block, at), second = get16(block, at + 2);
    return block->big_endian ? first << 16 | second : second << 16 | first;
}

static guint16 entry_short(const Block *block, guint64 entry)
{
    if (get16(block, entry + 2) != TYPE_SHORT || get32(block, entry + 4) != 1)
        return 0;
    return get16(block, entry + 8);
}

static double entry_rational(const Block *block, guint64 entry)
{
    if (get16(block, entry + 2) != TYPE_RATIONAL || get32(block, entry + 4) != 1)
        return 0;
    guint32 offset = get32(block, entry + 8);
    double numerator = get32(block, offset), denominator = get32(block, (guint64)offset + 4);
    return denominator > 0 ? numerator / denominator : 0;
}

/* The place of the entry `tag` in the directory at `directory`; 0, where only the header can be,
 * when there is none. */
static guint64 find_entry(const Block *block, guint64 directory, guint16 tag)
{
    int entries = get16(block, directory);
    for (int i = 0; i < entries; i++) {
        guint64 entry = directory + 2 + (guint64)i * ENTRY_SIZE;
        if (entry + ENTRY_SIZE > block->size)
            return 0;
        if (get16(block, entry) == tag)
            return entry;
    }
    return 0;
}

static guint64 sub_directory(const Block *block, guint64 directory, guint16 tag)
{
    guint64 entry = directory ? find_entry(block, directory, tag) : 0;
    return entry && get16(block, entry + 2) == TYPE_LONG ? get32(block, entry + 8) : 0;
}

static gboolean says_adobe_rgb(const Block *block, guint64 directory)
{
    guint64 exif = sub_directory(block, directory, TAG_EXIF_DIRECTORY);
    guint64 interoperability = sub_directory(block, exif, TAG_INTEROPERABILITY_DIRECTORY);
    guint64 entry =
        interoperability ? find_entry(block, interoperability, TAG_INTEROPERABILITY_INDEX) : 0;
    return entry && memcmp(block->data + entry + 8, "R03", 3) == 0;
}

static void read_resolution(const Block *block, guint64 directory, PstExif *exif)
{
    guint64 x = find_entry(block, directory, TAG_X_RESOLUTION);
    guint64 y = find_entry(block, directory, TAG_Y_RESOLUTION);
    guint64 unit_entry = find_entry(block, directory, TAG_RESOLUTION_UNIT);
    int unit = unit_entry ? entry_short(block, unit_entry) : UNIT_INCH;
    double dpi_x = x ? entry_rational(block, x) : 0, dpi_y = y ? entry_rational(block, y) : 0;
    /* Other units say that the numbers are only a ratio. */
    double per_inch = unit == UNIT_INCH ? 1 : unit == UNIT_CENTIMETRE ? 2.54 : 0;
    if (per_inch > 0 && dpi_x >= 1 && dpi_y >= 1 && dpi_x <= 1e5 && dpi_y <= 1e5) {
        exif->dpi_x = dpi_x * per_inch;
        exif->dpi_y = dpi_y * per_inch;
    }
}

PstExif pst_exif_parse(const guint8 *data, gsize size)
{
    PstExif exif = { .orientation = 1 };
    Block block = { data, size, FALSE };
    if (size < 8)
        return exif;
    if (data[0] == 'M' && data[1] == 'M')
        block.big_endian = TRUE;
    else if (data[0] != 'I' || data[1] != 'I')
        return exif;
    if (get16(&block, 2) != 42)
        return exif;

    guint64 directory = get32(&block, 4);
    guint64 entry = find_entry(&block, directory, TAG_ORIENTATION);
    int orientation = entry ? entry_short(&block, entry) : 1;
    if (orientation >= 1 && orientation <= 8)
        exif.orientation = orientation;
    read_resolution(&block, directory, &exif);
    exif.adobe_rgb = says_adobe_rgb(&block, directory);
    return exif;
}
