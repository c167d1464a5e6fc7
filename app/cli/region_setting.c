#include "region_setting.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "options.h"

static const struct {
    const char *name;
    PstLookSetting number;
    PstRegionOwn own;
} numbers[] = { { "strength", PST_LOOK_STRENGTH, PST_REGION_STRENGTH },
                { "detail", PST_LOOK_DETAIL, PST_REGION_DETAIL },
                { "likeness", PST_LOOK_LIKENESS, PST_REGION_LIKENESS } };

static gboolean fail(const char *text, const char *reason, GError **error)
{
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--region %s: %s", text, reason);
    return FALSE;
}

/* One value stands for whichever number it is. */
static gboolean set_value(PstLookRegion *region, const char *text, const char *setting, const char *value,
                          GError **error)
{
    g_autofree char *option = g_strdup_printf("--region %s", text);
    static const char *const answers[] = { "no", "yes", NULL };
    double number = 0;
    int answer = 0;

    for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
        const PstLookNumber *range = &pst_look_numbers[numbers[i].number];

        if (strcmp(setting, numbers[i].name) == 0) {
            if (!pst_option_real(option, value, range->least, range->most, &number, error))
                return FALSE;
            pst_look_region_set(region, numbers[i].own, &(PstPaintManner){ number, number, number, FALSE });
            return TRUE;
        }
    }
    if (strcmp(setting, "keep-colors") != 0 && strcmp(setting, "keep-colours") != 0)
        return fail(text, _("a region has strength, detail, likeness and keep-colors"), error);
    if (!pst_option_choice(option, value, answers, &answer, error))
        return FALSE;
    pst_look_region_set(region, PST_REGION_COLOURS, &(PstPaintManner){ .keep_colours = answer });
    return TRUE;
}

static gboolean apply(const char *text, PstLook *look, GError **error)
{
    g_auto(GStrv) parts = g_strsplit_set(text, ":=", 3);
    guint64 number;

    if (g_strv_length(parts) != 3)
        return fail(text, _("it is NUMBER:SETTING=VALUE, as in 2:strength=0.4"), error);
    if (look->count == 1 || !g_ascii_string_to_unsigned(parts[0], 10, 1, (guint64)look->count, &number, NULL)) {
        g_autofree char *reason = g_strdup_printf(
            g_dngettext(GETTEXT_PACKAGE, "the recipe has %d region", "the recipe has %d regions", look->count),
            look->count);

        return fail(text, reason, error);
    }
    return set_value(&look->regions[number - 1], text, parts[1], parts[2], error);
}

gboolean pst_region_setting_apply(const char *text, PstLook *look, GError **error)
{
    GError *reason = NULL;

    if (apply(text, look, &reason))
        return TRUE;
    g_set_error(error, reason->domain, reason->code, _("%s; \"pastiche info\" tells of the recipe's regions"),
                reason->message);
    g_error_free(reason);
    return FALSE;
}
