/* A new block is written; the old one is not patched. So nothing that was taken out can still be found in it, and
 * whatever is odd about the old one is gone. */
#include "exif.h"

#include "tiff.h"

#include <math.h>
#include <string.h>

enum {
    MAX_BLOCK = 60000,  /* bytes; a JPEG's segment has room for 65,527 */
    MAX_ENTRIES = 1000, /* of a directory that are looked at */
};

enum {
    INTEROPERABILITY_INDEX = 0x0001,
    INTEROPERABILITY_VERSION = 0x0002,
    ORIENTATION = 0x0112,
    X_RESOLUTION = 0x011a,
    Y_RESOLUTION = 0x011b,
    RESOLUTION_UNIT = 0x0128,
    YCBCR_POSITIONING = 0x0213,
    EXIF_DIRECTORY = 0x8769,
    GPS_DIRECTORY = 0x8825,
    COLOUR_SPACE = 0xa001,
    PIXEL_WIDTH = 0xa002,
    PIXEL_HEIGHT = 0xa003,
    INTEROPERABILITY_DIRECTORY = 0xa005,
    UNCALIBRATED = 0xffff, /* the colour space of a profile */
};

typedef enum { MAIN, EXIF, GPS } Directory;

typedef struct {
    guint16 first, last;
} Tags;

/* Never copied: storage and colours of the old file, pointers, what gets a new value, and pictures. */
static const Tags OUTDATED[] = {
    { 0x00fe, 0x0106 }, { 0x0111, 0x0112 }, { 0x0115, 0x0119 }, { 0x011a, 0x011c }, { 0x0122, 0x0125 },
    { 0x0128, 0x0129 }, { 0x012d, 0x012d }, { 0x013d, 0x015b }, { 0x0200, 0x0214 }, { 0x02bc, 0x02bc },
    { 0x5000, 0x5fff }, { 0x828d, 0x828e }, { 0x8649, 0x8649 }, { 0x8769, 0x8769 }, { 0x8773, 0x8773 },
    { 0x8825, 0x8825 }, { 0xa001, 0xa003 }, { 0xa005, 0xa005 }, { 0xa500, 0xa500 }, { 0xc4a5, 0xc4a5 },
    { 0xea1c, 0xea1d }, { 0x9214, 0x9214 }, { 0xa214, 0xa214 }, /* where the subject was */
};

/* Defined by the standard, and can't tell a place: always copied. Anything else might tell one. */
static const Tags PLACELESS_MAIN[] = {
    { 0x010d, 0x0110 }, { 0x0131, 0x0132 }, { 0x013b, 0x013c }, { 0x4746, 0x4746 },
    { 0x4749, 0x4749 }, { 0x8298, 0x8298 }, { 0x9c9b, 0x9c9f },
};
static const Tags PLACELESS_EXIF[] = {
    { 0x829a, 0x829d }, { 0x8822, 0x8822 }, { 0x8824, 0x8824 }, { 0x8827, 0x8828 },
    { 0x8830, 0x8835 }, { 0x9000, 0x920a }, { 0x9210, 0x9217 }, { 0x9286, 0x9292 },
    { 0xa000, 0xa000 }, { 0xa20b, 0xa20c }, { 0xa210, 0xa210 }, { 0xa215, 0xa217 },
    { 0xa300, 0xa302 }, { 0xa401, 0xa420 }, { 0xa430, 0xa435 }, { 0xa460, 0xa462 },
};

typedef struct {
    guint16 tag, type;
    guint32 count;
    const guint8 *value;
    gsize size;
    gsize place; /* in the new block, of the entry's last four bytes */
} Entry;

static gboolean is_in(guint16 tag, const Tags *tags, gsize n)
{
    for (gsize i = 0; i < n; i++)
        if (tag >= tags[i].first && tag <= tags[i].last)
            return TRUE;
    return FALSE;
}

static gboolean is_wanted(guint16 tag, Directory directory, gboolean place)
{
    if (directory == GPS)
        return place;
    if (is_in(tag, OUTDATED, G_N_ELEMENTS(OUTDATED)))
        return FALSE;
    return place || (directory == MAIN ? is_in(tag, PLACELESS_MAIN, G_N_ELEMENTS(PLACELESS_MAIN))
                                       : is_in(tag, PLACELESS_EXIF, G_N_ELEMENTS(PLACELESS_EXIF)));
}

