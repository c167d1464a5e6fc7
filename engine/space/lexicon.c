#include "lexicon.h"

#include "engine/network/model.h"

#include <stdio.h>
#include <string.h>

#define CONCEPTS  "concepts.tsv"
#define WORDS     "lexicon.tsv"
#define MOST      1024 /* concepts */
#define SHORTEST  3    /* letters that are left of a word without its ending */
#define INFLECTED 0.9  /* how surely a word without its ending is meant */

G_DEFINE_QUARK(pst - lexicon - error - quark, pst_lexicon_error)

typedef struct {
    int concept;
    double surely;
} Meaning;

struct PstLexicon {
    GArray *concepts;  /* of PstConcept */
    GHashTable *names; /* concept -> its index + 1 */
    GHashTable *words; /* word -> Meaning */
};

static const char *const kinds[PST_CONCEPT_KINDS] = { "colour",  "tone",     "texture", "mood",
                                                      "subject", "movement", "medium",  "neutral" };
static const char *const effect_names[PST_EFFECTS] = { "light", "chroma", "warm", "contrast", "stroke", "detail" };

static int place(const char *const *list, int count, const char *text)
{
    for (int i = 0; i < count; i++) {
        if (g_str_equal(list[i], text))
            return i;
    }
    return -1;
}

static gboolean parse_colour(PstConcept *concept, const char *text)
{
    unsigned red, green, blue;
    char rest;

    if (!*text)
        return TRUE;
    if (sscanf(text, "%2x%2x%2x%c", &red, &green, &blue, &rest) != 3)
        return FALSE;
    concept->coloured = TRUE;
    concept->colour[0] = red / 255.0f;
    concept->colour[1] = green / 255.0f;
    concept->colour[2] = blue / 255.0f;
    return TRUE;
}

static gboolean parse_effects(PstConcept *concept, const char *text)
{
    g_auto(GStrv) parts = g_strsplit_set(text, " =", -1);

    if (!*text)
        return TRUE;
    for (int i = 0; parts[i]; i += 2) {
        int effect = place(effect_names, PST_EFFECTS, parts[i]);

        if (effect < 0 || !parts[i + 1])
            return FALSE;
        concept->has[effect] = TRUE;
        concept->effects[effect] = g_ascii_strtod(parts[i + 1], NULL);
    }
    return TRUE;
}

static gboolean add_concept(PstLexicon *lexicon, char **fields)
{
    PstConcept concept = { 0 };
    int kind;

    if (g_strv_length(fields) != 6)
        return FALSE;
    kind = place(kinds, PST_CONCEPT_KINDS, fields[1]);
    if (kind < 0 || !*fields[0] || lexicon->concepts->len >= MOST || !parse_colour(&concept, fields[2]) ||
        !parse_effects(&concept, fields[3]) || g_hash_table_contains(lexicon->names, fields[0]))
        return FALSE;
    concept.kind = (PstConceptKind)kind;
    concept.name = g_strdup(fields[0]);
    g_array_append_val(lexicon->concepts, concept);
    g_hash_table_insert(lexicon->names, concept.name, GUINT_TO_POINTER(lexicon->concepts->len));
    return TRUE;
}

static gboolean add_word(PstLexicon *lexicon, char **fields)
{
    guint index = g_strv_length(fields) == 3 ? GPOINTER_TO_UINT(g_hash_table_lookup(lexicon->names, fields[1])) : 0;
    double surely = index ? g_ascii_strtod(fields[2], NULL) : 0;
    Meaning *meaning;

    if (!(surely > 0 && surely <= 1))
        return FALSE;
    meaning = g_new(Meaning, 1);
    *meaning = (Meaning){ (int)index - 1, surely };
    g_hash_table_insert(lexicon->words, g_strdup(fields[0]), meaning);
    return TRUE;
}

