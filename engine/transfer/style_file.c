#include "style.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "engine/network/safetensors_writer.h"

#define FORMAT "pastiche-style-1"

/* Texts of a style by their key in the file's metadata. */
static char **text_of(PstStyle *style, int i, const char **key)
{
    char **texts[] = { &style->name, &style->artist, &style->year, &style->movement, &style->licence };
    static const char *const keys[] = { "name", "artist", "year", "movement", "licence" };

    if (i >= (int)G_N_ELEMENTS(keys)) {
        return NULL;
    }
    *key = keys[i];
    return texts[i];
}

static gboolean sound(const PstTensors *tensors, const char *path, GError **error)
{
    static const char *const known[] = { "statistics", "thumbnail", NULL };

    if (g_strcmp0(pst_tensors_metadata(tensors, "format"), FORMAT) != 0) {
        g_set_error(error, PST_MODEL_ERROR, PST_MODEL_ERROR_FILE,
                    _("%s: is not a style file of this program; make one with 'pastiche style make'"), path);
        return FALSE;
    }
    return pst_tensors_check_names(tensors, known, error);
}

PstStyle *pst_style_read(const char *path, GError **error)
{
    const PstTensorsLimits limits = { .file_bytes = 16 << 20, .count = 16 };
    g_autoptr(PstTensors) tensors = pst_tensors_read(path, &limits, error);

    if (!tensors || !sound(tensors, path, error)) {
        return NULL;
    }
    const float *statistics = pst_tensors_get(tensors, "statistics", (int[]){ PST_STYLE_SIZE }, 1, error);
    if (!statistics) {
        return NULL;
    }
    g_autoptr(PstStyle) style = pst_style_new(NULL);
    const char *key;
    char **text;
    for (int i = 0; (text = text_of(style, i, &key)); i++) {
        const char *value = pst_tensors_metadata(tensors, key);

        if (value && strlen(value) > PST_STYLE_TEXT) {
            g_set_error(error, PST_MODEL_ERROR, PST_MODEL_ERROR_FILE,
                        _("%s: its %s is longer than %d bytes; shorten it"), path, key, PST_STYLE_TEXT);
            return NULL;
        }
        *text = g_strdup(value);
    }
    if (!style->name) {
        style->name = g_path_get_basename(path);
    }
    memcpy(style->statistics, statistics, sizeof style->statistics);
    for (int i = PST_STYLE_CHANNELS; i < PST_STYLE_SIZE; i++) {
        if (style->statistics[i] <= 0) {
            g_set_error(error, PST_MODEL_ERROR, PST_MODEL_ERROR_FILE,
                        _("%s: has a standard deviation that is not positive; make the style again"), path);
            return NULL;
        }
    }
    const PstTensor *thumbnail = pst_tensors_find(tensors, "thumbnail");
    if (thumbnail && thumbnail->bytes) {
        style->thumbnail = g_bytes_new(thumbnail->bytes, thumbnail->count);
    }
    return g_steal_pointer(&style);
}

gboolean pst_style_write(const PstStyle *style, const char *path, GError **error)
{
    g_autoptr(PstTensorsWriter) writer = pst_tensors_writer_new();
    const char *key;
    char **text;

    pst_tensors_writer_set_metadata(writer, "format", FORMAT);
    for (int i = 0; (text = text_of((PstStyle *)style, i, &key)); i++) {
        if (*text) {
            pst_tensors_writer_set_metadata(writer, key, *text);
        }
    }
    pst_tensors_writer_add(writer, "statistics", PST_TENSOR_F32, style->statistics, (int[]){ PST_STYLE_SIZE }, 1);
    if (style->thumbnail) {
        int size = g_bytes_get_size(style->thumbnail);

        pst_tensors_writer_add_bytes(writer, "thumbnail", g_bytes_get_data(style->thumbnail, NULL), &size, 1);
    }
    return pst_tensors_writer_save(writer, path, error);
}

static void free_entry(gpointer data)
{
    PstStyleEntry *entry = data;

    g_free(entry->id);
    g_free(entry->path);
    pst_style_free(entry->style);
    g_free(entry);
}

static int by_name(gconstpointer a, gconstpointer b)
{
    const PstStyleEntry *const *x = a, *const *y = b;
    int order = g_utf8_collate((*x)->style->name, (*y)->style->name);

    return order ? order : strcmp((*x)->id, (*y)->id);
}

GPtrArray *pst_style_library_read(const char *folder, PstStyleWarning warn, gpointer data)
{
    GPtrArray *library = g_ptr_array_new_with_free_func(free_entry);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;

    while (dir && (name = g_dir_read_name(dir))) {
        g_autoptr(GError) error = NULL;

        if (!g_str_has_suffix(name, PST_STYLE_SUFFIX)) {
            continue;
        }
        g_autofree char *path = g_build_filename(folder, name, NULL);
        PstStyle *style = pst_style_read(path, &error);
        if (!style) {
            if (warn) {
                warn(error, data);
            }
            continue;
        }
        PstStyleEntry *entry = g_new0(PstStyleEntry, 1);
        entry->id = g_strndup(name, strlen(name) - strlen(PST_STYLE_SUFFIX));
        entry->path = g_steal_pointer(&path);
        entry->style = style;
        g_ptr_array_add(library, entry);
    }
    g_ptr_array_sort(library, by_name);
    return library;
}

const PstStyleEntry *pst_style_library_find(const GPtrArray *library, const char *text)
{
    g_autofree char *wanted = g_utf8_casefold(text, -1);
    const PstStyleEntry *beginning = NULL;
    int beginnings = 0;

    for (guint i = 0; i < library->len; i++) {
        const PstStyleEntry *entry = library->pdata[i];
        g_autofree char *id = g_utf8_casefold(entry->id, -1);
        g_autofree char *name = g_utf8_casefold(entry->style->name, -1);

        if (g_str_equal(id, wanted) || g_str_equal(name, wanted)) {
            return entry;
        }
        if (*wanted && (g_str_has_prefix(id, wanted) || g_str_has_prefix(name, wanted))) {
            beginning = entry;
            beginnings++;
        }
    }
    return beginnings == 1 ? beginning : NULL;
}
