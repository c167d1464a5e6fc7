#include "starred_results.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

#include "engine/paint/recipe.h"
#include "recipe_file.h"

static char *folder_of(const char *photo)
{
    g_autofree char *name = g_compute_checksum_for_string(G_CHECKSUM_SHA256, photo, -1);

    return g_build_filename(g_get_user_data_dir(), "pastiche", "results", name, NULL);
}

/* Of a result's files, without suffix: the same look gives the same recipe, and so the same name. */
static char *path_of(const char *photo, PstResult *result, GError **error)
{
    g_autofree char *text = pst_recipe_write(pst_result_look(result), NULL, error);
    g_autofree char *folder = folder_of(photo);
    g_autofree char *name = text ? g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1) : NULL;

    return name ? g_build_filename(folder, name, NULL) : NULL;
}

static PstResult *read_one(const char *recipe)
{
    g_autofree char *stem = g_strndup(recipe, strlen(recipe) - strlen(".json"));
    g_autofree char *picture = g_strconcat(stem, ".png", NULL);
    g_autoptr(PstLook) look = pst_recipe_file_read(recipe, NULL);
    g_autoptr(GdkTexture) texture = look ? gdk_texture_new_from_filename(picture, NULL) : NULL;
    PstResult *result = texture ? pst_result_new(look, texture) : NULL;

    if (result) {
        pst_result_set_starred(result, TRUE);
    }
    return result;
}

GPtrArray *pst_starred_results_read(const char *photo)
{
    GPtrArray *results = g_ptr_array_new_with_free_func(g_object_unref);
    g_autofree char *folder = folder_of(photo);
    g_autoptr(GDir) files = g_dir_open(folder, 0, NULL);
    const char *name;

    while (files && (name = g_dir_read_name(files))) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        PstResult *result = g_str_has_suffix(name, ".json") ? read_one(path) : NULL;

        if (result) {
            g_ptr_array_add(results, result);
        }
    }
    return results;
}

gboolean pst_starred_results_add(const char *photo, PstResult *result, GError **error)
{
    g_autofree char *folder = folder_of(photo);
    g_autofree char *stem = path_of(photo, result, error);
    g_autofree char *recipe = g_strconcat(stem, ".json", NULL);
    g_autofree char *picture = g_strconcat(stem, ".png", NULL);
    g_autoptr(GBytes) png = NULL;

    if (!stem) {
        return FALSE;
    }
    if (g_mkdir_with_parents(folder, 0700) != 0) {
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), _("%s: the folder can't be made: %s"), folder,
                    g_strerror(errno));
        return FALSE;
    }
    /* The recipe last: without it there is no result. */
    png = gdk_texture_save_to_png_bytes(pst_result_texture(result));
    return g_file_set_contents(picture, g_bytes_get_data(png, NULL), (gssize)g_bytes_get_size(png), error) &&
           pst_recipe_file_write(pst_result_look(result), recipe, error);
}

gboolean pst_starred_results_remove(const char *photo, PstResult *result, GError **error)
{
    g_autofree char *stem = path_of(photo, result, error);
    g_autofree char *recipe = g_strconcat(stem, ".json", NULL);
    g_autofree char *picture = g_strconcat(stem, ".png", NULL);

    if (!stem) {
        return FALSE;
    }
    if (g_remove(recipe) != 0 && errno != ENOENT) {
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), _("%s: can't be removed: %s"), recipe,
                    g_strerror(errno));
        return FALSE;
    }
    g_remove(picture);
    return TRUE;
}
