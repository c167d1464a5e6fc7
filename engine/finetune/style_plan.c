#include "style_plan.h"

#include "engine/kernel/nearest.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

G_DEFINE_QUARK(pst-style-plan-error-quark, pst_style_plan_error);

const char *const pst_quality_names[] = { "quick", "fine", NULL };

PstStylePlan pst_style_plan(PstQuality quality)
{
    gboolean fine = quality == PST_QUALITY_FINE;

    return (PstStylePlan){
        .tuning = {
            .steps = fine ? 2000 : 600,
            .batch = 2,
            .size = 256,
            .smallest_window = 256,
            .largest_window = 384,
            .rate = 1.6e-3,
            .warm_up = 20,
            .average = fine ? 0.99 : 0.98,
            .loss = PST_FINE_TUNING_LOSSES,
            .places = 1024,
            .vectors = 2048,
            .validations = fine ? 14 : 10,
            .patience = fine ? 12 : 8,
            .content_kept = 0.99,
            .content_limit = 1.2,
            .interpolation = fine ? 0.88 : 0.85,
            .seed = 1,
        },
        .seconds = fine ? 270 : 70,
        .style_side = 512,
        .synthetic = 4,
    };
}

/* A number of a plan. */
typedef struct {
    const char *name;
    gsize offset;
    gboolean whole;
    double low, high;
} Number;

#define WHOLE(name, low, high)                                                                                         \
    {                                                                                                                  \
#name, G_STRUCT_OFFSET(PstStylePlan, name), TRUE, low, high                                                    \
    }
#define OF_TUNING(name) #name, G_STRUCT_OFFSET(PstStylePlan, tuning.name)

static const Number numbers[] = {
    { OF_TUNING(steps), TRUE, 1, 100000 },
    { OF_TUNING(batch), TRUE, 1, 16 },
    { OF_TUNING(size), TRUE, 64, 512 },
    { OF_TUNING(smallest_window), TRUE, 32, 512 },
    { OF_TUNING(largest_window), TRUE, 32, 512 },
    { OF_TUNING(rate), FALSE, 1e-7, 1 },
    { OF_TUNING(warm_up), TRUE, 1, 10000 },
    { OF_TUNING(average), FALSE, 0, 0.9999 },
    { OF_TUNING(places), TRUE, 1, PST_NEAREST_CANDIDATES },
    { OF_TUNING(vectors), TRUE, 1, PST_NEAREST_CANDIDATES },
    { OF_TUNING(validations), TRUE, 1, 1000 },
    { OF_TUNING(patience), TRUE, 1, 1000 },
    { OF_TUNING(content_kept), FALSE, 0.1, 10 },
    { OF_TUNING(content_limit), FALSE, 0.1, 10 },
    { OF_TUNING(interpolation), FALSE, 0.05, 1 },
    { "seconds", G_STRUCT_OFFSET(PstStylePlan, seconds), FALSE, 0, 86400 },
    WHOLE(style_side, 64, 1024),
    WHOLE(synthetic, 0, 64),
    WHOLE(crop, 0, 1),
};

static gboolean set_number(PstStylePlan *plan, const Number *number, double value)
{
    if (!(value >= number->low && value <= number->high) || (number->whole && value != floor(value))) {
        return FALSE;
    }
    if (number->whole) {
        G_STRUCT_MEMBER(int, plan, number->offset) = (int)value;
    } else {
        G_STRUCT_MEMBER(double, plan, number->offset) = value;
    }
    return plan->tuning.size % 16 == 0;
}

static gboolean set_by_name(PstStylePlan *plan, const char *name, double value, gboolean *known)
{
    *known = TRUE;
    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++) {
        if (g_str_equal(numbers[i].name, name)) {
            return set_number(plan, &numbers[i], value);
        }
    }
    for (int i = 0; i < PST_LOSSES; i++) {
        if (g_str_equal(pst_loss_names[i], name)) {
            plan->tuning.loss[i] = value;
            return value >= 0 && value <= 1e6;
        }
    }
    *known = FALSE;
    return FALSE;
}

gboolean pst_style_plan_set(PstStylePlan *plan, const char *setting, GError **error)
{
    const char *equals = strchr(setting, '=');
    g_autofree char *name = g_strndup(setting, equals ? (gsize)(equals - setting) : strlen(setting));
    char *end = NULL;
    double value = equals ? g_ascii_strtod(equals + 1, &end) : 0;
    gboolean number = equals && end != equals + 1 && *end == '\0', known;

    if (number && set_by_name(plan, name, value, &known)) {
        return TRUE;
    }
    if (!number || known) {
        g_set_error(error, PST_STYLE_PLAN_ERROR, PST_STYLE_PLAN_ERROR_VALUE,
                    _("%s: has to be NAME=NUMBER with a number that makes sense for it"), setting);
    } else {
        g_set_error(error, PST_STYLE_PLAN_ERROR, PST_STYLE_PLAN_ERROR_KEY, _("%s: a training has no such number"),
                    name);
    }
    return FALSE;
}

json_t *pst_style_plan_json(const PstStylePlan *plan)
{
    json_t *json = json_object();

    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++) {
        const Number *n = &numbers[i];

        if (g_str_equal(n->name, "steps") || g_str_equal(n->name, "seconds")) {
            continue;
        }
        json_object_set_new(json, n->name,
                            n->whole ? json_integer(G_STRUCT_MEMBER(int, plan, n->offset))
                                     : json_real(G_STRUCT_MEMBER(double, plan, n->offset)));
    }
    for (int i = 0; i < PST_LOSSES; i++) {
        json_object_set_new(json, pst_loss_names[i], json_real(plan->tuning.loss[i]));
    }
    json_object_set_new(json, "seed", json_integer(plan->tuning.seed));
    return json;
}
