#include "exif.h"

enum {
    TAG_ORIENTATION = 0x0112,
    TAG_X_RESOLUTION = 0x011a,
    TAG_Y_RESOLUTION = 0x011b,
    TAG_RESOLUTION_UNIT = 0x0128,
    TYPE_SHORT = 3,
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
    int entries = get16(&block, directory);
    int unit = UNIT_INCH;
    for (int i = 0; i < entries; i++) {
        guint64 entry = directory + 2 + (guint64)i * ENTRY_SIZE;
        if (entry + ENTRY_SIZE > size)
            break;
        int value;
        switch (get16(&block, entry)) {
        case TAG_ORIENTATION:
            value = entry_short(&block, entry);
            if (value >= 1 && value <= 8)
                exif.orientation = value;
            break;
        case TAG_X_RESOLUTION:
            exif.dpi_x = entry_rational(&block, entry);
            break;
        case TAG_Y_RESOLUTION:
            exif.dpi_y = entry_rational(&block, entry);
            break;
        case TAG_RESOLUTION_UNIT:
            unit = entry_short(&block, entry);
            break;
        default:
            break;
        }
    }
    double per_inch = unit == UNIT_CENTIMETRE ? 2.54 : 1;
    /* Unit 1 says that the numbers are only a ratio. */
    gboolean sensible = unit != 1 && exif.dpi_x >= 1 && exif.dpi_y >= 1 && exif.dpi_x <= 1e5 &&
                        exif.dpi_y <= 1e5;
    exif.dpi_x = sensible ? exif.dpi_x * per_inch : 0;
    exif.dpi_y = sensible ? exif.dpi_y * per_inch : 0;
    return exif;
}
