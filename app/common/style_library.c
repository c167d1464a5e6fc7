#include "style_library.h"

#include "thumbnail.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

char *pst_library_own_folder(void)
{
    return g_build_filename(g_get_user_data_dir(), "pastiche", "styles", NULL);
}

gboolean pst_library_is_own(const PstStyleEntry *entry)
{
    g_autofree char *own = pst_library_own_folder();
    g_autofree char *folder = g_path_get_dirname(entry->path);

    return strcmp(own, folder) == 0;
}

GPtrArray *pst_library_read(PstStyleWarning warn, gpointer data)
{
    g_autofree char *own = pst_library_own_folder();
    g_autofree char *data_folder = pst_data_folder(NULL);
    g_autofree char *folder = NULL;
    g_autoptr(GHashTable) taken = g_hash_table_new(g_str_hash, g_str_equal);
    GPtrArray *library = pst_style_library_read(own, warn, data), *built_in;

    /* Without the program's data there is no model either; loading that will say so. */
    if (!data_folder)
        return library;
    for (guint i = 0; i < library->len; i++)
        g_hash_table_add(taken, ((PstStyleEntry *)library->pdata[i])->id);
    folder = g_build_filename(data_folder, "styles", NULL);
    built_in = pst_style_library_read(folder, warn, data);
    for (guint i = built_in->len; i-- > 0;) {
        if (g_hash_table_contains(taken, ((PstStyleEntry *)built_in->pdata[i])->id))
            g_ptr_array_remove_index(built_in, i);
    }
    g_ptr_array_extend_and_steal(library, built_in);
    return library;
}

char *pst_library_new_path(const char *name, PstConflict conflict, GError **error)
{
    g_autofree char *folder = pst_library_own_folder();
    g_autofree char *id = pst_library_identifier(name);
    g_autofree char *file = g_strconcat(id, PST_STYLE_SUFFIX, NULL);
    g_autofree char *path = g_build_filename(folder, file, NULL);

    if (g_mkdir_with_parents(folder, 0777) != 0) {
        int failure = errno;

        g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(failure),
                    _("%s: the folder can't be made (%s); say where to write with -o FILE"), folder,
                    g_strerror(failure));
        return NULL;
    }
    return pst_output_resolve(path, conflict, error);
}

static gboolean alike(const PstStyle *a, const PstStyle *b)
{
    return strcmp(a->name, b->name) == 0 && memcmp(a->statistics, b->statistics, sizeof a->statistics) == 0 &&
           pst_weight_delta_equal(a->delta, b->delta);
}

static GBytes *paint_thumbnail(const PstStyle *style, GError **error)
{
    g_autoptr(PstModel) model = pst_model_load_default(error);
    g_autoptr(PstThreadPool) pool = model ? pst_thread_pool_new(0) : NULL;

    return model ? pst_thumbnail_paint(model, pool, style, NULL, error) : NULL;
}

char *pst_library_add(const PstStyle *style, GError **error)
{
    g_autoptr(PstStyle) copy = pst_style_copy(style);
    g_autoptr(GPtrArray) library = pst_library_read(NULL, NULL);
    g_autofree char *path = NULL, *file = NULL;

    for (guint i = 0; i < library->len; i++) {
        if (alike(((const PstStyleEntry *)library->pdata[i])->style, style))
            return g_strdup(((const PstStyleEntry *)library->pdata[i])->id);
    }
    if (!copy->thumbnail && !(copy->thumbnail = paint_thumbnail(copy, error)))
        return NULL;
    path = pst_library_new_path(copy->name, PST_CONFLICT_UNIQUE, error);
    if (!path || !pst_style_write(copy, path, error))
        return NULL;
    file = g_path_get_basename(path);
    return g_strndup(file, strlen(file) - strlen(PST_STYLE_SUFFIX));
}

char *pst_library_import(const char *path, GError **error)
{
    g_autoptr(PstStyle) style = pst_style_read(path, error);

    return style ? pst_library_add(style, error) : NULL;
}

static char *own_path(const char *id)
{
    g_autofree char *folder = pst_library_own_folder();
    g_autofree char *file = g_strconcat(id, PST_STYLE_SUFFIX, NULL);

    return g_build_filename(folder, file, NULL);
}

gboolean pst_library_replace(const char *id, const PstStyle *style, GError **error)
{
    g_autofree char *path = own_path(id);

    return pst_style_write(style, path, error);
}

gboolean pst_library_remove(const char *id, GError **error)
{
    g_autofree char *path = own_path(id);

    if (g_unlink(path) == 0)
        return TRUE;
    g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(errno), _("%s: can't be removed (%s); check the folder"),
                path, g_strerror(errno));
    return FALSE;
}

static gboolean complete_from(PstLookStyle *style, const char *folder, const char *file)
{
    g_autofree char *path = g_build_filename(folder, file, NULL);
    g_autoptr(PstStyle) trained = g_file_test(path, G_FILE_TEST_IS_REGULAR) ? pst_style_read(path, NULL) : NULL;

    return trained && pst_look_style_complete(style, trained);
}

