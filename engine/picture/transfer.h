/* Transfer characteristics (ITU-T H.273, table 3): from samples to light. Private. */
#pragma once

#include <glib.h>
#include <lcms2.h>

gboolean pst_transfer_is_known(int transfer);
gboolean pst_transfer_is_srgb(int transfer);

/* PQ and HLG (ITU-R BT.2100). */
gboolean pst_transfer_is_hdr(int transfer);

/* The curve of a known one; of HDR, light of 203 cd/m2 is 1, and so is all that is brighter. To be freed with
 * cmsFreeToneCurve(); NULL when lcms has no memory. */
cmsToneCurve *pst_transfer_curve(cmsContext context, int transfer);
