#include "kept_tray.h"

#include <glib/gstdio.h>

#include "kept_look.h"

#define GROUP "tray"

/* Looks that photographs share are written once: there may be thousands of photographs. */
static int set_shared_look(GKeyFile *file, GPtrArray *looks, PstLook *look)
{
    g_autofree char *group = NULL;
    guint index;

    if (!look || g_ptr_array_find(looks, look, &index)) {
        return look ? (int)index : -1;
    }
    group = g_strdup_printf("look-%u", looks->len);
    pst_kept_look_set(file, group, look);
    g_ptr_array_add(looks, look);
    return (int)looks->len - 1;
}

void pst_kept_tray_write(PstTray *tray, const char *path)
{
    GListModel *items = pst_tray_items(tray);
    guint count = g_list_model_get_n_items(items);
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autofree const char **photos = g_new(const char *, count);
    g_autofree int *numbers = g_new(int, count);
    g_autoptr(GPtrArray) looks = g_ptr_array_new();

    if (count < 2) {
        g_remove(path);
        return;
    }
    for (guint i = 0; i < count; i++) {
        g_autoptr(PstTrayItem) item = g_list_model_get_item(items, i);

        photos[i] = pst_tray_item_path(item);
        numbers[i] = set_shared_look(file, looks, pst_tray_item_look(item));
    }
    g_key_file_set_string_list(file, GROUP, "photos", photos, count);
    g_key_file_set_integer_list(file, GROUP, "looks", numbers, count);
    g_key_file_save_to_file(file, path, NULL);
}

static char **list_photos(GKeyFile *file)
{
    char **photos = file ? g_key_file_get_string_list(file, GROUP, "photos", NULL, NULL) : NULL;

    return photos ? photos : g_new0(char *, 1);
}

char *pst_kept_tray_first(const char *path)
{
    g_autoptr(GKeyFile) file = pst_kept_file_load(path);
    g_auto(GStrv) photos = list_photos(file);

    for (int i = 0; photos[i]; i++) {
        if (g_file_test(photos[i], G_FILE_TEST_IS_REGULAR)) {
            return g_strdup(photos[i]);
        }
    }
    return NULL;
}

/* Owned by the table; NULL where there is none of that number. */
static PstLook *get_shared_look(GKeyFile *file, GHashTable *looks, int number)
{
    PstLook *look = g_hash_table_lookup(looks, GINT_TO_POINTER(number));
    g_autofree char *group = g_strdup_printf("look-%d", number);

    if (!look && number >= 0 && (look = pst_kept_look_get(file, group, NULL))) {
        g_hash_table_insert(looks, GINT_TO_POINTER(number), look);
    }
    return look;
}

GPtrArray *pst_kept_tray_read(const char *path, GPtrArray *gone)
{
    g_autoptr(GKeyFile) file = pst_kept_file_load(path);
    g_auto(GStrv) photos = list_photos(file);
    gsize known = 0;
    g_autofree int *numbers = file ? g_key_file_get_integer_list(file, GROUP, "looks", &known, NULL) : NULL;
    g_autoptr(GHashTable) looks = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)pst_look_unref);
    GPtrArray *items;

    if (!file) {
        return NULL;
    }
    items = g_ptr_array_new_with_free_func(g_object_unref);
    for (gsize i = 0; photos[i]; i++) {
        if (g_file_test(photos[i], G_FILE_TEST_IS_REGULAR)) {
            PstTrayItem *item = pst_tray_item_new(photos[i]);

            pst_tray_item_keep(item, get_shared_look(file, looks, i < known ? numbers[i] : -1), NULL);
            g_ptr_array_add(items, item);
        } else {
            g_ptr_array_add(gone, g_filename_display_basename(photos[i]));
        }
    }
    return items;
}
