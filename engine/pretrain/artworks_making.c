#include "artworks_making.h"

#include "engine/picture/reader.h"
#include "map_layout.h"

#include <string.h>

#define PERPLEXITY 20
#define STEPS      600
#define UNTITLED   "Untitled"

G_DEFINE_QUARK(pst - manifest - error - quark, pst_manifest_error)

static const struct {
    const char *column;
    gsize offset;
} columns[] = {
    { "artist", offsetof(PstArtwork, artist) },   { "title", offsetof(PstArtwork, title) },
    { "year", offsetof(PstArtwork, year) },       { "movement", offsetof(PstArtwork, movement) },
    { "medium", offsetof(PstArtwork, medium) },   { "caption", offsetof(PstArtwork, caption) },
    { "licence", offsetof(PstArtwork, licence) },
};

static int find_column(char **names, const char *name)
{
    for (int i = 0; names[i]; i++) {
        if (g_str_equal(names[i], name))
            return i;
    }
    return -1;
}

static int by_file(gconstpointer a, gconstpointer b, gpointer column)
{
    char **x = *(char ***)a, **y = *(char ***)b;

    return strcmp(x[GPOINTER_TO_INT(column)], y[GPOINTER_TO_INT(column)]);
}

/* Lines of fields (char **), by file; the names of the columns go to `names`. */
static GPtrArray *read_manifest(const char *path, char ***names, GError **error)
{
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;
    g_autoptr(GPtrArray) table = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
    int file;

    if (!g_file_get_contents(path, &text, NULL, error))
        return NULL;
    lines = g_strsplit(text, "\n", -1);
    *names = g_strsplit(lines[0] ? lines[0] : "", "\t", -1);
    file = find_column(*names, "file");
    for (int i = 1; file >= 0 && lines[i - 1] && lines[i]; i++) {
        char **fields;

        if (!*lines[i])
            continue;
        fields = g_strsplit(lines[i], "\t", -1);
        g_ptr_array_add(table, fields);
        if (g_strv_length(fields) != g_strv_length(*names)) {
            g_set_error(error, PST_MANIFEST_ERROR, PST_MANIFEST_ERROR_FORMAT,
                        "%s: line %d: not as many fields as columns", path, i + 1);
            return NULL;
        }
    }
    if (file < 0) {
        g_set_error(error, PST_MANIFEST_ERROR, PST_MANIFEST_ERROR_FORMAT, "%s: no column \"file\"", path);
        return NULL;
    }
    g_ptr_array_sort_with_data(table, by_file, GINT_TO_POINTER(file));
    return g_steal_pointer(&table);
}

static void set_texts(PstArtwork *artwork, char **names, char **fields)
{
    for (gsize i = 0; i < G_N_ELEMENTS(columns); i++) {
        int column = find_column(names, columns[i].column);
        char *text = g_strstrip(g_strdup(column >= 0 ? fields[column] : ""));

        *(char **)((char *)artwork + columns[i].offset) = text;
    }
    if (!*artwork->title) {
        g_free(artwork->title);
        artwork->title = g_strdup(UNTITLED);
    }
}

static void lay_out(PstArtworks *bank, const PstStyleSpace *space)
{
    int latent = space->shape.latent;
    g_autofree float *codes = g_new(float, (gsize)bank->count *latent), *positions = g_new(float, 2 * bank->count);

    for (int i = 0; i < bank->count; i++) {
        float x[PST_STYLE_SIZE];

        pst_style_space_standardise(space, bank->artworks[i].statistics, x);
        pst_style_space_encode(space, x, codes + (gsize)i * latent);
    }
    pst_map_layout(codes, bank->count, latent, PERPLEXITY, STEPS, positions);
    for (int i = 0; i < bank->count; i++)
        memcpy(bank->artworks[i].position, positions + 2 * i, sizeof bank->artworks[i].position);
}

PstArtworks *pst_artworks_make(const char *folder, const char *manifest, const PstStyleRows *rows,
                               const PstStyleSpace *space, GError **error)
{
    g_auto(GStrv) names = NULL;
    g_autoptr(GPtrArray) table = read_manifest(manifest, &names, error);
    g_autoptr(PstArtworks) bank = NULL;
    int each = pst_style_rows_each(rows), file;

    if (!table)
        return NULL;
    if ((int)table->len != rows->artworks) {
        g_set_error(error, PST_MANIFEST_ERROR, PST_MANIFEST_ERROR_FORMAT, "%s: %u artworks, but style rows of %d",
                    manifest, table->len, rows->artworks);
        return NULL;
    }
    file = find_column(names, "file");
    bank = pst_artworks_new(rows->artworks);
    for (int i = 0; i < bank->count; i++) {
        char **fields = table->pdata[i];
        PstArtwork *artwork = &bank->artworks[i];
        g_autofree char *path = g_build_filename(folder, fields[file], NULL);
        g_autoptr(PstPicture) picture = pst_picture_read(path, NULL, NULL, error);

        if (!picture || !pst_appearance_measure(picture, &artwork->appearance, NULL, error))
            return NULL;
        set_texts(artwork, names, fields);
        memcpy(artwork->statistics, rows->style + (gsize)i * each * PST_STYLE_SIZE, sizeof artwork->statistics);
    }
    lay_out(bank, space);
    pst_artworks_name(bank);
    return g_steal_pointer(&bank);
}
