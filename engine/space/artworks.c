#include "artworks.h"

#include "engine/base/memory.h"
#include "engine/base/memory_guard.h"
#include "engine/network/safetensors_writer.h"
#include "engine/style/style_library.h"

#include <jansson.h>
#include <string.h>

#define FORMAT "pastiche-artworks-1"

/* The texts of an artwork: their names in the file and places in the struct. */
static const struct {
    const char *key;
    gsize offset;
} texts[] = {
    { "title", offsetof(PstArtwork, title) },     { "artist", offsetof(PstArtwork, artist) },
    { "year", offsetof(PstArtwork, year) },       { "movement", offsetof(PstArtwork, movement) },
    { "medium", offsetof(PstArtwork, medium) },   { "caption", offsetof(PstArtwork, caption) },
    { "licence", offsetof(PstArtwork, licence) },
};

static char **text_of(PstArtwork *artwork, gsize i)
{
    return (char **)((char *)artwork + texts[i].offset);
}

PstArtworks *pst_artworks_new(int count)
{
    PstArtworks *bank = g_new0(PstArtworks, 1);
    gsize size = MAX(1, count) * sizeof *bank->artworks;

    bank->count = count;
    bank->artworks = pst_memory_new(size, G_MEM_ALIGN);
    memset(bank->artworks, 0, size);
    return bank;
}

void pst_artworks_free(PstArtworks *bank)
{
    if (!bank)
        return;
    for (int i = 0; i < bank->count; i++) {
        g_free(bank->artworks[i].id);
        for (gsize k = 0; k < G_N_ELEMENTS(texts); k++)
            g_free(*text_of(&bank->artworks[i], k));
    }
    pst_memory_free(bank->artworks);
    g_free(bank);
}

/* ---- the file ------------------------------------------------------------------------------- */

static PstArtworks *parse_texts(const PstTensors *tensors, const char *path, GError **error)
{
    const guint8 *bytes = pst_tensors_get_bytes(tensors, "texts", (int[]){ PST_TENSORS_ANY }, 1, error);
    g_autoptr(PstArtworks) bank = NULL;
    json_t *list, *object;
    size_t i;

    if (!bytes)
        return NULL;
    list = json_loadb((const char *)bytes, pst_tensors_find(tensors, "texts")->count, JSON_REJECT_DUPLICATES, NULL);
    if (list && json_is_array(list) && json_array_size(list) > 0 && json_array_size(list) <= G_MAXUINT16)
        bank = pst_artworks_new((int)json_array_size(list));
    json_array_foreach(bank ? list : NULL, i, object) {
        for (gsize k = 0; k < G_N_ELEMENTS(texts); k++) {
            const char *text = json_string_value(json_object_get(object, texts[k].key));

            *text_of(&bank->artworks[i], k) = g_strdup(text ? text : "");
        }
        if (!*bank->artworks[i].title || strlen(bank->artworks[i].title) > PST_STYLE_TEXT) {
            g_clear_pointer(&bank, pst_artworks_free);
            break;
        }
    }
    json_decref(list);
    if (!bank)
        g_set_error(error, PST_TENSORS_ERROR, PST_TENSORS_ERROR_MISMATCH, "%s: texts: not those of artworks", path);
    return g_steal_pointer(&bank);
}

PstArtworks *pst_artworks_read(const char *path, GError **error)
{
    static const char *const known[] = { "measures", "palette", "position", "statistics", "texts", NULL };
    g_autoptr(PstTensors) tensors = pst_tensors_read(path, NULL, error);
    g_autoptr(PstArtworks) bank = NULL;
    const float *statistics, *measures, *position;
    const guint8 *palette;
    int n;

    if (!tensors || !pst_tensors_check_names(tensors, known, error))
        return NULL;
    if (g_strcmp0(pst_tensors_metadata(tensors, "format"), FORMAT) != 0) {
        g_set_error(error, PST_TENSORS_ERROR, PST_TENSORS_ERROR_MISMATCH, "%s: not a bank of artworks", path);
        return NULL;
    }
    bank = parse_texts(tensors, path, error);
    if (!bank)
        return NULL;
    n = bank->count;
    statistics = pst_tensors_get(tensors, "statistics", (int[]){ n, PST_STYLE_SIZE }, 2, error);
    measures = statistics ? pst_tensors_get(tensors, "measures", (int[]){ n, PST_MEASURES }, 2, error) : NULL;
    position = measures ? pst_tensors_get(tensors, "position", (int[]){ n, 2 }, 2, error) : NULL;
    palette = position ? pst_tensors_get_bytes(tensors, "palette", (int[]){ n, PST_APPEARANCE_COLOURS, 3 }, 3, error)
                       : NULL;
    if (!palette)
        return NULL;
    for (int i = 0; i < n; i++) {
        PstArtwork *a = &bank->artworks[i];

        memcpy(a->statistics, statistics + (gsize)i * PST_STYLE_SIZE, sizeof a->statistics);
        memcpy(a->appearance.measures, measures + (gsize)i * PST_MEASURES, sizeof a->appearance.measures);
        memcpy(a->position, position + (gsize)i * 2, sizeof a->position);
        memcpy(a->appearance.palette, palette + i * sizeof a->appearance.palette, sizeof a->appearance.palette);
        for (int k = 0; k < PST_STYLE_SIZE; k++)
            a->statistics[k] = CLAMP(a->statistics[k], k < PST_STYLE_CHANNELS ? -PST_STYLE_LARGEST : 0,
                                     PST_STYLE_LARGEST);
    }
    pst_artworks_name(bank);
    return g_steal_pointer(&bank);
}

