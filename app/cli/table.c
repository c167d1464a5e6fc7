#include "table.h"

#include "console.h"

struct PstTable {
    guint columns;
    GPtrArray *cells;
};

PstTable *pst_table_new(guint columns)
{
    PstTable *table = g_new0(PstTable, 1);

    table->columns = columns;
    table->cells = g_ptr_array_new_with_free_func(g_free);
    return table;
}

void pst_table_free(PstTable *table)
{
    if (!table)
        return;
    g_ptr_array_unref(table->cells);
    g_free(table);
}

void pst_table_add(PstTable *table, const char *text)
{
    g_ptr_array_add(table->cells, pst_console_clean(text ? text : ""));
}

/* Places that the text takes on a terminal. */
static guint width_of(const char *text)
{
    guint width = 0;

    for (; *text; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);

        width += g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
    }
    return width;
}

void pst_table_print(const PstTable *table, guint indent)
{
    g_autofree guint *widths = g_new0(guint, table->columns);

    for (guint i = 0; i < table->cells->len; i++) {
        guint *width = &widths[i % table->columns];

        *width = MAX(*width, width_of(table->cells->pdata[i]));
    }
    for (guint row = 0; row + table->columns <= table->cells->len; row += table->columns) {
        g_autoptr(GString) line = g_string_new(NULL);

        for (guint i = 0; i < indent; i++)
            g_string_append_c(line, ' ');
        for (guint column = 0; column < table->columns; column++) {
            const char *text = table->cells->pdata[row + column];

            g_string_append(line, text);
            for (guint i = width_of(text); i < widths[column] + 2; i++)
                g_string_append_c(line, ' ');
        }
        while (line->len > 0 && line->str[line->len - 1] == ' ')
            g_string_truncate(line, line->len - 1);
        pst_console_print("%s\n", line->str);
    }
}
