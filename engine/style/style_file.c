#include "style.h"

#include <glib/gi18n-lib.h>
#include <jansson.h>
#include <string.h>

#include "engine/network/safetensors_writer.h"
#include "engine/picture/output.h"

#define FORMAT "pastiche-style-1"

#define LARGEST_FILE (4 << 20) /* bytes, to read; a trained style takes up less than two */
#define MOST_TENSORS 256

/* A text of a style and its key in the file's metadata. */
typedef struct {
    const char *key;
    char **text;
    gboolean json;
} Text;

#define TEXTS 10

static void list_texts(PstStyle *style, Text texts[TEXTS])
{
    const Text list[TEXTS] = {
        { "name", &style->name, FALSE },       { "artist", &style->artist, FALSE },
        { "year", &style->year, FALSE },       { "movement", &style->movement, FALSE },
        { "licence", &style->licence, FALSE }, { "author", &style->author, FALSE },
        { "sources", &style->sources, TRUE },  { "recipe", &style->recipe, TRUE },
        { "curve", &style->curve, TRUE },      { "report", &style->report, TRUE },
    };

    memcpy(texts, list, sizeof list);
}

G_DEFINE_QUARK(pst-style-error-quark, pst_style_error);

/* `message` has a place for the path. */
static gboolean refuse(const char *path, GError **error, const char *message)
{
    g_set_error(error, PST_STYLE_ERROR, PST_STYLE_ERROR_VALUE, message, path);
    return FALSE;
}

/* Only tensors of a style; those of a weight delta only all together, which pst_weight_delta_read() sees to. */
static gboolean check_names(const PstTensors *tensors, GError **error)
{
    g_autoptr(GPtrArray) known = g_ptr_array_new_with_free_func(g_free);

    g_ptr_array_add(known, g_strdup("statistics"));
    g_ptr_array_add(known, g_strdup("correction"));
    g_ptr_array_add(known, g_strdup("thumbnail"));
    pst_weight_delta_list_names(known);
    pst_style_patches_list_names(known);
    pst_style_palette_list_names(known);
    g_ptr_array_add(known, NULL);
    return pst_tensors_check_names(tensors, (const char *const *)known->pdata, error);
}

static gboolean check_text(const char *path, const Text *text, const char *value, GError **error)
{
    int longest = text->json ? PST_STYLE_PROVENANCE : PST_STYLE_TEXT;
    json_t *parsed;

    if (strlen(value) > (gsize)longest) {
        g_set_error(error, PST_STYLE_ERROR, PST_STYLE_ERROR_VALUE, _("%s: its %s is longer than %d bytes"), path,
                    text->key, longest);
        return FALSE;
    }
    if (!text->json) {
        return TRUE;
    }
    parsed = json_loads(value, JSON_REJECT_DUPLICATES, NULL);
    if (!parsed) {
        g_set_error(error, PST_STYLE_ERROR, PST_STYLE_ERROR_VALUE, _("%s: its %s is not sound JSON"), path, text->key);
        return FALSE;
    }
    json_decref(parsed);
    return TRUE;
}

static gboolean read_texts(const PstTensors *tensors, const char *path, PstStyle *style, GError **error)
{
    Text texts[TEXTS];

    list_texts(style, texts);
    for (int i = 0; i < TEXTS; i++) {
        const char *value = pst_tensors_metadata(tensors, texts[i].key);

        if (value && !check_text(path, &texts[i], value, error)) {
            return FALSE;
        }
        *texts[i].text = g_strdup(value);
    }
    if (!style->name) {
        style->name = g_path_get_basename(path);
    }
    return TRUE;
}

static gboolean read_statistics(const PstTensors *tensors, const char *path, PstStyle *style, GError **error)
{
    const float *statistics = pst_tensors_get(tensors, "statistics", (int[]){ PST_STYLE_SIZE }, 1, error);

    if (!statistics) {
        return FALSE;
    }
    memcpy(style->statistics, statistics, sizeof style->statistics);
    for (int i = 0; i < PST_STYLE_SIZE; i++) {
        if (i >= PST_STYLE_CHANNELS && statistics[i] <= 0) {
            return refuse(path, error, _("%s: has a standard deviation that is not positive"));
        }
        if (ABS(statistics[i]) > PST_STYLE_LARGEST) {
            return refuse(path, error, _("%s: has a statistic beyond all measure"));
        }
    }
    return TRUE;
}

