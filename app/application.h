/* The application: one for all windows and for all that is started meanwhile, with the engine they share. */
#pragma once

#include <adwaita.h>

#define PST_APPLICATION_ID "org.pastiche.Pastiche"

#define PST_TYPE_APPLICATION pst_application_get_type()
G_DECLARE_FINAL_TYPE(PstApplication, pst_application, PST, APPLICATION, AdwApplication)

PstApplication *pst_application_new(void);