PstArtworks *pst_artworks_load_default(GError **error)
{
    g_autofree char *folder = pst_data_folder(error);
    g_autofree char *path = folder ? g_build_filename(folder, PST_ARTWORKS_FILE, NULL) : NULL;

    return path ? pst_artworks_read(path, error) : NULL;
}

static void add_texts(const PstArtworks *bank, PstTensorsWriter *writer)
{
    json_t *list = json_array();
    g_autofree char *text = NULL;

    for (int i = 0; i < bank->count; i++) {
        json_t *object = json_object();

        for (gsize k = 0; k < G_N_ELEMENTS(texts); k++) {
            const char *value = *text_of(&bank->artworks[i], k);

            if (value && *value)
                json_object_set_new(object, texts[k].key, json_string(value));
        }
        json_array_append_new(list, object);
    }
    text = json_dumps(list, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(list);
    pst_tensors_writer_add_bytes(writer, "texts", (const guint8 *)text, (int[]){ (int)strlen(text) }, 1);
}

gboolean pst_artworks_write(const PstArtworks *bank, const char *path, GError **error)
{
    g_autoptr(PstTensorsWriter) writer = pst_tensors_writer_new();
    int n = bank->count;
    g_autofree float *statistics = g_new(float, (gsize)n *PST_STYLE_SIZE);
    g_autofree float *measures = g_new(float, (gsize)n *PST_MEASURES);
    g_autofree float *position = g_new(float, (gsize)n * 2);
    g_autofree guint8 *palette = g_new(guint8, (gsize)n * PST_APPEARANCE_COLOURS * 3);

    for (int i = 0; i < n; i++) {
        const PstArtwork *a = &bank->artworks[i];

        memcpy(statistics + (gsize)i * PST_STYLE_SIZE, a->statistics, sizeof a->statistics);
        memcpy(measures + (gsize)i * PST_MEASURES, a->appearance.measures, sizeof a->appearance.measures);
        memcpy(position + (gsize)i * 2, a->position, sizeof a->position);
        memcpy(palette + i * sizeof a->appearance.palette, a->appearance.palette, sizeof a->appearance.palette);
    }
    pst_tensors_writer_set_metadata(writer, "format", FORMAT);
    pst_tensors_writer_add(writer, "statistics", PST_TENSOR_F16, statistics, (int[]){ n, PST_STYLE_SIZE }, 2);
    pst_tensors_writer_add(writer, "measures", PST_TENSOR_F16, measures, (int[]){ n, PST_MEASURES }, 2);
    pst_tensors_writer_add(writer, "position", PST_TENSOR_F32, position, (int[]){ n, 2 }, 2);
    pst_tensors_writer_add_bytes(writer, "palette", palette, (int[]){ n, PST_APPEARANCE_COLOURS, 3 }, 3);
    add_texts(bank, writer);
    return pst_tensors_writer_save(writer, path, error);
}

/* ---- names ---------------------------------------------------------------------------------- */

void pst_artworks_name(PstArtworks *bank)
{
    g_autoptr(GHashTable) taken = g_hash_table_new(g_str_hash, g_str_equal);

    for (int i = 0; i < bank->count; i++) {
        PstArtwork *a = &bank->artworks[i];
        g_autofree char *full = g_strconcat(a->artist, " ", a->title, NULL);
        g_autofree char *longer = pst_style_library_identifier(full);

        g_free(a->id);
        a->id = pst_style_library_identifier(a->title);
        if (g_hash_table_contains(taken, a->id)) {
            g_free(a->id);
            a->id = g_strdup(longer);
        }
        for (int number = 2; g_hash_table_contains(taken, a->id); number++) {
            g_free(a->id);
            a->id = g_strdup_printf("%s-%d", longer, number);
        }
        g_hash_table_add(taken, a->id);
    }
}

const PstArtwork *pst_artworks_find(const PstArtworks *bank, const char *id)
{
    for (int i = 0; i < bank->count; i++) {
        if (g_ascii_strcasecmp(bank->artworks[i].id, id) == 0)
            return &bank->artworks[i];
    }
    return NULL;
}

static char *known(const char *text)
{
    return *text ? g_strdup(text) : NULL;
}

PstStyle *pst_artwork_style(const PstArtwork *a)
{
    PstStyle *style = pst_style_new(a->title);

    style->artist = known(a->artist);
    style->year = known(a->year);
    style->movement = known(a->movement);
    style->licence = known(a->licence);
    memcpy(style->statistics, a->statistics, sizeof style->statistics);
    return style;
}

char *pst_artwork_label(const PstArtwork *a)
{
    return *a->artist ? g_strdup_printf("%s, %s", a->artist, a->title) : g_strdup(a->title);
}
