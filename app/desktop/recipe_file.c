#include "recipe_file.h"

#include <string.h>

#include "app/common/own_styles.h"
#include "document.h"
#include "engine/paint/recipe.h"
#include "engine/picture/output.h"

/* Takes the look over; `path` is where trained styles may lie beside. */
static PstLook *complete(PstLook *read, const char *path, GError **error)
{
    g_autoptr(PstLook) look = read;

    return look && pst_own_styles_complete(look, path, error) ? g_steal_pointer(&look) : NULL;
}

PstLook *pst_recipe_file_read(const char *path, GError **error)
{
    return complete(pst_recipe_read(path, NULL, error), path, error);
}

PstLook *pst_recipe_file_read_photo(const PstPhoto *photo, GError **error)
{
    const char *text = photo->full->info.recipe;

    return text ? complete(pst_recipe_parse(text, strlen(text), photo->name, NULL, error),
                           photo->path ? photo->path : photo->name, error)
                : NULL;
}

gboolean pst_recipe_file_write(const PstLook *look, const char *path, GError **error)
{
    g_auto(PstRecipeOrigin) origin = { 0 };
    g_autoptr(PstOutput) output = NULL;
    g_autoptr(PstInputs) inputs = pst_inputs_new();
    g_autofree char *text = NULL, *written = NULL;

    pst_document_add_inputs(inputs);
    if (!pst_inputs_spare(inputs, path, error) ||
        !pst_recipe_origin_init(&origin, "pastiche " PASTICHE_VERSION, error)) {
        return FALSE;
    }
    pst_recipe_origin_set_date(&origin);
    if (!(text = pst_recipe_write(look, &origin, error)) ||
        !(output = pst_output_open(path, PST_CONFLICT_OVERWRITE, error)) ||
        !pst_output_write(output, text, strlen(text), error)) {
        return FALSE;
    }
    written = pst_output_commit(output, error);
    return written != NULL;
}
