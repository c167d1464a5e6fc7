#include "data_report.h"

#include "engine/finetune/data_check.h"

static void free_finding(gpointer data)
{
    PstDataFinding *finding = data;

    g_free(finding->text);
    g_clear_pointer(&finding->groups, g_ptr_array_unref);
    g_free(finding);
}

/* Sentences begin with a capital where no file's name begins them. */
static char *as_sentence(const char *text, gboolean of_file)
{
    g_autofree char *first = of_file ? NULL : g_utf8_substring(text, 0, 1);
    g_autofree char *upper = first ? g_utf8_strup(first, -1) : NULL;

    return first ? g_strconcat(upper, g_utf8_next_char(text), NULL) : g_strdup(text);
}

static GPtrArray *read_groups(const json_t *groups)
{
    GPtrArray *array = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
    const json_t *group, *name;
    size_t i, k;

    json_array_foreach(groups, i, group) {
        g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

        json_array_foreach(group, k, name) {
            g_strv_builder_add(builder, json_string_value(name));
        }
        g_ptr_array_add(array, g_strv_builder_end(builder));
    }
    return array;
}

GPtrArray *pst_data_report_read(const char *json)
{
    json_t *report = json ? json_loads(json, 0, NULL) : NULL;
    GPtrArray *findings = report ? g_ptr_array_new_with_free_func(free_finding) : NULL;
    const json_t *found;
    size_t i;

    json_array_foreach(json_object_get(report, "findings"), i, found) {
        PstFindingKind kind = pst_finding_kind(found);
        g_autofree char *text = pst_finding_text(found, json_object_get(report, "pictures"), TRUE);
        PstDataFinding *finding;

        if (!text) {
            continue;
        }
        finding = g_new0(PstDataFinding, 1);
        finding->text = as_sentence(text, kind < PST_FINDING_STYLES);
        finding->unreadable = kind == PST_FINDING_UNREADABLE;
        finding->framed = kind == PST_FINDING_FRAME;
        finding->groups = kind == PST_FINDING_STYLES ? read_groups(json_object_get(found, "groups")) : NULL;
        g_ptr_array_add(findings, finding);
    }
    json_decref(report);
    return findings;
}
