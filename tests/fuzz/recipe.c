/* Reading recipes, and writing what was read. */
#include "fuzz.h"

#include "engine/paint/recipe.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_auto(PstRecipeOrigin) origin = { 0 };
    PstLook *look = pst_recipe_parse((const char *)data, size, "fuzz", &origin, NULL);
    if (look) {
        g_autofree char *text = pst_recipe_write(look, NULL, NULL);
        pst_look_unref(look);
    }
    return 0;
}
