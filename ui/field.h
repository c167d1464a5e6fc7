/* A control with its name: at the other end of a row; or beside it, the names of a form in one column; or above it,
 * with a value at the right.
 *
 * Properties: "title" (string, with a mnemonic), "subtitle" (string or NULL: more about it, below), "group"
 * (GtkSizeGroup of a form's names), "stacked" (boolean: the name above), "target" (GtkWidget: what the name belongs to,
 * where the control is a box of several), "control" (the child).
 */
#pragma once

#include <gtk/gtk.h>

#define PST_TYPE_FIELD pst_field_get_type()
G_DECLARE_FINAL_TYPE(PstField, pst_field, PST, FIELD, GtkWidget)

/** The value shown at the right of the name of a stacked field. */
void pst_field_set_value(PstField *field, const char *value);
