#include "picture_list.h"

#include "app/common/file_kind.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static int compare(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void add_folder(const char *folder, gboolean recursive, GPtrArray *paths)
{
    g_autoptr(GDir) directory = g_dir_open(folder, 0, NULL);
    const char *name;

    while (directory && (name = g_dir_read_name(directory))) {
        g_autofree char *path = g_build_filename(folder, name, NULL);

        if (name[0] == '.')
            continue;
        if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
            if (recursive && !g_file_test(path, G_FILE_TEST_IS_SYMLINK))
                add_folder(path, TRUE, paths);
        } else if (pst_file_kind(path) == PST_FILE_PICTURE) {
            g_ptr_array_add(paths, g_steal_pointer(&path));
        }
    }
}

GPtrArray *pst_picture_list(const char *path, gboolean recursive, GError **error)
{
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);

    if (!g_file_test(path, G_FILE_TEST_IS_DIR)) {
        g_ptr_array_add(paths, g_strdup(path));
        return g_steal_pointer(&paths);
    }
    add_folder(path, recursive, paths);
    g_ptr_array_sort(paths, compare);
    if (paths->len > 0)
        return g_steal_pointer(&paths);
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
                _("%s: no picture in it; give a folder with JPEG or PNG files"), path);
    return NULL;
}

PstDomain *pst_picture_list_domain(const GPtrArray *paths, const PstModel *model, PstThreadPool *pool,
                                   PstPictureWarning warn, gpointer data, GCancellable *cancellable, GError **error)
{
    g_autoptr(PstDomain) domain = pst_domain_new(model, pool);
    g_autoptr(GError) last = NULL;

    for (guint i = 0; i < paths->len; i++) {
        g_autoptr(GError) local = NULL;
        g_autoptr(PstPicture) small = pst_domain_read(paths->pdata[i], cancellable, &local);

        if (small && pst_domain_add(domain, small, cancellable, &local))
            continue;
        if (g_error_matches(local, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
            g_propagate_error(error, g_steal_pointer(&local));
            return NULL;
        }
        if (last)
            warn(last, data);
        g_clear_error(&last);
        last = g_steal_pointer(&local);
    }
    if (pst_domain_count(domain) == 0) {
        g_propagate_error(error, g_steal_pointer(&last));
        return NULL;
    }
    if (last)
        warn(last, data);
    return g_steal_pointer(&domain);
}