static gboolean read_table(PstLexicon *lexicon, const char *folder, const char *name,
                           gboolean (*add)(PstLexicon *lexicon, char **fields), GError **error)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;

    if (!g_file_get_contents(path, &text, NULL, error))
        return FALSE;
    lines = g_strsplit(text, "\n", -1);
    for (int i = 0; lines[i]; i++) {
        g_auto(GStrv) fields = g_strsplit(lines[i], "\t", -1);

        if (!*lines[i] || *lines[i] == '#')
            continue;
        if (!g_utf8_validate(lines[i], -1, NULL) || !add(lexicon, fields)) {
            g_set_error(error, PST_LEXICON_ERROR, PST_LEXICON_ERROR_FORMAT, "%s: line %d: not one of this table", path,
                        i + 1);
            return FALSE;
        }
    }
    return TRUE;
}

static void clear_concept(gpointer concept)
{
    g_free(((PstConcept *)concept)->name);
}

PstLexicon *pst_lexicon_read(const char *folder, GError **error)
{
    g_autoptr(PstLexicon) lexicon = g_new0(PstLexicon, 1);

    lexicon->concepts = g_array_new(FALSE, TRUE, sizeof(PstConcept));
    g_array_set_clear_func(lexicon->concepts, clear_concept);
    lexicon->names = g_hash_table_new(g_str_hash, g_str_equal);
    lexicon->words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    if (!read_table(lexicon, folder, CONCEPTS, add_concept, error) ||
        !read_table(lexicon, folder, WORDS, add_word, error))
        return NULL;
    return g_steal_pointer(&lexicon);
}

PstLexicon *pst_lexicon_load_default(GError **error)
{
    g_autofree char *data = pst_data_folder(error);
    g_autofree char *folder = data ? g_build_filename(data, "words", NULL) : NULL;

    return folder ? pst_lexicon_read(folder, error) : NULL;
}

void pst_lexicon_free(PstLexicon *lexicon)
{
    if (!lexicon)
        return;
    g_hash_table_unref(lexicon->words);
    g_hash_table_unref(lexicon->names);
    g_array_unref(lexicon->concepts);
    g_free(lexicon);
}

int pst_lexicon_count(const PstLexicon *lexicon)
{
    return (int)lexicon->concepts->len;
}

const PstConcept *pst_lexicon_concept(const PstLexicon *lexicon, int index)
{
    return &g_array_index(lexicon->concepts, PstConcept, index);
}

int pst_lexicon_find(const PstLexicon *lexicon, const char *word, double *surely)
{
    static const char *const endings[] = { "", "s", "e", "n", "es", "en", "er", "em", "ed", "ish", "y", "ly", "d" };
    gsize length = strlen(word);

    for (gsize i = 0; i < G_N_ELEMENTS(endings); i++) {
        gsize ending = strlen(endings[i]);
        g_autofree char *stem = NULL;
        const Meaning *meaning;

        if (!g_str_has_suffix(word, endings[i]) || (i > 0 && length < ending + SHORTEST))
            continue;
        stem = g_strndup(word, length - ending);
        meaning = g_hash_table_lookup(lexicon->words, stem);
        if (meaning) {
            *surely = meaning->surely * (i > 0 ? INFLECTED : 1);
            return meaning->concept;
        }
    }
    return -1;
}

char **pst_lexicon_words(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1), *small = g_utf8_strdown(valid, -1);
    GPtrArray *words = g_ptr_array_new();
    g_autoptr(GString) word = g_string_new(NULL);

    for (const char *p = small;; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);

        if (c && (g_unichar_isalnum(c) || g_unichar_ismark(c) || (c == '-' && word->len > 0))) {
            g_string_append_unichar(word, c);
            continue;
        }
        while (word->len > 0 && word->str[word->len - 1] == '-')
            g_string_truncate(word, word->len - 1);
        if (word->len > 0)
            g_ptr_array_add(words, g_strdup(word->str));
        g_string_truncate(word, 0);
        if (!c)
            break;
    }
    g_ptr_array_add(words, NULL);
    return (char **)g_ptr_array_free(words, FALSE);
}
