#include "style_source.h"

#include "options.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define LABEL  40 /* bytes of a label made of words */
#define SPREAD 0.35

void pst_style_source_add_options(PstStyleSource *source, GOptionEntry *entries)
{
    const GOptionEntry options[PST_STYLE_SOURCE_OPTIONS] = {
        { "words", 'w', 0, G_OPTION_ARG_FILENAME, &source->words,
          N_("A style in words, such as \"stormy blue impressionist sea\""), N_("TEXT") },
        { "sound", 0, 0, G_OPTION_ARG_FILENAME, &source->sound, N_("A style that feels like a sound file"),
          N_("FILE") },
        { "surprise", 0, 0, G_OPTION_ARG_FILENAME, &source->surprise,
          N_("An invented style; the same for the same number"), N_("NUMBER") },
        { "like", 0, 0, G_OPTION_ARG_FILENAME, &source->like, N_("An invented style like another; see --variation"),
          N_("STYLE") },
        { "variation", 0, 0, G_OPTION_ARG_FILENAME, &source->variation,
          N_("One of several answers to --words or --like"), "1..9" },
    };

    memcpy(entries, options, sizeof options);
}

gboolean pst_style_source_is_given(const PstStyleSource *source)
{
    return source->words || source->sound || source->surprise || source->like;
}

gboolean pst_style_source_check(PstStyleSource *source, GError **error)
{
    gint64 seed = 1, number = 0;
    int given = !!source->words + !!source->sound + !!source->surprise + !!source->like;

    if (given > 1) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    _("--words, --sound, --surprise and --like exclude each other; choose one"));
        return FALSE;
    }
    if (source->variation && !source->words && !source->like) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("--variation: needs --words or --like"));
        return FALSE;
    }
    if (!pst_option_whole("--surprise", source->surprise, 0, (gint64)1 << 53, &seed, error) ||
        !pst_option_whole("--variation", source->variation, 1, PST_STYLE_SOURCE_VARIATIONS, &number, error))
        return FALSE;
    source->seed = (guint64)seed;
    source->number = (int)number;
    return TRUE;
}

static PstStyle *of_words(const PstStyleSource *source, const PstAtlas *atlas, PstWordsStyle *answer, char **note,
                          GError **error)
{
    g_autoptr(PstPhrase) phrase = pst_phrase_parse(pst_words_parser(atlas->words), source->words);
    g_autofree char *understood = pst_atlas_phrase_text(phrase);
    PstStyle *style = pst_atlas_of_phrase(atlas, phrase, source->number, answer);

    if (style)
        *note = g_strdup_printf(_("understood: %s"), understood);
    else
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    _("\"%s\": none of these words is known; try colours, moods, things, painters or movements"),
                    source->words);
    return style;
}

static PstStyle *of_sound(const PstStyleSource *source, const PstAtlas *atlas, PstWordsStyle *answer, char **note,
                          GError **error)
{
    g_autoptr(PstSound) sound = pst_sound_read(source->sound, NULL, error);
    double features[PST_SOUND_FEATURES];
    g_autofree char *text = NULL;
    PstMood mood;

    if (!sound)
        return NULL;
    pst_sound_features(sound, 0, pst_sound_duration(sound), features);
    mood = pst_mood_of_features(features);
    text = pst_atlas_mood_text(&mood);
    *note = g_strdup_printf(_("an interpretation of the sound: %s"), text);
    return pst_atlas_of_mood(atlas, &mood, answer);
}

static PstStyle *like(const PstStyleSource *source, const PstAtlas *atlas, const GPtrArray *library, GError **error)
{
    g_autoptr(PstStyleArgument) other = pst_style_argument_new(source->like, library, error);

    if (!other)
        return NULL;
    if (!other->style) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    _("%s: --like needs a style; make one with \"pastiche style make\""), source->like);
        return NULL;
    }
    return pst_atlas_like(atlas, other->style, source->seed, MAX(0, source->number - 1), SPREAD);
}

PstStyleArgument *pst_style_source_make(const PstStyleSource *source, const PstAtlas *atlas, const GPtrArray *library,
                                        PstWordsStyle *answer, char **note, GError **error)
{
    PstStyleArgument *argument;
    PstStyle *style;

    *answer = (PstWordsStyle){ .stroke = 1 };
    *note = NULL;
    if (source->words)
        style = of_words(source, atlas, answer, note, error);
    else if (source->sound)
        style = of_sound(source, atlas, answer, note, error);
    else if (source->like)
        style = like(source, atlas, library, error);
    else
        style = pst_atlas_surprise(atlas, source->seed);
    if (!style)
        return NULL;
    argument = g_new0(PstStyleArgument, 1);
    argument->label = pst_style_library_identifier(style->name);
    if (strlen(argument->label) > LABEL)
        argument->label[LABEL] = '\0'; /* identifiers are ASCII */
    argument->path = g_strdup("");
    argument->weight = 1;
    argument->style = style;
    return argument;
}
