#include "validation.h"

#define AS_GOOD 1.01 /* times the least style loss: on a few photographs such deltas can't be told apart */

static const PstValidation *validation_at(const GArray *validations, guint i)
{
    return &g_array_index(validations, PstValidation, i);
}

double pst_validations_content(const GArray *validations, const PstValidation *validation)
{
    return validation->content / MAX(validation_at(validations, 0)->content, 1e-9);
}

const PstValidation *pst_validations_best(const GArray *validations, double content_limit)
{
    const PstValidation *base = validation_at(validations, 0), *best = base;
    double least = base->style;

    for (guint i = 1; i < validations->len; i++) {
        const PstValidation *validation = validation_at(validations, i);

        if (pst_validations_content(validations, validation) <= content_limit) {
            least = MIN(least, validation->style);
        }
    }
    for (guint i = 1; i < validations->len; i++) {
        const PstValidation *validation = validation_at(validations, i);

        if (pst_validations_content(validations, validation) <= content_limit && validation->style < base->style &&
            validation->style <= AS_GOOD * least) {
            best = validation;
        }
    }
    return best;
}
