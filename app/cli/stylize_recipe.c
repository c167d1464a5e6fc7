#include "stylize_recipe.h"

#include "app/common/file_kind.h"
#include "style_argument.h"

#include "engine/picture/output.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static void add_style(PstRecipe *recipe, const PstStyleArgument *style)
{
    g_autofree char *hash = g_strdup(style->hash);

    /* A pipe can't be read twice. */
    if (style->file && !hash && g_file_test(style->path, G_FILE_TEST_IS_REGULAR))
        hash = pst_recipe_hash(style->path, NULL);
    pst_recipe_add_style(recipe, style->label, style->file, hash, style->weight, style->style);
}

PstRecipe *pst_stylize_recipe_new(const GPtrArray *styles, GError **error)
{
    PstRecipe *recipe;

    if (styles->len > PST_RECIPE_STYLES) {
        g_set_error(error, PST_RECIPE_ERROR, PST_RECIPE_ERROR_VALUE,
                    _("%u styles are more than can be mixed; choose up to %d"), styles->len, PST_RECIPE_STYLES);
        return NULL;
    }
    recipe = pst_recipe_new();
    for (guint i = 0; i < styles->len; i++)
        add_style(recipe, styles->pdata[i]);
    return recipe;
}

gboolean pst_stylize_recipe_settle(PstRecipe *recipe, const PstStylizeRequest *request, GError **error)
{
    recipe->strength = request->paint.strength;
    recipe->detail = request->paint.detail;
    recipe->keep_colours = request->paint.keep_colours;
    recipe->style_side = request->style_side;
    recipe->size = request->size;
    g_clear_pointer(&recipe->date, g_free);
    return pst_recipe_set_origin(recipe, "pastiche " PASTICHE_VERSION, error);
}

gboolean pst_stylize_recipe_is_plain(const PstRecipe *recipe)
{
    return recipe->stroke == 1 && (recipe->masks->len == 0 ||
                                   (recipe->masks->len == 1 && *(const char *)recipe->masks->pdata[0] == '\0'));
}

PstRecipe *pst_stylize_recipe_read(const char *path, GError **error)
{
    g_auto(PstPictureInfo) info = { 0 };

    if (pst_file_kind(path) != PST_FILE_PICTURE)
        return pst_recipe_read(path, error);
    if (!pst_picture_probe(path, &info, error))
        return NULL;
    if (info.recipe)
        return pst_recipe_parse(info.recipe, strlen(info.recipe), path, error);
    g_set_error(error, PST_RECIPE_ERROR, PST_RECIPE_ERROR_FILE,
                _("%s: holds no recipe; give a picture painted by this program, or a recipe"), path);
    return NULL;
}

char *pst_stylize_recipe_save(PstRecipe *recipe, const char *path, PstConflict conflict, GError **error)
{
    g_autoptr(PstOutput) output = NULL;
    g_autofree char *text = NULL;

    pst_recipe_set_date(recipe);
    text = pst_recipe_to_text(recipe, error);
    g_clear_pointer(&recipe->date, g_free);
    if (!text)
        return NULL;
    output = pst_output_open(path, conflict, error);
    if (!output || !pst_output_write(output, text, strlen(text), error))
        return NULL;
    return pst_output_commit(output, error);
}

void pst_stylize_recipe_warn(const PstRecipe *recipe, const char *path, PstReport *report)
{
    g_autofree char *message = NULL;

    if (pst_recipe_suits(recipe))
        return;
    message = g_strdup_printf(_("%s: was made with other networks (%s); the result may differ"), path,
                              recipe->program ? recipe->program : _("another version"));
    pst_report_warning(report, message);
}
