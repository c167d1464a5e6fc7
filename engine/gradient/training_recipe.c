#include "training_recipe.h"

#include "engine/kernel/nearest.h"

#include <jansson.h>
#include <math.h>
#include <stddef.h>

G_DEFINE_QUARK(pst-training-recipe-error-quark, pst_training_recipe_error);

const char *const pst_loss_names[PST_LOSSES + 1] = {
    "style", "content", "neighbours", "coverage",        "structure4", "structure3", "structure2",
    "light", "calm",    "grid",       "identity_pixels", "range",      NULL,
};

typedef enum { INT, SEED, REAL } Kind;

typedef struct {
    const char *key;
    Kind kind;
    gsize offset;
    double least, most;
} Field;

#define FIELD(name, kind, least, most)                                                                                 \
    {                                                                                                                  \
#name, kind, offsetof(PstTrainingRecipe, name), least, most                                                    \
    }

static const Field fields[] = {
    FIELD(steps, INT, 1, 100000000),
    FIELD(batch, INT, 1, 1024),
    FIELD(size, INT, 32, 1024),
    FIELD(smallest_window, INT, 16, 16384),
    FIELD(largest_window, INT, 16, 16384),
    FIELD(painting_size, INT, 0, 1024),
    FIELD(smallest_painting_window, INT, 16, 16384),
    FIELD(largest_painting_window, INT, 16, 16384),
    FIELD(places, INT, 1, PST_NEAREST_CANDIDATES),
    FIELD(vectors, INT, 1, PST_NEAREST_CANDIDATES),
    FIELD(swap, REAL, 0, 1),
    FIELD(identity, INT, 0, 1024),
    FIELD(full_detail, INT, 0, 1024),
    FIELD(rate, REAL, 0, 1),
    FIELD(final_rate, REAL, 0, 1),
    FIELD(warm_up, INT, 1, 100000000),
    FIELD(beta1, REAL, 0, 0.999999),
    FIELD(beta2, REAL, 0, 0.999999),
    FIELD(average, REAL, 0, 0.999999),
    FIELD(seed, SEED, 0, 9007199254740992.0),
};

static gboolean set_field(PstTrainingRecipe *recipe, const Field *field, const json_t *value, const char *path,
                          GError **error)
{
    gboolean whole = field->kind != REAL;
    double number = json_number_value(value);

    if (!(whole ? json_is_integer(value) : json_is_number(value))) {
        g_set_error(error, PST_TRAINING_RECIPE_ERROR, PST_TRAINING_RECIPE_ERROR_VALUE, "%s: \"%s\" is not %s", path,
                    field->key, whole ? "a whole number" : "a number");
        return FALSE;
    }
    if (!(number >= field->least && number <= field->most)) {
        g_set_error(error, PST_TRAINING_RECIPE_ERROR, PST_TRAINING_RECIPE_ERROR_VALUE,
                    "%s: \"%s\" is not within %.10g .. %.10g", path, field->key, field->least, field->most);
        return FALSE;
    }
    if (field->kind == INT) {
        G_STRUCT_MEMBER(int, recipe, field->offset) = (int)number;
    } else if (field->kind == SEED) {
        G_STRUCT_MEMBER(gint64, recipe, field->offset) = json_integer_value(value);
    } else {
        G_STRUCT_MEMBER(double, recipe, field->offset) = number;
    }
    return TRUE;
}

/* What one number alone cannot say. */
static gboolean check(const PstTrainingRecipe *r, const char *path, GError **error)
{
    const char *reason = r->size % 16            ? "\"size\" is not a multiple of 16"
                         : r->painting_size % 16 ? "\"painting_size\" is not a multiple of 16"
                         : r->smallest_painting_window > r->largest_painting_window
                             ? "\"smallest_painting_window\" is above \"largest_painting_window\""
                         : !r->painting_size && (r->loss[PST_LOSS_NEIGHBOURS] > 0 || r->loss[PST_LOSS_COVERAGE] > 0)
                             ? "\"neighbours\" and \"coverage\" need a \"painting_size\""
                         : r->smallest_window > r->largest_window ? "\"smallest_window\" is above \"largest_window\""
                         : r->identity > r->batch                 ? "\"identity\" is above \"batch\""
                         : r->full_detail > r->batch              ? "\"full_detail\" is above \"batch\""
                                                                  : NULL;

    if (reason) {
        g_set_error(error, PST_TRAINING_RECIPE_ERROR, PST_TRAINING_RECIPE_ERROR_VALUE, "%s: %s", path, reason);
    }
    return !reason;
}

