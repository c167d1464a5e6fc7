/* Lines of text in columns. */
#pragma once

#include <glib.h>

typedef struct PstTable PstTable;

/** A table with `columns` columns. */
PstTable *pst_table_new(guint columns);
void pst_table_free(PstTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstTable, pst_table_free)

/** Adds the next cell, row by row; NULL is an empty one. The text is cleaned (pst_console_clean()). */
void pst_table_add(PstTable *table, const char *text);

/** Prints all rows to standard output, each with `indent` spaces before it. */
void pst_table_print(const PstTable *table, guint indent);
