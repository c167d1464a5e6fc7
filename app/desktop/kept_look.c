#include "kept_look.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "app/common/own_styles.h"
#include "engine/paint/recipe.h"

#define MOST (64 << 20) /* bytes of a file */

GKeyFile *pst_kept_file_load(const char *path)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    GStatBuf status;

    if (g_stat(path, &status) != 0 || status.st_size > MOST ||
        !g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, NULL)) {
        return NULL;
    }
    return g_steal_pointer(&file);
}

/* Recipes have short names; with the full ones the styles are those of the list again. */
void pst_kept_look_set(GKeyFile *file, const char *group, const PstLook *look)
{
    g_autofree char *recipe = pst_recipe_write_draft(look, NULL);
    g_autoptr(GPtrArray) ids = g_ptr_array_new();

    for (int i = 0; i < look->count; i++) {
        for (int k = 0; k < look->regions[i].count; k++) {
            g_ptr_array_add(ids, look->regions[i].styles[k].id);
        }
    }
    g_key_file_set_string(file, group, "recipe", recipe ? recipe : "");
    g_key_file_set_string_list(file, group, "ids", (const char *const *)ids->pdata, ids->len);
}

/* Gives styles their full names, and leaves out those whose training is gone; the first of these is named in
 * `missing`. */
void pst_kept_look_settle(PstLook *look, GKeyFile *file, const char *group, GError **missing)
{
    g_auto(GStrv) ids = g_key_file_get_string_list(file, group, "ids", NULL, NULL);
    guint known = ids ? g_strv_length(ids) : 0, next = 0;

    pst_own_styles_complete(look, _("Session"), missing);
    for (int i = 0; i < look->count; i++) {
        PstLookRegion *region = &look->regions[i];

        for (int k = 0; k < region->count; next++) {
            PstLookStyle *style = &region->styles[k];

            if (next < known) {
                g_free(style->id);
                style->id = g_strdup(ids[next]);
            }
            if (pst_look_style_is_incomplete(style)) {
                pst_look_region_remove(region, k);
            } else {
                k++;
            }
        }
    }
}

PstLook *pst_kept_look_get(GKeyFile *file, const char *group, GError **missing)
{
    g_autofree char *text = g_key_file_get_string(file, group, "recipe", NULL);
    PstLook *look = text ? pst_recipe_parse_draft(text, strlen(text), "session", NULL) : NULL;

    if (look) {
        pst_kept_look_settle(look, file, group, missing);
    }
    return look;
}
