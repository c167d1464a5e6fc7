#include "raw_file.h"

#include "tiff_file.h"

enum {
    PHOTOMETRIC = 262,
    SUB_DIRECTORIES = 330,
    DNG_VERSION = 50706,
    COLOUR_FILTER_ARRAY = 32803,
    LINEAR_RAW = 34892,
    MAX_SUB_DIRECTORIES = 16,
};

static gboolean has_raw_pixels(const PstTiffFile *file, guint64 directory)
{
    PstTiffEntry entry;
    guint64 photometric = pst_tiff_file_find(file, directory, PHOTOMETRIC, &entry)
                              ? pst_tiff_file_number(file, &entry, 0)
                              : 0;
    return photometric == COLOUR_FILTER_ARRAY || photometric == LINEAR_RAW;
}

gboolean pst_raw_file_is_tiff(GBytes *bytes)
{
    PstTiffFile file;
    PstTiffEntry entry;
    if (!pst_tiff_file_init(&file, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes)))
        return FALSE;
    guint64 first = pst_tiff_file_first(&file);
    if (pst_tiff_file_find(&file, first, DNG_VERSION, &entry) || has_raw_pixels(&file, first))
        return TRUE;
    gboolean found = FALSE;
    if (pst_tiff_file_find(&file, first, SUB_DIRECTORIES, &entry))
        for (guint64 i = 0; i < MIN(entry.count, MAX_SUB_DIRECTORIES); i++)
            found = found || has_raw_pixels(&file, pst_tiff_file_number(&file, &entry, i));
    return found;
}
