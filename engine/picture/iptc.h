/* IPTC data (IPTC-NAA Information Interchange Model 4.2) as it lies in pictures: in Photoshop's image resources (Adobe
 * Photoshop File Formats Specification, "Image Resource Blocks"). Private. */
#pragma once

#include <glib.h>

/* The IPTC records among image resources, or NULL; owned by the caller. */
GBytes *pst_iptc_from_resources(const guint8 *data, gsize size);

/* The records as the only image resource. */
GBytes *pst_iptc_to_resources(GBytes *iptc);

/* The records without what describes the old file, and, unless `place`, without where the photograph was taken. What
 * follows a broken data set is left out. NULL when nothing is left. */
GBytes *pst_iptc_rewrite(GBytes *iptc, gboolean place);
