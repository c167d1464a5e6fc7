/* The CMYK fallback profile: for CMYK pictures without a profile of their own. Private. */
#pragma once

#include <glib.h>
#include <lcms2.h>

/* A CMYK profile of an ordinary offset press on coated paper, relative to the paper, with full ink as
 * black. Close with cmsCloseProfile(). NULL when lcms has no memory. */
cmsHPROFILE pst_cmyk_profile_profile(cmsContext context);
