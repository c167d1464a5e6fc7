#include "style_library.h"

#include <string.h>

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

/* Adds the style file `name` of a folder. */
static void add_entry(GPtrArray *library, const char *folder, const char *name, PstStyleWarning warn, gpointer data)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autoptr(GError) error = NULL;
    PstStyle *style = pst_style_read(path, &error);

    if (style) {
        PstStyleEntry *entry = g_new0(PstStyleEntry, 1);

        entry->id = g_strndup(name, strlen(name) - strlen(PST_STYLE_SUFFIX));
        entry->path = g_steal_pointer(&path);
        entry->style = style;
        g_ptr_array_add(library, entry);
    } else if (warn) {
        warn(error, data);
    }
}

GPtrArray *pst_style_library_read_folder(const char *folder, PstStyleWarning warn, gpointer data)
{
    GPtrArray *library = g_ptr_array_new_with_free_func(free_entry);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;

    while (dir && (name = g_dir_read_name(dir))) {
        if (g_str_has_suffix(name, PST_STYLE_SUFFIX)) {
            add_entry(library, folder, name, warn, data);
        }
    }
    g_ptr_array_sort(library, by_name);
    return library;
}

/* Those styles of a folder that are called by identifiers; NULL if one of the texts is no identifier of it. */
static GPtrArray *read_called(const char *folder, const char *const *ids, PstStyleWarning warn, gpointer data)
{
    g_autoptr(GPtrArray) library = g_ptr_array_new_with_free_func(free_entry);

    for (int i = 0; ids[i]; i++) {
        g_autofree char *name = g_strconcat(ids[i], PST_STYLE_SUFFIX, NULL);
        g_autofree char *path = g_build_filename(folder, name, NULL);

        if (strchr(ids[i], G_DIR_SEPARATOR) || !g_file_test(path, G_FILE_TEST_IS_REGULAR)) {
            return NULL;
        }
        if (!g_strv_contains(ids + i + 1, ids[i])) {
            add_entry(library, folder, name, warn, data);
        }
    }
    return g_steal_pointer(&library);
}

char *pst_style_library_own_folder(void)
{
    return g_build_filename(g_get_user_data_dir(), "pastiche", "styles", NULL);
}

gboolean pst_style_library_is_own(const PstStyleEntry *entry)
{
    g_autofree char *own = pst_style_library_own_folder();
    g_autofree char *folder = g_path_get_dirname(entry->path);

    return g_str_equal(own, folder);
}

GPtrArray *pst_style_library_read(PstStyleWarning warn, gpointer data)
{
    return pst_style_library_read_for(NULL, warn, data);
}

GPtrArray *pst_style_library_read_for(const char *const *ids, PstStyleWarning warn, gpointer data)
{
    g_autofree char *own = pst_style_library_own_folder();
    g_autofree char *data_folder = pst_data_folder(NULL);
    g_autofree char *folder = NULL;
    g_autoptr(GHashTable) taken = g_hash_table_new(g_str_hash, g_str_equal);
    GPtrArray *library = pst_style_library_read_folder(own, warn, data), *built_in = NULL;

    /* Without the program's data there is no model either; loading that will say so. */
    if (!data_folder) {
        return library;
    }
    for (guint i = 0; i < library->len; i++) {
        g_hash_table_add(taken, ((PstStyleEntry *)library->pdata[i])->id);
    }
    folder = g_build_filename(data_folder, "styles", NULL);
    if (ids) {
        built_in = read_called(folder, ids, warn, data);
    }
    if (!built_in) {
        built_in = pst_style_library_read_folder(folder, warn, data);
    }
    for (guint i = built_in->len; i-- > 0;) {
        if (g_hash_table_contains(taken, ((PstStyleEntry *)built_in->pdata[i])->id)) {
            g_ptr_array_remove_index(built_in, i);
        }
    }
    g_ptr_array_extend_and_steal(library, built_in);
    return library;
}

char *pst_style_library_identifier(const char *name)
{
    g_autofree char *plain = g_str_to_ascii(name, "C");
    GString *id = g_string_new(NULL);

    for (const char *p = plain; *p; p++) {
        if (g_ascii_isalnum(*p)) {
            g_string_append_c(id, g_ascii_tolower(*p));
        } else if (id->len > 0 && id->str[id->len - 1] != '-' && *p != '\'') {
            g_string_append_c(id, '-');
        }
    }
    g_string_truncate(id, MIN(id->len, 60));
    while (id->len > 0 && id->str[id->len - 1] == '-') {
        g_string_truncate(id, id->len - 1);
    }
    if (id->len == 0) {
        g_string_assign(id, "style");
    }
    return g_string_free(id, FALSE);
}

static char *fold(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);

    return g_utf8_casefold(valid, -1);
}

/* How well an entry answers to a text, the best last. */
typedef enum { NOT, CONTAINS, BEGINS, IS } Match;

static Match match_text(const char *text, const char *wanted)
{
    g_autofree char *folded = fold(text);

    return g_str_equal(folded, wanted)        ? IS
           : g_str_has_prefix(folded, wanted) ? BEGINS
           : strstr(folded, wanted)           ? CONTAINS
                                              : NOT;
}

static Match match(const PstStyleEntry *entry, const char *wanted)
{
    Match id = match_text(entry->id, wanted), name = match_text(entry->style->name, wanted);

    return MAX(id, name);
}

gboolean pst_style_library_names(const PstStyleEntry *entry, const char *text)
{
    g_autofree char *wanted = fold(text);

    return match(entry, wanted) == IS;
}

const PstStyleEntry *pst_style_library_find(const GPtrArray *library, const char *text)
{
    const PstStyleEntry *found[IS + 1] = { NULL };
    guint count[IS + 1] = { 0 };
    g_autofree char *wanted = fold(text);

    for (guint i = 0; i < library->len && *wanted; i++) {
        Match how = match(library->pdata[i], wanted);

        found[how] = count[how]++ == 0 ? library->pdata[i] : found[how];
    }
    if (found[IS]) {
        return found[IS];
    }
    if (count[BEGINS] == 1) {
        return found[BEGINS];
    }
    return count[BEGINS] + count[CONTAINS] == 1 ? found[CONTAINS] : NULL;
}