/* Of the meaning, not of the spelling: a reformatted recipe is the same recipe. */
static void hash(PstTrainingRecipe *recipe, const json_t *object)
{
    g_autofree char *text = NULL;
    char *canonical = json_dumps(object, JSON_COMPACT | JSON_SORT_KEYS | JSON_REAL_PRECISION(17));

    text = g_compute_checksum_for_string(G_CHECKSUM_SHA256, canonical, -1);
    g_strlcpy(recipe->hash, text, sizeof recipe->hash);
    free(canonical);
}

static gboolean from_object(PstTrainingRecipe *recipe, const json_t *object, const char *path, GError **error)
{
    gsize known = G_N_ELEMENTS(fields) + PST_LOSSES;

    for (gsize i = 0; i < known; i++) {
        gsize term = i - G_N_ELEMENTS(fields);
        Field field = i < G_N_ELEMENTS(fields)
                          ? fields[i]
                          : (Field){ pst_loss_names[term], REAL,
                                     offsetof(PstTrainingRecipe, loss) + term * sizeof(double), 0, 1e6 };
        const json_t *value = json_object_get(object, field.key);

        if (!value) {
            g_set_error(error, PST_TRAINING_RECIPE_ERROR, PST_TRAINING_RECIPE_ERROR_KEY, "%s: \"%s\" is missing", path,
                        field.key);
            return FALSE;
        }
        if (!set_field(recipe, &field, value, path, error)) {
            return FALSE;
        }
    }
    return check(recipe, path, error);
}

static gboolean check_keys(json_t *object, const char *path, GError **error)
{
    const char *key;
    json_t *value;

    json_object_foreach(object, key, value) {
        gboolean known = g_strv_contains(pst_loss_names, key);

        for (gsize i = 0; i < G_N_ELEMENTS(fields) && !known; i++) {
            known = g_str_equal(key, fields[i].key);
        }
        if (!known) {
            g_set_error(error, PST_TRAINING_RECIPE_ERROR, PST_TRAINING_RECIPE_ERROR_KEY, "%s: unknown key \"%s\"", path,
                        key);
            return FALSE;
        }
    }
    return TRUE;
}

gboolean pst_training_recipe_read(PstTrainingRecipe *recipe, const char *path, GError **error)
{
    json_error_t problem;
    json_t *object = json_load_file(path, JSON_REJECT_DUPLICATES, &problem);
    gboolean good;

    *recipe = (PstTrainingRecipe){ 0 };
    if (!object) {
        g_set_error(error, PST_TRAINING_RECIPE_ERROR, PST_TRAINING_RECIPE_ERROR_FILE, "%s: %s (line %d)", path,
                    problem.text, problem.line);
        return FALSE;
    }
    if (!json_is_object(object)) {
        g_set_error(error, PST_TRAINING_RECIPE_ERROR, PST_TRAINING_RECIPE_ERROR_FILE, "%s: not one JSON object", path);
        json_decref(object);
        return FALSE;
    }
    good = check_keys(object, path, error) && from_object(recipe, object, path, error);
    if (good) {
        hash(recipe, object);
    }
    json_decref(object);
    return good;
}

double pst_training_recipe_rate(const PstTrainingRecipe *recipe, int step)
{
    double fall = 0.5 * (1 + cos(G_PI * MIN(1, step / (double)recipe->steps)));

    return MIN(1, (step + 1) / (double)recipe->warm_up) *
           (recipe->final_rate + (recipe->rate - recipe->final_rate) * fall);
}
