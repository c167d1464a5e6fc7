#include "recipe.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

G_DEFINE_QUARK(pst-paint-recipe-error-quark, pst_recipe_error);

void pst_recipe_origin_clear(PstRecipeOrigin *origin)
{
    g_free(origin->program);
    g_free(origin->model);
    g_free(origin->date);
    g_free(origin->unknown);
    *origin = (PstRecipeOrigin){ 0 };
}

void pst_recipe_origin_set_date(PstRecipeOrigin *origin)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();

    g_free(origin->date);
    g_free(origin->unknown);
    origin->date = g_date_time_format(now, "%Y-%m-%dT%H:%M:%SZ");
}

static gboolean check_style(const PstLookStyle *style, const char *name, GError **error)
{
    g_autofree char *display = g_filename_display_name(name);

    if (!pst_look_style_is_incomplete(style))
        return TRUE;
    g_set_error(error, PST_RECIPE_ERROR, PST_RECIPE_ERROR_STYLE,
                _("%s: needs the trained style \"%s\", which is not among your styles"), display, style->style->name);
    return FALSE;
}

gboolean pst_recipe_is_complete(const PstLook *look, const char *name, GError **error)
{
    for (int i = 0; i < look->count; i++) {
        for (int k = 0; k < look->regions[i].count; k++) {
            if (!check_style(&look->regions[i].styles[k], name, error))
                return FALSE;
        }
    }
    return TRUE;
}

/* Identifies the networks: the generator is trained for its encoder. */
static char *hash_model(GError **error)
{
    g_autofree char *folder = pst_data_folder(error), *path = NULL;

    if (!folder)
        return NULL;
    path = g_build_filename(folder, "base.safetensors", NULL);
    return pst_recipe_hash(path, error);
}

gboolean pst_recipe_origin_init(PstRecipeOrigin *origin, const char *program, GError **error)
{
    char *model = hash_model(error);

    *origin = (PstRecipeOrigin){ 0 };
    if (!model)
        return FALSE;
    origin->model = model;
    origin->program = g_strdup(program);
    return TRUE;
}

gboolean pst_recipe_origin_suits(const PstRecipeOrigin *origin)
{
    g_autofree char *here = hash_model(NULL);

    return !origin->model || !here || strcmp(origin->model, here) == 0;
}

char *pst_recipe_hash(const char *path, GError **error)
{
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    guchar block[1 << 16];
    gsize size;
    int failure = 0;
    FILE *file;

    errno = 0;
    file = g_fopen(path, "rb");
    while (file && (size = fread(block, 1, sizeof block, file)) > 0)
        g_checksum_update(checksum, block, (gssize)size);
    if (!file || ferror(file))
        failure = errno ? errno : EIO;
    if (file)
        fclose(file);
    if (!failure)
        return g_strdup(g_checksum_get_string(checksum));
    g_set_error(error, PST_RECIPE_ERROR, PST_RECIPE_ERROR_READ, _("%s: can't be read (%s)"), path, g_strerror(failure));
    return NULL;
}
