/* pastiche styles: lists the styles there are. */
#include "command.h"
#include "console.h"
#include "app/common/language.h"
#include "engine/style/style_library.h"
#include "options.h"
#include "table.h"

#include <glib/gi18n-lib.h>

static const PstUsage usage = {
    .command = "pastiche styles",
    .parameters = "",
    .summary = N_("Lists the styles that --style knows by name: the built-in ones and your own."),
    .description = N_("The first column is the name to give to --style. Your own styles are the style files in\n"
                      "the folder pastiche/styles of your data folder ($XDG_DATA_HOME, or ~/.local/share);\n"
                      "\"pastiche style make\" makes them from pictures.\n"
                      "\n"
                      "With --json: one object a line with id, name, artist, year, movement, licence, own, file."),
};

static void warn(const GError *error, gpointer data)
{
    gboolean *failed = data;

    *failed = TRUE;
    pst_console_failure(error);
}

static void print_json(const PstStyleEntry *entry)
{
    const PstStyle *style = entry->style;
    json_t *object = json_object();

    json_object_set_new(object, "id", pst_json_text(entry->id));
    json_object_set_new(object, "name", pst_json_text(style->name));
    json_object_set_new(object, "artist", pst_json_text(style->artist));
    json_object_set_new(object, "year", pst_json_text(style->year));
    json_object_set_new(object, "movement", pst_json_text(style->movement));
    json_object_set_new(object, "licence", pst_json_text(style->licence));
    json_object_set_new(object, "own", json_boolean(pst_style_library_is_own(entry)));
    json_object_set_new(object, "file", pst_json_text(entry->path));
    pst_console_json(object);
}

static void print_table(const GPtrArray *library)
{
    static const char *const headings[] = { N_("STYLE"),    N_("NAME"),    N_("ARTIST"), N_("YEAR"),
                                            N_("MOVEMENT"), N_("LICENCE"), NULL };
    g_autoptr(PstTable) table = pst_table_new(G_N_ELEMENTS(headings));

    for (gsize i = 0; i < G_N_ELEMENTS(headings); i++)
        pst_table_add(table, headings[i] ? _(headings[i]) : NULL);
    for (guint i = 0; i < library->len; i++) {
        const PstStyleEntry *entry = library->pdata[i];

        pst_table_add(table, entry->id);
        pst_table_add(table, entry->style->name);
        pst_table_add(table, entry->style->artist);
        pst_table_add(table, entry->style->year);
        pst_table_add(table, entry->style->movement);
        pst_table_add(table, entry->style->licence);
        pst_table_add(table, pst_style_library_is_own(entry) ? _("own") : NULL);
    }
    pst_table_print(table, 0);
}

int pst_command_styles(int argc, char **argv)
{
    gboolean json = FALSE, failed = FALSE;
    g_auto(GStrv) rest = NULL;
    g_autoptr(GPtrArray) library = NULL;
    g_autofree char *data = NULL;
    g_autoptr(GError) error = NULL;
    const GOptionEntry entries[] = { { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("List as JSON, one object a line"),
                                       NULL },
                                     { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &rest, NULL, NULL },
                                     G_OPTION_ENTRY_NULL };
    int status;

    if (!pst_options_parse(&usage, entries, argc, argv, &status))
        return status;
    if (json)
        pst_language_untranslated();
    if (rest) {
        g_set_error(&error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _("%s: takes no files"), rest[0]);
        return pst_options_fail(&usage, error);
    }
    data = pst_data_folder(&error);
    if (!data)
        warn(error, &failed);
    library = pst_style_library_read(warn, &failed);
    if (!json)
        print_table(library);
    for (guint i = 0; json && i < library->len; i++)
        print_json(library->pdata[i]);
    status = pst_console_finish();
    return failed ? PST_EXIT_FAILED : status;
}
