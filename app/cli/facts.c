#include "facts.h"

#include "console.h"
#include "table.h"

#include <glib/gi18n-lib.h>
#include <stdarg.h>

struct PstFacts {
    char *path;
    PstTable *lines;
    json_t *object;
};

PstFacts *pst_facts_new(const char *path)
{
    PstFacts *facts = g_new0(PstFacts, 1);

    facts->path = g_strdup(path);
    facts->lines = pst_table_new(2);
    facts->object = json_object();
    pst_facts_set(facts, "file", pst_json_text(path));
    return facts;
}

void pst_facts_free(PstFacts *facts)
{
    if (!facts)
        return;
    g_free(facts->path);
    pst_table_free(facts->lines);
    json_decref(facts->object);
    g_free(facts);
}

void pst_facts_say(PstFacts *facts, const char *label, const char *format, ...)
{
    g_autofree char *text = NULL;
    va_list arguments;

    va_start(arguments, format);
    text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    pst_table_add(facts->lines, label);
    pst_table_add(facts->lines, text);
}

void pst_facts_set(PstFacts *facts, const char *key, json_t *value)
{
    json_object_set_new(facts->object, key, value);
}

void pst_facts_text(PstFacts *facts, const char *key, const char *text)
{
    if (text)
        pst_facts_say(facts, _(key), "%s", text);
    pst_facts_set(facts, key, pst_json_text(text));
}

void pst_facts_print(const PstFacts *facts)
{
    g_autofree char *path = pst_console_clean(facts->path);

    pst_console_print("%s\n", path);
    pst_table_print(facts->lines, 2);
}

void pst_facts_print_json(const PstFacts *facts)
{
    pst_console_json(json_incref(facts->object));
}
