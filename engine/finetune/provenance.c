#include "provenance.h"

#include <jansson.h>
#include <math.h>

#define SPANS 200

char *pst_provenance_dumped(json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_REAL_PRECISION(6)), *copy = g_strdup(text);

    free(text);
    json_decref(value);
    return copy;
}

char *pst_provenance_sources(const PstStyleImages *images)
{
    json_t *list = json_array();

    for (int i = 0; i < images->count; i++) {
        const PstStyleImage *e = &images->items[i];

        json_array_append_new(list, json_pack("{s:s, s:s, s:i, s:i}", "file", e->file, "sha256", e->sha256, "width",
                                              e->width, "height", e->height));
    }
    return pst_provenance_dumped(list);
}

char *pst_provenance_recipe(const PstStylePlan *plan, const char *networks, int steps)
{
    json_t *recipe = pst_style_plan_json(plan);

    json_object_set_new(recipe, "networks", json_string(networks));
    json_object_set_new(recipe, "steps", json_integer(steps));
    return pst_provenance_dumped(recipe);
}

char *pst_provenance_curve(const PstFineTuning *tuning)
{
    static const char *const names[] = { "style", "content" };
    json_t *curve = json_object(), *steps = json_array(), *rows[2], *validations = json_array();
    int n = (int)tuning->curve->len, span = MAX(1, (n + SPANS - 1) / SPANS);

    for (int k = 0; k < 2; k++) {
        rows[k] = json_array();
    }
    for (int first = 0; first < n; first += span) {
        double sums[2] = { 0 };
        int count = MIN(span, n - first);

        for (int i = first; i < first + count; i++) {
            const PstFineTuningLoss *l = &g_array_index(tuning->curve, PstFineTuningLoss, i);
            const float values[] = { l->style, l->content };

            for (int k = 0; k < 2; k++) {
                sums[k] += values[k] / (double)count;
            }
        }
        json_array_append_new(steps, json_integer(first + count));
        for (int k = 0; k < 2; k++) {
            json_array_append_new(rows[k], json_real(isfinite(sums[k]) ? sums[k] : -1));
        }
    }
    for (guint i = 0; i < tuning->validations->len; i++) {
        const PstValidation *validation = &g_array_index(tuning->validations, PstValidation, i);

        json_array_append_new(validations,
                              json_pack("[i, f, f]", validation->step, validation->style, validation->content));
    }
    json_object_set_new(curve, "step", steps);
    for (int k = 0; k < 2; k++) {
        json_object_set_new(curve, names[k], rows[k]);
    }
    json_object_set_new(curve, "trials", validations);
    return pst_provenance_dumped(curve);
}

char *pst_provenance_checksum(const char *const *paths, GError **error)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);

    for (int i = 0; paths[i]; i++) {
        g_autoptr(GMappedFile) file = g_mapped_file_new(paths[i], FALSE, error);

        if (!file) {
            return NULL;
        }
        g_checksum_update(sum, (const guchar *)g_mapped_file_get_contents(file),
                          (gssize)g_mapped_file_get_length(file));
    }
    return g_strdup(g_checksum_get_string(sum));
}
