/* What the data check says of the pictures of a style, in plain words, with what can be done about it.
 *
 * Signal "keep" (GStrv files): only these are to stay.
 */
#pragma once

#include <gtk/gtk.h>

#define PST_TYPE_FINDING_LIST pst_finding_list_get_type()
G_DECLARE_FINAL_TYPE(PstFindingList, pst_finding_list, PST, FINDING_LIST, GtkWidget)

/** Shows a report (pst_data_report_read()); NULL: nothing. With `acted` FALSE it offers nothing to be done. */
void pst_finding_list_set_report(PstFindingList *list, const GPtrArray *report, gboolean acted);

/** Says that the pictures are being looked at, or why they can't be. */
void pst_finding_list_set_note(PstFindingList *list, const char *note);

/** TRUE if frames are to be taken off. */
gboolean pst_finding_list_crop(PstFindingList *list);