/* Where it is called as it was is looked first; it may have been renamed since. */
static void complete(PstLookStyle *style, const char *own, const char *folder)
{
    g_autofree char *file = g_strconcat(style->id, PST_STYLE_SUFFIX, NULL);
    g_autoptr(GPtrArray) library = NULL;

    if (complete_from(style, own, file) || complete_from(style, folder, style->file ? style->file : file))
        return;
    library = pst_style_library_read(own, NULL, NULL);
    for (guint i = 0; i < library->len; i++) {
        if (pst_look_style_complete(style, ((const PstStyleEntry *)library->pdata[i])->style))
            return;
    }
}

gboolean pst_library_complete(PstLook *look, const char *path, GError **error)
{
    g_autofree char *own = pst_library_own_folder();
    g_autofree char *folder = g_path_get_dirname(path);

    for (int i = 0; i < look->count; i++) {
        for (int k = 0; k < look->regions[i].count; k++) {
            if (pst_look_style_is_incomplete(&look->regions[i].styles[k]))
                complete(&look->regions[i].styles[k], own, folder);
        }
    }
    return pst_recipe_is_complete(look, path, error);
}

char *pst_library_identifier(const char *name)
{
    g_autofree char *plain = g_str_to_ascii(name, "C");
    GString *id = g_string_new(NULL);

    for (const char *p = plain; *p; p++) {
        if (g_ascii_isalnum(*p))
            g_string_append_c(id, g_ascii_tolower(*p));
        else if (id->len > 0 && id->str[id->len - 1] != '-' && *p != '\'')
            g_string_append_c(id, '-');
    }
    g_string_truncate(id, MIN(id->len, 60));
    while (id->len > 0 && id->str[id->len - 1] == '-')
        g_string_truncate(id, id->len - 1);
    if (id->len == 0)
        g_string_assign(id, "style");
    return g_string_free(id, FALSE);
}

static char *fold(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);

    return g_utf8_casefold(valid, -1);
}

gboolean pst_library_names(const PstStyleEntry *entry, const char *text)
{
    g_autofree char *wanted = fold(text);
    g_autofree char *id = fold(entry->id);
    g_autofree char *name = fold(entry->style->name);

    return strcmp(wanted, id) == 0 || strcmp(wanted, name) == 0;
}

static gboolean contains(const PstStyleEntry *entry, const char *folded)
{
    g_autofree char *id = fold(entry->id);
    g_autofree char *name = fold(entry->style->name);

    return strstr(id, folded) || strstr(name, folded);
}

const PstStyleEntry *pst_library_find(const GPtrArray *library, const char *text)
{
    const PstStyleEntry *entry = pst_style_library_find(library, text), *only = NULL;
    g_autofree char *wanted = fold(text);

    if (entry || !*wanted)
        return entry;
    for (guint i = 0; i < library->len; i++) {
        if (!contains(library->pdata[i], wanted))
            continue;
        if (only)
            return NULL;
        only = library->pdata[i];
    }
    return only;
}

/* Letters to add, remove or change (Levenshtein), at most `limit` + 1. Bytes stand for letters. */
static guint edit_distance(const char *a, const char *b, guint limit)
{
    guint length = (guint)strlen(b);
    g_autofree guint *row = g_new(guint, length + 1);

    for (guint j = 0; j <= length; j++)
        row[j] = j;
    for (guint i = 0; a[i]; i++) {
        guint diagonal = row[0], best = row[0] = i + 1;

        for (guint j = 0; j < length; j++) {
            guint above = row[j + 1];

            row[j + 1] = MIN(MIN(above, row[j]) + 1, diagonal + (a[i] != b[j]));
            diagonal = above;
            best = MIN(best, row[j + 1]);
        }
        if (best > limit)
            return limit + 1;
    }
    return MIN(row[length], limit + 1);
}

char *pst_library_hint(const GPtrArray *library, const char *text)
{
    g_autofree char *wanted = fold(text);
    g_autoptr(GPtrArray) alike = g_ptr_array_new();
    guint limit = *wanted ? 1 + (guint)strlen(wanted) / 5 : 0, nearest = limit + 1;
    const char *near = NULL;

    for (guint i = 0; i < library->len && *wanted; i++) {
        const PstStyleEntry *entry = library->pdata[i];
        g_autofree char *id = fold(entry->id);
        g_autofree char *name = fold(entry->style->name);
        guint distance = MIN(edit_distance(wanted, id, limit), edit_distance(wanted, name, limit));

        if (contains(entry, wanted))
            g_ptr_array_add(alike, entry->id);
        if (distance < nearest) {
            nearest = distance;
            near = entry->id;
        }
    }
    if (alike->len > 1) {
        g_autofree char *list = NULL;

        g_ptr_array_set_size(alike, (int)MIN(alike->len, 8));
        g_ptr_array_add(alike, NULL);
        list = g_strjoinv(", ", (char **)alike->pdata);
        return g_strdup_printf(_("several are called so (%s), choose one"), list);
    }
    if (near)
        return g_strdup_printf(_("is it \"%s\"?"), near);
    return g_strdup(_("\"pastiche styles\" lists the styles"));
}
