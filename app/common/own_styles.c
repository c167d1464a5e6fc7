#include "own_styles.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "engine/style/style_library.h"
#include "thumbnail.h"

char *pst_own_styles_new_path(const char *name, PstConflict conflict, GError **error)
{
    g_autofree char *folder = pst_style_library_own_folder();
    g_autofree char *id = pst_style_library_identifier(name);
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

char *pst_own_styles_add(const PstStyle *style, GError **error)
{
    g_autoptr(PstStyle) copy = pst_style_copy(style);
    g_autoptr(GPtrArray) library = pst_style_library_read(NULL, NULL);
    g_autofree char *path = NULL, *file = NULL;

    for (guint i = 0; i < library->len; i++) {
        if (alike(((const PstStyleEntry *)library->pdata[i])->style, style))
            return g_strdup(((const PstStyleEntry *)library->pdata[i])->id);
    }
    if (!copy->thumbnail && !(copy->thumbnail = paint_thumbnail(copy, error)))
        return NULL;
    path = pst_own_styles_new_path(copy->name, PST_CONFLICT_UNIQUE, error);
    if (!path || !pst_style_write(copy, path, error))
        return NULL;
    file = g_path_get_basename(path);
    return g_strndup(file, strlen(file) - strlen(PST_STYLE_SUFFIX));
}

static char *own_path(const char *id)
{
    g_autofree char *folder = pst_style_library_own_folder();
    g_autofree char *file = g_strconcat(id, PST_STYLE_SUFFIX, NULL);

    return g_build_filename(folder, file, NULL);
}

gboolean pst_own_styles_replace(const char *id, const PstStyle *style, GError **error)
{
    g_autofree char *path = own_path(id);

    return pst_style_write(style, path, error);
}

gboolean pst_own_styles_remove(const char *id, GError **error)
{
    g_autofree char *path = own_path(id);

    if (g_unlink(path) == 0)
        return TRUE;
    g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(errno),
                _("%s: can't be removed (%s); check the folder"), path, g_strerror(errno));
    return FALSE;
}

static gboolean complete_from(PstLookStyle *style, const char *folder, const char *file)
{
    g_autofree char *path = g_build_filename(folder, file, NULL);
    g_autoptr(PstStyle) trained = g_file_test(path, G_FILE_TEST_IS_REGULAR) ? pst_style_read(path, NULL) : NULL;

    return trained && pst_look_style_complete(style, trained);
}

/* Where it is called as it was. */
static gboolean complete_by_name(PstLookStyle *style, const char *own, const char *folder)
{
    g_autofree char *file = g_strconcat(style->id, PST_STYLE_SUFFIX, NULL);
    g_autofree char *data = pst_data_folder(NULL);
    g_autofree char *built_in = data ? g_build_filename(data, "styles", NULL) : NULL;

    return complete_from(style, own, file) || complete_from(style, folder, style->file ? style->file : file) ||
           (built_in && complete_from(style, built_in, file));
}

/* It may have been renamed since. */
static void complete(PstLookStyle *style, const char *own, const char *folder)
{
    g_autoptr(GPtrArray) library = NULL;

    if (complete_by_name(style, own, folder))
        return;
    library = pst_style_library_read(NULL, NULL);
    for (guint i = 0; i < library->len; i++) {
        if (pst_look_style_complete(style, ((const PstStyleEntry *)library->pdata[i])->style))
            return;
    }
}

gboolean pst_own_styles_complete(PstLook *look, const char *path, GError **error)
{
    g_autofree char *own = pst_style_library_own_folder();
    g_autofree char *folder = g_path_get_dirname(path);

    for (int i = 0; i < look->count; i++) {
        for (int k = 0; k < look->regions[i].count; k++) {
            PstLookStyle *style = &look->regions[i].styles[k];

            if (pst_look_style_is_incomplete(style))
                complete(style, own, folder);
            else if (!style->delta && !style->style->patches)
                complete_by_name(style, own, folder);
        }
    }
    return pst_recipe_is_complete(look, path, error);
}
