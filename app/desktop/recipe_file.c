#include "recipe_file.h"

#include <string.h>

#include "app/common/own_styles.h"
#include "engine/paint/recipe_look.h"
#include "engine/picture/output.h"

/* `path` is where trained styles may lie beside, `name` what messages call it. */
static PstLook *make_look(PstRecipe *recipe, const char *path, const char *name, GError **error)
{
    return pst_own_styles_complete(recipe, path, error) ? pst_recipe_to_look(recipe, name, error) : NULL;
}

PstLook *pst_recipe_file_read(const char *path, GError **error)
{
    g_autoptr(PstRecipe) recipe = pst_recipe_read(path, error);

    return recipe ? make_look(recipe, path, path, error) : NULL;
}

PstLook *pst_recipe_file_read_photo(const PstPhoto *photo, GError **error)
{
    const char *text = photo->full->info.recipe;
    g_autoptr(PstRecipe) recipe = text ? pst_recipe_parse(text, strlen(text), photo->name, error) : NULL;

    return recipe ? make_look(recipe, photo->path ? photo->path : photo->name, photo->name, error) : NULL;
}

gboolean pst_recipe_file_write(const PstLook *look, const char *path, GError **error)
{
    g_autoptr(PstRecipe) recipe = pst_recipe_from_look(look);
    g_autoptr(PstOutput) output = NULL;
    g_autofree char *text = NULL, *written = NULL;

    pst_recipe_set_date(recipe);
    if (!pst_recipe_set_origin(recipe, "pastiche " PASTICHE_VERSION, error) ||
        !(text = pst_recipe_to_text(recipe, error)) ||
        !(output = pst_output_open(path, PST_CONFLICT_OVERWRITE, error)) ||
        !pst_output_write(output, text, strlen(text), error)) {
        return FALSE;
    }
    written = pst_output_commit(output, error);
    return written != NULL;
}
