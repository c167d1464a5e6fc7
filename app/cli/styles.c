/* pastiche styles: lists the styles there are. */
#include "command.h"
#include "console.h"
#include "app/common/atlas.h"
#include "app/common/language.h"
#include "engine/style/style_library.h"
#include "options.h"
#include "table.h"

#include <glib/gi18n-lib.h>

static const PstUsage usage = {
    .command = "pastiche styles",
    .parameters = "",
    .summary = N_("Lists the styles that --style knows by name: the built-in ones and your own; with --search\n"
                  "also those of the bank of artworks that fit some words."),
    .description = N_("The first column is the name to give to --style. Your own styles are the style files in\n"
                      "the folder pastiche/styles of your data folder ($XDG_DATA_HOME, or ~/.local/share);\n"
                      "\"pastiche style make\" makes them from pictures.\n"
                      "\n"
                      "--search looks through 836 artworks by what they are called, who made them, when and how,\n"
                      "what they show and which colours they have: --search \"stormy sea\", --search \"Monet blue\".\n"
                      "\n"
                      "With --json: one object a line with id, name, artist, year, movement, licence, own, file;\n"
                      "of artworks also medium and caption."),
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

static void print_artwork_json(const PstArtwork *artwork)
{
    json_t *object = json_object();

    json_object_set_new(object, "id", pst_json_text(artwork->id));
    json_object_set_new(object, "name", pst_json_text(artwork->title));
    json_object_set_new(object, "artist", pst_json_text(artwork->artist));
    json_object_set_new(object, "year", pst_json_text(artwork->year));
    json_object_set_new(object, "movement", pst_json_text(artwork->movement));
    json_object_set_new(object, "licence", pst_json_text(artwork->licence));
    json_object_set_new(object, "own", json_false());
    json_object_set_new(object, "file", json_null());
    json_object_set_new(object, "medium", pst_json_text(artwork->medium));
    json_object_set_new(object, "caption", pst_json_text(artwork->caption));
    pst_console_json(object);
}

static void print_artworks(const PstAtlas *atlas, const int *found, int count)
{
    g_autoptr(PstTable) table = pst_table_new(6);

    pst_table_add(table, _("STYLE"));
    pst_table_add(table, _("NAME"));
    pst_table_add(table, _("ARTIST"));
    pst_table_add(table, _("YEAR"));
    pst_table_add(table, _("MOVEMENT"));
    pst_table_add(table, _("LICENCE"));
    for (int i = 0; i < count; i++) {
        const PstArtwork *artwork = &atlas->artworks->artworks[found[i]];

        pst_table_add(table, artwork->id);
        pst_table_add(table, artwork->title);
        pst_table_add(table, artwork->artist);
        pst_table_add(table, artwork->year);
        pst_table_add(table, artwork->movement);
        pst_table_add(table, artwork->licence);
    }
    pst_table_print(table, 0);
}

/* Artworks of the bank that fit `text`. */
static int search(const char *text, gint64 most, gboolean json)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PstAtlas) atlas = pst_atlas_load(&error);
    g_autoptr(PstPhrase) phrase = NULL;
    g_autofree int *found = NULL;
    int count;

    if (!atlas) {
        pst_console_failure(error);
        return PST_EXIT_FAILED;
    }
    phrase = pst_phrase_parse(pst_words_parser(atlas->words), text);
    found = pst_words_search(atlas->words, phrase, (int)most, &count);
    if (count == 0)
        pst_console_error(_("%s: no artwork fits"), text);
    else if (!json)
        print_artworks(atlas, found, count);
    for (int i = 0; json && i < count; i++)
        print_artwork_json(&atlas->artworks->artworks[found[i]]);
    return pst_console_finish();
}

int pst_command_styles(int argc, char **argv)
{
    gboolean json = FALSE, failed = FALSE;
    g_autofree char *words = NULL, *limit = NULL;
    gint64 most = 20;
    g_auto(GStrv) rest = NULL;
    g_autoptr(GPtrArray) library = NULL;
    g_autofree char *data = NULL;
    g_autoptr(GError) error = NULL;
    const GOptionEntry entries[] = {
        { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("List as JSON, one object a line"), NULL },
        { "search", 0, 0, G_OPTION_ARG_FILENAME, &words, N_("List artworks of the bank that fit these words"),
          N_("TEXT") },
        { "limit", 0, 0, G_OPTION_ARG_FILENAME, &limit, N_("At most so many of them (default 20)"), "N" },
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &rest, NULL, NULL },
        G_OPTION_ENTRY_NULL
    };
    int status;

    if (!pst_options_parse(&usage, entries, NULL, argc, argv, &status))
        return status;
    if (json)
        pst_language_untranslated();
    if (rest) {
        g_set_error(&error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _("%s: takes no files"), rest[0]);
        return pst_options_fail(&usage, error);
    }
    if (!pst_option_whole("--limit", limit, 1, 10000, &most, &error))
        return pst_options_fail(&usage, error);
    if (words)
        return search(words, most, json);
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
