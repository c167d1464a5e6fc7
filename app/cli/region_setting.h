/* What --region gives to one region of a recipe: "2:strength=0.4". */
#pragma once

#include "engine/paint/look.h"

/** Gives the region that the text names, counted from 1, that setting of its own: strength, detail, likeness (numbers
 *  in the ranges of the look's) or keep-colors (yes, no). FALSE and G_OPTION_ERROR where there is no such region or
 *  setting, or no such value. The look is not shared. */
gboolean pst_region_setting_apply(const char *text, PstLook *look, GError **error);
