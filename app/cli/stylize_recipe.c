#include "stylize_recipe.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "app/common/file_kind.h"
#include "engine/picture/output.h"

gboolean pst_stylize_recipe_origin(PstRecipeOrigin *origin, GError **error)
{
    return pst_recipe_origin_init(origin, "pastiche " PASTICHE_VERSION, error);
}

static void warn(const PstRecipeOrigin *origin, const char *path, PstReport *report)
{
    g_autofree char *message = NULL, *unknown = NULL;

    if (origin->unknown) {
        unknown = g_strdup_printf(_("%s: \"%s\" is not known in a recipe and was passed over"), path, origin->unknown);
        pst_report_warning(report, unknown);
    }
    if (pst_recipe_origin_suits(origin))
        return;
    message = g_strdup_printf(_("%s: was made with other networks (%s); the result may differ"), path,
                              origin->program ? origin->program : _("another version"));
    pst_report_warning(report, message);
}

static PstLook *read_from(const char *path, PstRecipeOrigin *origin, GError **error)
{
    g_auto(PstPictureInfo) info = { 0 };

    if (pst_file_kind(path) != PST_FILE_PICTURE)
        return pst_recipe_read(path, origin, error);
    if (!pst_picture_probe(path, &info, error))
        return NULL;
    if (info.recipe)
        return pst_recipe_parse(info.recipe, strlen(info.recipe), path, origin, error);
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                _("%s: holds no recipe; give a picture painted by this program, or a recipe"), path);
    return NULL;
}

PstLook *pst_stylize_recipe_read(const char *path, PstReport *report, GError **error)
{
    g_auto(PstRecipeOrigin) origin = { 0 };
    PstLook *look = read_from(path, &origin, error);

    if (look)
        warn(&origin, path, report);
    return look;
}

char *pst_stylize_recipe_save(const PstLook *look, PstRecipeOrigin *origin, const char *path, PstConflict conflict,
                              GError **error)
{
    g_autoptr(PstOutput) output = NULL;
    g_autofree char *text = NULL;

    pst_recipe_origin_set_date(origin);
    text = pst_recipe_write(look, origin, error);
    if (!text)
        return NULL;
    output = pst_output_open(path, conflict, error);
    if (!output || !pst_output_write(output, text, strlen(text), error))
        return NULL;
    return pst_output_commit(output, error);
}

char *pst_stylize_mark(const PstLook *look)
{
    GString *text = g_string_new("Painted by Pastiche " PASTICHE_VERSION " in the style of ");

    for (int i = 0; i < look->count; i++) {
        for (int k = 0; k < look->regions[i].count; k++) {
            const PstLookStyle *named = &look->regions[i].styles[k];
            const PstStyle *style = named->style;

            g_string_append_printf(text, "%s%s", i + k ? ", " : "", style->name ? style->name : named->id);
            if (style->licence)
                g_string_append_printf(text, " (%s)", style->licence);
        }
    }
    g_string_append(text, ". A trained model made it: " PST_SOURCE_TRAINED);
    return g_string_free(text, FALSE);
}
