/* How a training goes, drawn: the losses of style and content over its steps, each in parts of what it was at the
 * beginning, and validations as dots.
 */
#pragma once

#include <gtk/gtk.h>

#include "app/desktop/training_curve.h"

#define PST_TYPE_LOSS_CURVE pst_loss_curve_get_type()
G_DECLARE_FINAL_TYPE(PstLossCurve, pst_loss_curve, PST, LOSS_CURVE, GtkWidget)

/** Shows these (PstTrainingPoint, copied) of a training of so many steps; 0: as many as there are points. */
void pst_loss_curve_set(PstLossCurve *curve, const GArray *points, const GArray *validations, int steps);