static gboolean read_correction(const PstTensors *tensors, const char *path, PstStyle *style, GError **error)
{
    const float *correction;

    if (!pst_tensors_find(tensors, "correction")) {
        return TRUE;
    }
    if (!(correction = pst_tensors_get(tensors, "correction", (int[]){ PST_STYLE_CHANNELS }, 1, error))) {
        return FALSE;
    }
    memcpy(style->correction, correction, sizeof style->correction);
    for (int i = 0; i < PST_STYLE_CHANNELS; i++) {
        if (ABS(correction[i]) > PST_STYLE_LARGEST) {
            return refuse(path, error, _("%s: has a statistic beyond all measure"));
        }
    }
    return TRUE;
}

PstStyle *pst_style_read(const char *path, GError **error)
{
    const PstTensorsLimits limits = { .file_bytes = LARGEST_FILE, .count = MOST_TENSORS };
    g_autoptr(PstTensors) tensors = pst_tensors_read(path, &limits, error);
    g_autoptr(PstStyle) style = pst_style_new(NULL);

    if (!tensors) {
        return NULL;
    }
    if (g_strcmp0(pst_tensors_metadata(tensors, "format"), FORMAT) != 0) {
        g_set_error(error, PST_STYLE_ERROR, PST_STYLE_ERROR_FORMAT, _("%s: is not a style file of this program"), path);
        return NULL;
    }
    if (!check_names(tensors, error) || !read_statistics(tensors, path, style, error) ||
        !read_correction(tensors, path, style, error) || !read_texts(tensors, path, style, error)) {
        return NULL;
    }
    if (pst_weight_delta_present(tensors) && !(style->delta = pst_weight_delta_read(tensors, path, error))) {
        return NULL;
    }
    if (pst_style_palette_present(tensors) && !(style->palette = pst_style_palette_read(tensors, path, error))) {
        return NULL;
    }
    if (pst_style_patches_present(tensors) && !(style->patches = pst_style_patches_read(tensors, path, error))) {
        return NULL;
    }
    const PstTensor *thumbnail = pst_tensors_find(tensors, "thumbnail");
    if (thumbnail && thumbnail->bytes) {
        style->thumbnail = g_bytes_new(thumbnail->bytes, thumbnail->count);
    }
    return g_steal_pointer(&style);
}

/* As pictures are: a style has taken its time, too. */
static gboolean save(PstTensorsWriter *writer, const char *path, GError **error)
{
    g_autofree char *file = g_filename_display_name(path), *written = NULL;
    g_autoptr(GBytes) bytes = pst_tensors_writer_to_bytes(writer, file, error);
    g_autoptr(PstOutput) output = bytes ? pst_output_open(path, PST_CONFLICT_OVERWRITE, error) : NULL;
    gsize size;

    if (!output) {
        return FALSE;
    }
    const void *data = g_bytes_get_data(bytes, &size);
    if (pst_output_write(output, data, size, error)) {
        written = pst_output_commit(output, error);
    }
    return written != NULL;
}

gboolean pst_style_write(const PstStyle *style, const char *path, GError **error)
{
    g_autoptr(PstTensorsWriter) writer = pst_tensors_writer_new();
    Text texts[TEXTS];

    pst_tensors_writer_set_metadata(writer, "format", FORMAT);
    list_texts((PstStyle *)style, texts);
    for (int i = 0; i < TEXTS; i++) {
        if (*texts[i].text) {
            pst_tensors_writer_set_metadata(writer, texts[i].key, *texts[i].text);
        }
    }
    pst_tensors_writer_add(writer, "statistics", PST_TENSOR_F32, style->statistics, (int[]){ PST_STYLE_SIZE }, 1);
    if (pst_style_is_corrected(style)) {
        pst_tensors_writer_add(writer, "correction", PST_TENSOR_F32, style->correction, (int[]){ PST_STYLE_CHANNELS },
                               1);
    }
    if (style->delta) {
        pst_weight_delta_write(style->delta, writer);
    }
    if (style->patches) {
        pst_style_patches_write(style->patches, writer);
    }
    if (style->palette) {
        pst_style_palette_write(style->palette, writer);
    }
    if (style->thumbnail) {
        int size = g_bytes_get_size(style->thumbnail);

        pst_tensors_writer_add_bytes(writer, "thumbnail", g_bytes_get_data(style->thumbnail, NULL), &size, 1);
    }
    return save(writer, path, error);
}
