#include "recipe.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

G_DEFINE_QUARK(pst-paint-recipe-error-quark, pst_recipe_error);

static void free_style(gpointer data)
{
    PstRecipeStyle *style = data;

    g_free(style->id);
    g_free(style->file);
    g_free(style->hash);
    g_free(style->change);
    pst_style_free(style->style);
    g_free(style);
}

PstRecipe *pst_recipe_new(void)
{
    PstRecipe *recipe = g_new0(PstRecipe, 1);

    recipe->styles = g_ptr_array_new_with_free_func(free_style);
    recipe->masks = g_ptr_array_new_with_free_func(g_free);
    recipe->strength = recipe->detail = recipe->stroke = 1;
    recipe->style_side = PST_STYLE_SIDE;
    return recipe;
}

void pst_recipe_free(PstRecipe *recipe)
{
    if (!recipe)
        return;
    g_free(recipe->program);
    g_free(recipe->model);
    g_free(recipe->date);
    g_ptr_array_unref(recipe->styles);
    g_ptr_array_unref(recipe->masks);
    g_free(recipe);
}

/* Valid and at most PST_STYLE_TEXT bytes long, cut at a character. */
static char *bounded(const char *text)
{
    char *copy = text ? g_utf8_make_valid(text, -1) : NULL;

    if (copy && strlen(copy) > PST_STYLE_TEXT) {
        gsize end = PST_STYLE_TEXT;

        while (end > 0 && ((guchar)copy[end] & 0xc0) == 0x80)
            end--;
        copy[end] = '\0';
    }
    return copy;
}

/* Identifiers become parts of file names. */
static char *plain(const char *text)
{
    char *copy = bounded(text);

    for (char *p = copy; p && *p; p++) {
        if (*p == '/' || g_ascii_iscntrl(*p))
            *p = '-';
    }
    return copy;
}

static void replace(char **text, char *(*by)(const char *))
{
    char *old = *text;

    *text = by(old);
    g_free(old);
}

PstRecipeStyle *pst_recipe_add_style(PstRecipe *recipe, const char *id, const char *file,
                                           const char *hash, double weight, const PstStyle *style)
{
    PstRecipeStyle *added = g_new0(PstRecipeStyle, 1);

    added->id = plain(id);
    added->file = plain(file);
    added->hash = g_strdup(hash);
    added->weight = weight;
    added->style = pst_style_copy(style);
    added->change = style->change ? g_strdup(pst_weight_delta_hash(style->change)) : NULL;
    g_clear_pointer(&added->style->thumbnail, g_bytes_unref);
    replace(&added->style->name, bounded);
    replace(&added->style->artist, bounded);
    replace(&added->style->year, bounded);
    replace(&added->style->movement, bounded);
    replace(&added->style->licence, bounded);
    g_ptr_array_add(recipe->styles, added);
    return added;
}

gboolean pst_recipe_style_is_incomplete(const PstRecipeStyle *style)
{
    return style->change && !style->style->change;
}

gboolean pst_recipe_style_complete(PstRecipeStyle *style, const PstStyle *trained)
{
    if (pst_recipe_style_is_incomplete(style) && trained->change &&
        strcmp(style->change, pst_weight_delta_hash(trained->change)) == 0)
        style->style->change = pst_weight_delta_ref(trained->change);
    return !pst_recipe_style_is_incomplete(style);
}

gboolean pst_recipe_is_complete(const PstRecipe *recipe, const char *name, GError **error)
{
    for (guint i = 0; i < recipe->styles->len; i++) {
        const PstRecipeStyle *style = recipe->styles->pdata[i];

        if (pst_recipe_style_is_incomplete(style)) {
            g_autofree char *display = g_filename_display_name(name);

            g_set_error(error, PST_RECIPE_ERROR, PST_RECIPE_ERROR_STYLE,
                        _("%s: needs the trained style \"%s\", which is not among your styles; import its style file"),
                        display, style->style->name);
            return FALSE;
        }
    }
    return TRUE;
}

void pst_recipe_set_date(PstRecipe *recipe)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();

    g_free(recipe->date);
    recipe->date = g_date_time_format(now, "%Y-%m-%dT%H:%M:%SZ");
}

/* What tells one set of networks from another: the generator is trained for its encoder. */
static char *hash_model(GError **error)
{
    g_autofree char *folder = pst_data_folder(error), *path = NULL;

    if (!folder)
        return NULL;
    path = g_build_filename(folder, "base.safetensors", NULL);
    return pst_recipe_hash(path, error);
}

gboolean pst_recipe_set_origin(PstRecipe *recipe, const char *program, GError **error)
{
    char *model = hash_model(error);

    if (!model)
        return FALSE;
    g_free(recipe->model);
    recipe->model = model;
    g_free(recipe->program);
    recipe->program = g_strdup(program);
    return TRUE;
}

gboolean pst_recipe_suits(const PstRecipe *recipe)
{
    g_autofree char *here = hash_model(NULL);

    return !recipe->model || !here || strcmp(recipe->model, here) == 0;
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
    g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(failure),
                _("%s: can't be read (%s); check the disk or connection"), path, g_strerror(failure));
    return NULL;
}
