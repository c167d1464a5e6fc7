/* One sentence at the top of the window that comes, can be answered by at most one button, and, unless it is an offer,
 * goes by itself. It never takes the focus, and never stands in the way of anything but itself.
 */
#pragma once

#include <gtk/gtk.h>

#define PST_TYPE_MESSAGE_BAR pst_message_bar_get_type()
G_DECLARE_FINAL_TYPE(PstMessageBar, pst_message_bar, PST, MESSAGE_BAR, GtkWidget)

/** Shows `text` in place of what is shown. `button` (may be NULL) activates `detailed_action`. A text without a button
 *  goes after some seconds, the longer the text the later. */
void pst_message_bar_show(PstMessageBar *bar, const char *text, const char *button, const char *detailed_action);

/** The same of an offer, which stays until it is answered or closed. What is shown meanwhile goes before it, and offers
 *  wait for each other. */
void pst_message_bar_offer(PstMessageBar *bar, const char *text, const char *button, const char *detailed_action);

/** Takes back the offers of an action. */
void pst_message_bar_withdraw(PstMessageBar *bar, const char *detailed_action);