/* The entries to copy, values still in the old block. */
static GArray *take_entries(const PstTiff *tiff, guint64 at, Directory directory, gboolean place, gsize *room)
{
    GArray *entries = g_array_new(FALSE, FALSE, sizeof(Entry));
    guint64 from;
    for (int i = 0; i < MAX_ENTRIES && (from = pst_tiff_entry(tiff, at, i)); i++) {
        Entry entry = {
            pst_tiff_get16(tiff, from), pst_tiff_get16(tiff, from + 2), pst_tiff_get32(tiff, from + 4), NULL, 0, 0
        };
        entry.value = pst_tiff_value(tiff, from, &entry.size);
        gsize needed = PST_TIFF_ENTRY + (entry.size > 4 ? entry.size + 1 : 0);
        if (!entry.value || entry.size == 0 || needed > *room || !is_wanted(entry.tag, directory, place))
            continue;
        *room -= needed;
        g_array_append_val(entries, entry);
    }
    return entries;
}

static void put(guint8 *at, gboolean big_endian, guint32 value, gsize size)
{
    for (gsize i = 0; i < size; i++)
        at[i] = (guint8)(value >> 8 * (big_endian ? size - 1 - i : i));
}

static void append(GByteArray *block, gboolean big_endian, guint32 value, gsize size)
{
    guint8 bytes[4];
    put(bytes, big_endian, value, size);
    g_byte_array_append(block, bytes, (guint)size);
}

/* Numbers for new entries live in `pool`, which doesn't move: its size is fixed. */
typedef struct {
    guint8 bytes[64];
    gsize used;
    gboolean big_endian;
} Pool;

static void add(GArray *entries, Pool *pool, guint16 tag, guint16 type, guint32 value)
{
    gsize size = type == PST_TIFF_SHORT ? 2 : 4;
    Entry entry = { tag, type, 1, pool->bytes + pool->used, size, 0 };
    put(pool->bytes + pool->used, pool->big_endian, value, size);
    pool->used += size;
    g_array_append_val(entries, entry);
}

static void add_rational(GArray *entries, Pool *pool, guint16 tag, double value)
{
    gboolean whole = fabs(value - round(value)) < 0.013; /* PNG knows whole pixels a metre only */
    Entry entry = { tag, PST_TIFF_RATIONAL, 1, pool->bytes + pool->used, 8, 0 };
    put(pool->bytes + pool->used, pool->big_endian, (guint32)lround(whole ? value : value * 1000), 4);
    put(pool->bytes + pool->used + 4, pool->big_endian, whole ? 1 : 1000, 4);
    pool->used += 8;
    g_array_append_val(entries, entry);
}

static void add_text(GArray *entries, guint16 tag, guint16 type, const char *four)
{
    Entry entry = { tag, type, 4, (const guint8 *)four, 4, 0 };
    g_array_append_val(entries, entry);
}

static int compare_tags(gconstpointer a, gconstpointer b)
{
    return (int)((const Entry *)a)->tag - (int)((const Entry *)b)->tag;
}

/* Appends a directory and its values, and has `pointer`, an entry of another one, point to it. */
static void write_directory(GByteArray *block, GArray *entries, gsize pointer, gboolean big_endian)
{
    g_array_sort(entries, compare_tags);
    if (pointer)
        put(block->data + pointer, big_endian, block->len, 4);
    append(block, big_endian, entries->len, 2);
    for (guint i = 0; i < entries->len; i++) {
        Entry *entry = &g_array_index(entries, Entry, i);
        guint8 inside[4] = { 0 };
        append(block, big_endian, entry->tag, 2);
        append(block, big_endian, entry->type, 2);
        append(block, big_endian, entry->count, 4);
        entry->place = block->len;
        memcpy(inside, entry->value, MIN(entry->size, 4));
        g_byte_array_append(block, inside, 4);
    }
    append(block, big_endian, 0, 4); /* no further directory: it held the thumbnail */
    for (guint i = 0; i < entries->len; i++) {
        const Entry *entry = &g_array_index(entries, Entry, i);
        if (entry->size <= 4)
            continue;
        put(block->data + entry->place, big_endian, block->len, 4);
        g_byte_array_append(block, entry->value, (guint)entry->size);
        if (block->len % 2)
            append(block, big_endian, 0, 1);
    }
}

