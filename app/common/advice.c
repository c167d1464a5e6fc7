#include "advice.h"

#include "engine/finetune/style_checkpoint.h"
#include "engine/paint/recipe.h"
#include "engine/style/style.h"

#include <glib/gi18n-lib.h>

static const char *const tensors[] = {
    [PST_TENSORS_ERROR_READ] = N_("check that it is there and that you may read it"),
    [PST_TENSORS_ERROR_LIMIT] = N_("use a smaller file"),
    [PST_TENSORS_ERROR_DAMAGED] = N_("get or export the file again"),
    [PST_TENSORS_ERROR_MISMATCH] = N_("use a file made for this version of Pastiche"),
    [PST_TENSORS_ERROR_VALUE] = N_("correct it and save again"),
    [PST_TENSORS_ERROR_WRITE] = N_("check the free space and your rights in that folder"),
};

static const char *const model[] = {
    [PST_MODEL_ERROR_FILE] = N_("reinstall the program"),
    [PST_MODEL_ERROR_MISSING] = N_("reinstall the program, or set PASTICHE_DATA to its data folder"),
};

static const char *const style[] = {
    [PST_STYLE_ERROR_FORMAT] = N_("make one from pictures"),
    [PST_STYLE_ERROR_VALUE] = N_("make the style again"),
};

static const char *const recipe[] = {
    [PST_RECIPE_ERROR_READ] = N_("check the name"),
    [PST_RECIPE_ERROR_FILE] = N_("save the recipe anew"),
    [PST_RECIPE_ERROR_VERSION] = N_("update the program"),
    [PST_RECIPE_ERROR_VALUE] = N_("correct it, or save the recipe anew"),
    [PST_RECIPE_ERROR_STYLE] = N_("import its style file"),
};

static const char *const example[] = {
    [PST_EXAMPLE_ERROR_SMALL] = N_("give a larger picture"),
    [PST_EXAMPLE_ERROR_FEW] = N_("give a folder of JPEG or PNG pictures"),
    [PST_EXAMPLE_ERROR_MANY] = N_("leave some out"),
};

static const char *const checkpoint[] = {
    [PST_STYLE_CHECKPOINT_ERROR_MISSING] = N_("begin a new training"),
    [PST_STYLE_CHECKPOINT_ERROR_OTHER] = N_("begin a new training"),
};

const char *pst_advice(const GError *error)
{
    const struct {
        GQuark domain;
        const char *const *texts; /* by code */
        int count;
    } all[] = {
        { PST_TENSORS_ERROR, tensors, G_N_ELEMENTS(tensors) },
        { PST_MODEL_ERROR, model, G_N_ELEMENTS(model) },
        { PST_STYLE_ERROR, style, G_N_ELEMENTS(style) },
        { PST_RECIPE_ERROR, recipe, G_N_ELEMENTS(recipe) },
        { PST_EXAMPLE_ERROR, example, G_N_ELEMENTS(example) },
        { PST_STYLE_CHECKPOINT_ERROR, checkpoint, G_N_ELEMENTS(checkpoint) },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(all); i++) {
        if (error->domain == all[i].domain && error->code < all[i].count)
            return _(all[i].texts[error->code]);
    }
    return NULL;
}

char *pst_error_text(const GError *error)
{
    const char *advice = pst_advice(error);

    return advice ? g_strdup_printf("%s; %s", error->message, advice) : g_strdup(error->message);
}
