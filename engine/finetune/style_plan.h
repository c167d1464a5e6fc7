/* How a style is trained: every number that the result depends on, and their names. */
#pragma once

#include "fine_tuning.h"

#include <jansson.h>

#define PST_STYLE_PLAN_ERROR pst_style_plan_error_quark()
GQuark pst_style_plan_error_quark(void);

typedef enum {
    PST_STYLE_PLAN_ERROR_KEY,  /* no such number */
    PST_STYLE_PLAN_ERROR_VALUE /* not a number, or out of range */
} PstStylePlanError;

typedef enum { PST_QUALITY_QUICK, PST_QUALITY_FINE, PST_QUALITIES } PstQuality;
extern const char *const pst_quality_names[PST_QUALITIES + 1];

typedef struct {
    PstFineTuningRecipe tuning;
    double seconds; /* as many steps, at most tuning.steps, as fit in; 0: all steps, whatever time they take */
    int style_side; /* short side that the style images' targets are measured at */
    int synthetic;  /* stylised samples to train with, beside the photographs and the style images */
    gboolean crop;  /* take frames off the style images */
} PstStylePlan;

/** The plan of a quality. */
PstStylePlan pst_style_plan(PstQuality quality);

/** Sets one number by its name, which is that of its field, or of a term of the loss (training_recipe.h):
 *  "adversarial=0.1". FALSE and PST_STYLE_PLAN_ERROR. */
gboolean pst_style_plan_set(PstStylePlan *plan, const char *setting, GError **error);

/** All numbers by their names, but for `steps` and `seconds`; the caller's. */
json_t *pst_style_plan_json(const PstStylePlan *plan);
