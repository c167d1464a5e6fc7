#include "tiff_directory.h"

#include "tiff.h"

#include <string.h>

enum { INTEROPERABILITY_DIRECTORY = 0xa005, MAX_ENTRIES = 1000 };

typedef struct {
    const PstTiff *from;
    GByteArray *bytes;
    guint64 at;    /* of the first of them, in the file */
    gsize counted; /* bytes of a count of values, of a value inside an entry, of an offset */
} Writer;

static void append(Writer *writer, guint64 value, gsize size)
{
    guint8 bytes[8];
    for (gsize i = 0; i < size; i++)
        bytes[i] = (guint8)(value >> 8 * (writer->from->big_endian ? size - 1 - i : i));
    g_byte_array_append(writer->bytes, bytes, (guint)size);
}

static void put(Writer *writer, guint place, guint64 value, gsize size)
{
    for (gsize i = 0; i < size; i++)
        writer->bytes->data[place + i] = (guint8)(value >> 8 * (writer->from->big_endian ? size - 1 - i : i));
}

/* The value of the entry at `entry`, or where it lies, goes to `place`. */
static void write_value(Writer *writer, guint64 entry, guint place)
{
    gsize size;
    const guint8 *value = pst_tiff_value(writer->from, entry, &size);
    if (size <= writer->counted) {
        memcpy(writer->bytes->data + place, value, size);
        return;
    }
    put(writer, place, writer->at + writer->bytes->len, writer->counted);
    g_byte_array_append(writer->bytes, value, (guint)size);
    if (writer->bytes->len % 2)
        append(writer, 0, 1); /* values begin at even places */
}

static void write_directory(Writer *writer, guint64 directory, gboolean inner)
{
    const PstTiff *from = writer->from;
    g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(guint64));
    gsize size, count_size = writer->counted == 8 ? 8 : 2;
    guint64 entry;
    for (int i = 0; i < MAX_ENTRIES && (entry = pst_tiff_entry(from, directory, i)); i++)
        if (pst_tiff_value(from, entry, &size) && !(inner && pst_tiff_get16(from, entry) == INTEROPERABILITY_DIRECTORY))
            g_array_append_val(entries, entry);
    guint first = writer->bytes->len + (guint)count_size, entry_size = 4 + 2 * (guint)writer->counted;
    append(writer, entries->len, count_size);
    for (guint i = 0; i < entries->len; i++) {
        entry = g_array_index(entries, guint64, i);
        append(writer, pst_tiff_get16(from, entry), 2);
        append(writer, pst_tiff_get16(from, entry + 2), 2);
        append(writer, pst_tiff_get32(from, entry + 4), writer->counted);
        append(writer, 0, writer->counted);
    }
    append(writer, 0, writer->counted); /* no further directory */
    for (guint i = 0; i < entries->len; i++) {
        guint place = first + (i + 1) * entry_size - (guint)writer->counted;
        entry = g_array_index(entries, guint64, i);
        if (pst_tiff_get16(from, entry) == INTEROPERABILITY_DIRECTORY) {
            put(writer, place, writer->at + writer->bytes->len, 4);
            write_directory(writer, pst_tiff_get32(from, entry + 8), TRUE);
        } else {
            write_value(writer, entry, place);
        }
    }
}

GBytes *pst_tiff_directory_new(GBytes *exif, guint16 tag, guint64 at, gboolean big)
{
    PstTiff from;
    gsize size;
    const guint8 *data = g_bytes_get_data(exif, &size);
    guint64 directory = pst_tiff_init(&from, data, size)
                            ? pst_tiff_sub_directory(&from, pst_tiff_first_directory(&from), tag)
                            : 0;
    if (!directory)
        return NULL;
    Writer writer = { &from, g_byte_array_new(), at, big ? 8 : 4 };
    write_directory(&writer, directory, FALSE);
    return g_byte_array_free_to_bytes(writer.bytes);
}
