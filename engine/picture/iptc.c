#include "iptc.h"

#include <string.h>

enum {
    RESOURCE_HEAD = 8, /* "8BIM", number, and at least two bytes of a name */
    RESOURCE_IPTC = 0x0404,
    DATA_SET_HEAD = 5, /* tag marker, record, data set, and the size in two bytes */
    TAG_MARKER = 0x1c,
    EXTENDED = 0x8000, /* the size has more bytes: never seen, never kept */
    APPLICATION_RECORD = 2,
    FIRST_OBJECT_RECORD = 7, /* sizes and bytes of a picture within */
};

static guint number(const guint8 *at, gsize size)
{
    guint value = 0;
    for (gsize i = 0; i < size; i++)
        value = value << 8 | at[i];
    return value;
}

GBytes *pst_iptc_from_resources(const guint8 *data, gsize size)
{
    gsize at = 0;
    while (size - at >= RESOURCE_HEAD + 4 && memcmp(data + at, "8BIM", 4) == 0) {
        guint id = number(data + at + 4, 2);
        gsize name = ((gsize)data[at + 6] + 2) & ~(gsize)1; /* with its length, padded */
        at += 6 + name;
        if (size < 4 || at > size - 4)
            return NULL;
        gsize length = number(data + at, 4);
        at += 4;
        if (length > size - at)
            return NULL;
        if (id == RESOURCE_IPTC)
            return length > 0 ? g_bytes_new(data + at, length) : NULL;
        at += MIN(size - at, (length + 1) & ~(gsize)1);
    }
    return NULL;
}

GBytes *pst_iptc_to_resources(GBytes *iptc)
{
    gsize size;
    const guint8 *data = g_bytes_get_data(iptc, &size);
    guint8 head[12] = { '8', 'B', 'I', 'M', RESOURCE_IPTC >> 8, RESOURCE_IPTC & 0xff, 0, 0 };
    for (int i = 0; i < 4; i++)
        head[8 + i] = (guint8)(size >> (24 - 8 * i));
    GByteArray *resources = g_byte_array_new();
    g_byte_array_append(resources, head, sizeof head);
    g_byte_array_append(resources, data, (guint)size);
    if (size % 2)
        g_byte_array_append(resources, (const guint8 *)"", 1);
    return g_byte_array_free_to_bytes(resources);
}

static gboolean is_place(guint record, guint set)
{
    /* Content location code and name, city, sublocation, province, country's code and name. */
    static const guint8 places[] = { 26, 27, 90, 92, 95, 100, 101 };
    return record == APPLICATION_RECORD && memchr(places, (int)set, sizeof places) != NULL;
}

/* The preview of the photograph, and the records about the pixels of the old file. */
static gboolean is_outdated(guint record, guint set)
{
    return (record == APPLICATION_RECORD && set >= 200 && set <= 202) || record == 3 || record >= FIRST_OBJECT_RECORD;
}

GBytes *pst_iptc_rewrite(GBytes *iptc, gboolean place)
{
    gsize size;
    const guint8 *data = g_bytes_get_data(iptc, &size);
    g_autoptr(GByteArray) kept = g_byte_array_new();
    for (gsize at = 0; size - at >= DATA_SET_HEAD && data[at] == TAG_MARKER;) {
        guint record = data[at + 1], set = data[at + 2], length = number(data + at + 3, 2);
        if (length & EXTENDED || length > size - at - DATA_SET_HEAD)
            break;
        if (!is_outdated(record, set) && (place || !is_place(record, set)))
            g_byte_array_append(kept, data + at, DATA_SET_HEAD + length);
        at += DATA_SET_HEAD + length;
    }
    return kept->len > 0 ? g_bytes_new(kept->data, kept->len) : NULL;
}
