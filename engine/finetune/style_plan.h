/* How a style is trained: every number that the result depends on, and their names. */
#pragma once

#include "fine_tuning.h"

#include <jansson.h>

G_BEGIN_DECLS

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
    double seconds;      /* as many steps, at most tuning.steps, as fit in; 0: all steps, whatever time they take */
    int smallest_scale, largest_scale; /* short sides that the pictures' statistics are gathered at, */
    int scales;                        /* so many of them, evenly in the logarithm */
    int synthetic;       /* photographs painted by the base model to practise on, beside the others */
    gboolean shallow;   /* the shallow loss network has a say, else the encoder alone loss network */
    gboolean crop;       /* take frames off the pictures */
    gboolean style_images;  /* the pictures themselves are practised on, too */
} PstStylePlan;

#define PST_STYLE_PLAN_MOST_SCALES 8

/** The plan of a quality. */
PstStylePlan pst_style_plan(PstQuality quality);

/** Sets one number by its name, which is that of its field, or of a term of the loss (recipe.h): "adversarial=0.1". */
gboolean pst_style_plan_set(PstStylePlan *plan, const char *setting, GError **error);

/** All numbers by their names, but for `steps` and `seconds`; the caller's. */
json_t *pst_style_plan_json(const PstStylePlan *plan);

G_END_DECLS