static gsize place_of(const GArray *entries, guint16 tag)
{
    for (guint i = 0; i < entries->len; i++)
        if (g_array_index(entries, Entry, i).tag == tag)
            return g_array_index(entries, Entry, i).place;
    return 0;
}

GBytes *pst_exif_rewrite(GBytes *exif, const PstExifChanges *changes)
{
    PstTiff tiff;
    gsize size, room = MAX_BLOCK - 400; /* less what is added */
    const guint8 *data = g_bytes_get_data(exif, &size);
    if (!pst_tiff_init(&tiff, data, size))
        return NULL;
    guint64 main_at = pst_tiff_first_directory(&tiff);
    guint64 exif_at = pst_tiff_sub_directory(&tiff, main_at, EXIF_DIRECTORY);
    guint64 gps_at = pst_tiff_sub_directory(&tiff, main_at, GPS_DIRECTORY);
    guint64 other_at = changes->srgb ? pst_tiff_sub_directory(&tiff, exif_at, INTEROPERABILITY_DIRECTORY) : 0;
    g_autoptr(GArray) main_entries = take_entries(&tiff, main_at, MAIN, changes->place, &room);
    g_autoptr(GArray) gps_entries = take_entries(&tiff, gps_at, GPS, changes->place, &room);
    g_autoptr(GArray) exif_entries = take_entries(&tiff, exif_at, EXIF, changes->place, &room);
    g_autoptr(GArray) other_entries = g_array_new(FALSE, FALSE, sizeof(Entry));
    if (main_entries->len + exif_entries->len + gps_entries->len == 0)
        return NULL;

    Pool pool = { .big_endian = tiff.big_endian };
    add(main_entries, &pool, ORIENTATION, PST_TIFF_SHORT, 1);
    if (changes->dpi_x > 0.5 && changes->dpi_y > 0.5 && changes->dpi_x < 1e6 && changes->dpi_y < 1e6) {
        add_rational(main_entries, &pool, X_RESOLUTION, changes->dpi_x);
        add_rational(main_entries, &pool, Y_RESOLUTION, changes->dpi_y);
        add(main_entries, &pool, RESOLUTION_UNIT, PST_TIFF_SHORT, 2);
    }
    add(main_entries, &pool, YCBCR_POSITIONING, PST_TIFF_SHORT, 1); /* centred; required by the standard */
    add(main_entries, &pool, EXIF_DIRECTORY, PST_TIFF_LONG, 0);
    add(exif_entries, &pool, COLOUR_SPACE, PST_TIFF_SHORT, changes->srgb ? 1 : UNCALIBRATED);
    add(exif_entries, &pool, PIXEL_WIDTH, PST_TIFF_LONG, (guint32)changes->width);
    add(exif_entries, &pool, PIXEL_HEIGHT, PST_TIFF_LONG, (guint32)changes->height);
    if (gps_entries->len)
        add(main_entries, &pool, GPS_DIRECTORY, PST_TIFF_LONG, 0);
    if (other_at) {
        add(exif_entries, &pool, INTEROPERABILITY_DIRECTORY, PST_TIFF_LONG, 0);
        add_text(other_entries, INTEROPERABILITY_INDEX, PST_TIFF_ASCII, "R98"); /* sRGB */
        add_text(other_entries, INTEROPERABILITY_VERSION, PST_TIFF_UNDEFINED, "0100");
    }

    GByteArray *block = g_byte_array_new();
    g_byte_array_append(block, data, 4); /* byte order and the number 42 */
    append(block, tiff.big_endian, PST_TIFF_HEADER, 4);
    write_directory(block, main_entries, 0, tiff.big_endian);
    write_directory(block, exif_entries, place_of(main_entries, EXIF_DIRECTORY), tiff.big_endian);
    if (other_at)
        write_directory(block, other_entries, place_of(exif_entries, INTEROPERABILITY_DIRECTORY), tiff.big_endian);
    if (gps_entries->len)
        write_directory(block, gps_entries, place_of(main_entries, GPS_DIRECTORY), tiff.big_endian);
    return g_byte_array_free_to_bytes(block);
}
