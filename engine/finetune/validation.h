/* Validations: the losses of a fine-tuning, every so many steps, on photographs held out of training.
 *
 * A list of validations is a GArray of PstValidation, the base's first. */
#pragma once

#include <glib.h>

/** Losses, means over the photographs. */
typedef struct {
    int step; /* steps done */
    double style, content;
} PstValidation;

/** How a validation's content stands to the base's: 1 is the same. */
double pst_validations_content(const GArray *validations, const PstValidation *validation);

/** The last of those validations that have the least style loss, or as good as that, among those whose content stands
 *  to the base's as `content_limit` or better; the base's while no other has less style loss than it. Owned by the
 *  list. */
const PstValidation *pst_validations_best(const GArray *validations, double content_limit);
