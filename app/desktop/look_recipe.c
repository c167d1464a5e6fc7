#include "look_recipe.h"

PstRecipe *pst_look_to_recipe(const PstLook *look, int index)
{
    const PstLookRegion *region = &look->regions[index];
    PstRecipe *recipe;

    if (region->count == 0) {
        return NULL;
    }
    recipe = pst_recipe_new();
    recipe->program = g_strdup("pastiche");
    recipe->strength = look->strength;
    recipe->detail = look->detail;
    recipe->keep_colours = look->keep_colours;
    for (int i = 0; i < region->count; i++) {
        const PstLookStyle *style = &region->styles[i];
        g_autofree char *base = g_path_is_absolute(style->id) ? g_path_get_basename(style->id) : NULL;

        pst_recipe_add_style(recipe, base ? base : style->id, base, NULL, style->weight, style->style);
    }
    return recipe;
}

void pst_look_take_recipe(PstLook *look, int index, const PstRecipe *recipe, const char *const *ids)
{
    guint known = ids ? g_strv_length((char **)ids) : 0;

    look->strength = recipe->strength;
    look->detail = recipe->detail;
    look->keep_colours = recipe->keep_colours;
    for (guint i = 0; i < recipe->styles->len; i++) {
        const PstRecipeStyle *style = recipe->styles->pdata[i];

        if (!pst_recipe_style_is_incomplete(style)) {
            pst_look_region_add(&look->regions[index], i < known ? ids[i] : style->id, style->style, style->weight);
        }
    }
}
