#include "tiff_file.h"

#include <string.h>

enum {
    LONG = 4,
    LONG8 = 16,
    MAX_ENTRIES = 512,
    MAX_VALUE = 65535, /* bytes that an EXIF block has room for */
    HEADER = 8,
    ENTRY = 12,
    EXIF_DIRECTORY = 0x8769,
    GPS_DIRECTORY = 0x8825,
    INTEROPERABILITY_DIRECTORY = 0xa005,
};

static guint64 get(const PstTiffFile *file, guint64 at, int bytes)
{
    guint64 value = 0;
    if (at > file->size || file->size - at < (guint64)bytes)
        return 0;
    for (int i = 0; i < bytes; i++)
        value |= (guint64)file->data[at + (guint64)i] << 8 * (file->big_endian ? bytes - 1 - i : i);
    return value;
}

gboolean pst_tiff_file_init(PstTiffFile *file, const void *data, gsize size)
{
    *file = (PstTiffFile){ data, size, FALSE, FALSE };
    if (size < 16)
        return FALSE;
    file->big_endian = file->data[0] == 'M';
    guint64 version = get(file, 2, 2);
    file->big = version == 43;
    return memcmp(data, file->big_endian ? "MM" : "II", 2) == 0 && (version == 42 || version == 43);
}

guint64 pst_tiff_file_first(const PstTiffFile *file)
{
    return file->big ? get(file, 8, 8) : get(file, 4, 4);
}

static guint count_entries(const PstTiffFile *file, guint64 directory)
{
    return directory ? (guint)MIN(get(file, directory, file->big ? 8 : 2), MAX_ENTRIES) : 0;
}

/* FALSE where there is none, or its value is not wholly there. */
static gboolean get_entry(const PstTiffFile *file, guint64 directory, guint index, PstTiffEntry *entry)
{
    static const guint8 sizes[] = { 0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8 };
    guint64 entry_size = file->big ? 20 : ENTRY, inside = file->big ? 8 : 4;
    guint64 at = directory + (file->big ? 8 : 2) + index * entry_size;
    if (index >= count_entries(file, directory) || at > file->size || file->size - at < entry_size)
        return FALSE;
    *entry = (PstTiffEntry){ (guint16)get(file, at, 2), (guint16)get(file, at + 2, 2), get(file, at + 4, (int)inside),
                             NULL, 0 };
    gsize size = entry->type < G_N_ELEMENTS(sizes) ? sizes[entry->type] : 0;
    if (size == 0 || entry->count > file->size / size)
        return FALSE;
    entry->size = (gsize)entry->count * size;
    guint64 value = at + 4 + inside;
    if (entry->size > inside)
        value = get(file, value, (int)inside);
    if (value > file->size || file->size - value < entry->size)
        return FALSE;
    entry->value = file->data + value;
    return TRUE;
}

gboolean pst_tiff_file_find(const PstTiffFile *file, guint64 directory, guint16 tag, PstTiffEntry *entry)
{
    for (guint i = 0; i < count_entries(file, directory); i++)
        if (get_entry(file, directory, i, entry) && entry->tag == tag)
            return TRUE;
    return FALSE;
}

guint64 pst_tiff_file_number(const PstTiffFile *file, const PstTiffEntry *entry, guint64 index)
{
    static const guint8 sizes[] = { [1] = 1, [3] = 2, [LONG] = 4, [13] = 4, [LONG8] = 8, [18] = 8 };
    int size = entry->type < G_N_ELEMENTS(sizes) ? sizes[entry->type] : 0;
    return size && index < entry->count ? get(file, (guint64)(entry->value - file->data) + index * (guint64)size, size)
                                        : 0;
}

/* ---- the EXIF block ----------------------------------------------------------------------------- */

typedef struct {
    const PstTiffFile *file;
    GByteArray *bytes;
} Block;

static void put(Block *block, guint at, guint32 value, int size)
{
    for (int i = 0; i < size; i++)
        block->bytes->data[at + (guint)i] = (guint8)(value >> 8 * (block->file->big_endian ? size - 1 - i : i));
}

static guint append(Block *block, const void *data, gsize size)
{
    guint at = block->bytes->len;
    g_byte_array_set_size(block->bytes, (guint)(at + size + size % 2)); /* words begin at even places */
    memset(block->bytes->data + at, 0, size + size % 2);
    if (data)
        memcpy(block->bytes->data + at, data, size);
    return at;
}

static gboolean is_directory(guint16 tag)
{
    return tag == EXIF_DIRECTORY || tag == GPS_DIRECTORY || tag == INTEROPERABILITY_DIRECTORY;
}

/* Of the first directory, which describes pixels, too, only what is about the photograph. */
static gboolean is_about_photograph(guint16 tag)
{
    static const guint16 tags[] = { 270, 271, 272, 274, 282, 283, 296, 305, 306, 315, 316, 318, 319, 33432 };
    for (gsize i = 0; i < G_N_ELEMENTS(tags); i++)
        if (tags[i] == tag)
            return TRUE;
    return FALSE;
}

static gboolean is_kept(const PstTiffEntry *entry, int level)
{
    if (is_directory(entry->tag))
        return level < 2;
    return entry->size <= MAX_VALUE && entry->type < LONG8 && (level > 0 || is_about_photograph(entry->tag));
}

static guint copy_directory(Block *block, guint64 directory, int level)
{
    const PstTiffFile *file = block->file;
    PstTiffEntry entry;
    guint count = 0, all = count_entries(file, directory);
    for (guint i = 0; i < all; i++)
        count += get_entry(file, directory, i, &entry) && is_kept(&entry, level);
    guint at = append(block, NULL, 2 + (gsize)count * ENTRY + 4), next = at + 2;
    put(block, at, count, 2);
    for (guint i = 0; i < all && next < at + 2 + count * ENTRY; i++) {
        if (!get_entry(file, directory, i, &entry) || !is_kept(&entry, level))
            continue;
        gboolean inner = is_directory(entry.tag);
        put(block, next, entry.tag, 2);
        put(block, next + 2, inner ? LONG : entry.type, 2);
        put(block, next + 4, inner ? 1 : (guint32)entry.count, 4);
        if (inner)
            put(block, next + 8, copy_directory(block, pst_tiff_file_number(file, &entry, 0), level + 1), 4);
        else if (entry.size > 4)
            put(block, next + 8, append(block, entry.value, entry.size), 4);
        else
            memcpy(block->bytes->data + next + 8, entry.value, entry.size);
        next += ENTRY;
    }
    return at;
}

GBytes *pst_tiff_file_exif(const PstTiffFile *file, guint64 directory)
{
    Block block = { file, g_byte_array_new() };
    append(&block, file->big_endian ? "MM\0*\0\0\0\x08" : "II*\0\x08\0\0\0", HEADER);
    copy_directory(&block, directory, 0);
    return g_byte_array_free_to_bytes(block.bytes);
}
