#include "style_hint.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static char *fold(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);

    return g_utf8_casefold(valid, -1);
}

static gboolean contains(const PstStyleEntry *entry, const char *folded)
{
    g_autofree char *id = fold(entry->id);
    g_autofree char *name = fold(entry->style->name);

    return strstr(id, folded) || strstr(name, folded);
}

/* Letters to add, remove or change (Levenshtein), at most `limit` + 1. Bytes stand for letters. */
static guint edit_distance(const char *a, const char *b, guint limit)
{
    guint length = (guint)strlen(b);
    g_autofree guint *row = g_new(guint, length + 1);

    for (guint j = 0; j <= length; j++)
        row[j] = j;
    for (guint i = 0; a[i]; i++) {
        guint diagonal = row[0], best = row[0] = i + 1;

        for (guint j = 0; j < length; j++) {
            guint above = row[j + 1];

            row[j + 1] = MIN(MIN(above, row[j]) + 1, diagonal + (a[i] != b[j]));
            diagonal = above;
            best = MIN(best, row[j + 1]);
        }
        if (best > limit)
            return limit + 1;
    }
    return MIN(row[length], limit + 1);
}

char *pst_style_hint(const GPtrArray *library, const char *text)
{
    g_autofree char *wanted = fold(text);
    g_autoptr(GPtrArray) alike = g_ptr_array_new();
    guint limit = *wanted ? 1 + (guint)strlen(wanted) / 5 : 0, nearest = limit + 1;
    const char *near = NULL;

    for (guint i = 0; i < library->len && *wanted; i++) {
        const PstStyleEntry *entry = library->pdata[i];
        g_autofree char *id = fold(entry->id);
        g_autofree char *name = fold(entry->style->name);
        guint distance = MIN(edit_distance(wanted, id, limit), edit_distance(wanted, name, limit));

        if (contains(entry, wanted))
            g_ptr_array_add(alike, entry->id);
        if (distance < nearest) {
            nearest = distance;
            near = entry->id;
        }
    }
    if (alike->len > 1) {
        g_autofree char *list = NULL;

        g_ptr_array_set_size(alike, (int)MIN(alike->len, 8));
        g_ptr_array_add(alike, NULL);
        list = g_strjoinv(", ", (char **)alike->pdata);
        return g_strdup_printf(_("several are called so (%s), choose one"), list);
    }
    if (near)
        return g_strdup_printf(_("is it \"%s\"?"), near);
    return g_strdup(_("\"pastiche styles\" lists the styles"));
}
