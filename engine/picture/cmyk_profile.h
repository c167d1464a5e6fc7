/* A printing press to see CMYK pictures by that come without a profile. Private. */
#pragma once

#include <glib.h>
#include <lcms2.h>

/* A CMYK profile of an ordinary offset press on coated paper, seen relative to the paper and with
 * full ink as black. Close with cmsCloseProfile(). NULL when lcms has no memory. */
cmsHPROFILE pst_cmyk_profile_profile(cmsContext context);
