#include "training_curve.h"

#include <jansson.h>

static double number_at(const json_t *array, size_t i)
{
    return json_number_value(json_array_get(array, i));
}

void pst_training_curve_read(const char *json, GArray **steps, GArray **validations)
{
    json_t *curve = json ? json_loads(json, 0, NULL) : NULL;
    const json_t *numbers = json_object_get(curve, "step"), *validation;
    size_t i;

    *steps = g_array_new(FALSE, FALSE, sizeof(PstTrainingPoint));
    *validations = g_array_new(FALSE, FALSE, sizeof(PstTrainingPoint));
    for (i = 0; i < json_array_size(numbers); i++) {
        PstTrainingPoint point = { (int)number_at(numbers, i), (float)number_at(json_object_get(curve, "style"), i),
                                   (float)number_at(json_object_get(curve, "content"), i) };

        g_array_append_val(*steps, point);
    }
    json_array_foreach(json_object_get(curve, "trials"), i, validation) {
        PstTrainingPoint point = { (int)number_at(validation, 0), (float)number_at(validation, 1),
                                   (float)number_at(validation, 2) };

        g_array_append_val(*validations, point);
    }
    json_decref(curve);
}
