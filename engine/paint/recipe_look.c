#include "recipe_look.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The name of a file without its suffix. */
static char *stem(const char *file)
{
    const char *dot = strrchr(file, '.');

    return dot && dot != file ? g_strndup(file, (gsize)(dot - file)) : g_strdup(file);
}

static void add_style(PstRecipe *recipe, const PstLookStyle *style, int region)
{
    g_autofree char *file = NULL, *id = NULL, *hash = NULL;

    if (strchr(style->id, G_DIR_SEPARATOR)) {
        file = g_filename_display_basename(style->id);
        id = stem(file);
        if (g_file_test(style->id, G_FILE_TEST_IS_REGULAR))
            hash = pst_recipe_hash(style->id, NULL);
    }
    pst_recipe_add_style(recipe, id ? id : style->id, file, hash, style->weight, style->style)->region = region;
}

PstRecipe *pst_recipe_from_look(const PstLook *look)
{
    PstRecipe *recipe = pst_recipe_new();

    recipe->strength = look->strength;
    recipe->detail = look->detail;
    recipe->stroke = look->stroke;
    recipe->keep_colours = look->keep_colours;
    for (int i = 0; i < look->count; i++) {
        const PstLookRegion *region = &look->regions[i];

        for (int k = 0; k < region->count; k++)
            add_style(recipe, &region->styles[k], (int)recipe->masks->len);
        if (region->count > 0)
            g_ptr_array_add(recipe->masks, region->mask ? pst_mask_to_text(region->mask) : g_strdup(""));
    }
    if (recipe->masks->len == 1 && *(const char *)recipe->masks->pdata[0] == '\0')
        g_ptr_array_set_size(recipe->masks, 0);
    return recipe;
}

static gboolean refuse_look(GError **error, const char *name, const char *reason)
{
    g_set_error(error, PST_RECIPE_ERROR, PST_RECIPE_ERROR_VALUE, "%s: %s", name, reason);
    return FALSE;
}

static gboolean add_regions(PstLook *look, const PstRecipe *recipe, const char *name, GError **error)
{
    if (recipe->masks->len > PST_REGIONS)
        return refuse_look(error, name, _("has more regions than can be painted; take some out"));
    for (guint i = 0; i < recipe->masks->len; i++) {
        const char *text = recipe->masks->pdata[i];
        PstMask *mask = *text ? pst_mask_from_text(text) : NULL;

        if (*text && !mask)
            return refuse_look(error, name, _("has a mask that is none; draw it anew"));
        if (i > 0)
            pst_look_add_region(look);
        g_clear_pointer(&look->regions[i].mask, pst_mask_unref);
        look->regions[i].mask = mask;
    }
    return TRUE;
}

PstLook *pst_recipe_to_look(const PstRecipe *recipe, const char *name, GError **error)
{
    g_autoptr(PstLook) look = pst_look_new();

    look->strength = recipe->strength;
    look->detail = recipe->detail;
    look->stroke = MIN(recipe->stroke, PST_STROKE_MOST);
    look->keep_colours = recipe->keep_colours;
    if (!pst_recipe_is_complete(recipe, name, error) || !add_regions(look, recipe, name, error))
        return NULL;
    for (guint i = 0; i < recipe->styles->len; i++) {
        const PstRecipeStyle *style = recipe->styles->pdata[i];

        if (!pst_look_region_add(&look->regions[style->region], style->id, style->style, style->weight)) {
            refuse_look(error, name, _("mixes more styles than can be mixed in a region; take some out"));
            return NULL;
        }
    }
    return g_steal_pointer(&look);
}
