#include "tiff.h"

gboolean pst_tiff_init(PstTiff *tiff, const guint8 *data, gsize size)
{
    *tiff = (PstTiff){ data, size, FALSE };
    if (size < PST_TIFF_HEADER)
        return FALSE;
    tiff->big_endian = data[0] == 'M' && data[1] == 'M';
    return (tiff->big_endian || (data[0] == 'I' && data[1] == 'I')) && pst_tiff_get16(tiff, 2) == 42;
}

guint16 pst_tiff_get16(const PstTiff *tiff, guint64 at)
{
    if (at > tiff->size || tiff->size - at < 2)
        return 0;
    const guint8 *p = tiff->data + at;
    return tiff->big_endian ? p[0] << 8 | p[1] : p[1] << 8 | p[0];
}

guint32 pst_tiff_get32(const PstTiff *tiff, guint64 at)
{
    if (at > tiff->size || tiff->size - at < 4)
        return 0;
    guint32 first = pst_tiff_get16(tiff, at), second = pst_tiff_get16(tiff, at + 2);
    return tiff->big_endian ? first << 16 | second : second << 16 | first;
}

guint64 pst_tiff_first_directory(const PstTiff *tiff)
{
    return pst_tiff_get32(tiff, 4);
}

guint64 pst_tiff_entry(const PstTiff *tiff, guint64 directory, int index)
{
    guint64 entry = directory + 2 + (guint64)index * PST_TIFF_ENTRY;
    if (!directory || index >= pst_tiff_get16(tiff, directory) || entry + PST_TIFF_ENTRY > tiff->size)
        return 0;
    return entry;
}

guint64 pst_tiff_find(const PstTiff *tiff, guint64 directory, guint16 tag)
{
    guint64 entry;
    for (int i = 0; (entry = pst_tiff_entry(tiff, directory, i)); i++)
        if (pst_tiff_get16(tiff, entry) == tag)
            return entry;
    return 0;
}

guint64 pst_tiff_sub_directory(const PstTiff *tiff, guint64 directory, guint16 tag)
{
    guint64 entry = pst_tiff_find(tiff, directory, tag);
    return entry && pst_tiff_get16(tiff, entry + 2) == PST_TIFF_LONG ? pst_tiff_get32(tiff, entry + 8) : 0;
}

const guint8 *pst_tiff_value(const PstTiff *tiff, guint64 entry, gsize *size)
{
    static const guint8 sizes[] = { 0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4 };
    guint16 type = pst_tiff_get16(tiff, entry + 2);
    if (type == 0 || type >= G_N_ELEMENTS(sizes))
        return NULL;
    guint64 bytes = (guint64)pst_tiff_get32(tiff, entry + 4) * sizes[type];
    guint64 at = bytes <= 4 ? entry + 8 : pst_tiff_get32(tiff, entry + 8);
    if (at > tiff->size || bytes > tiff->size - at)
        return NULL;
    *size = (gsize)bytes;
    return tiff->data + at;
}
