#include "style_argument.h"

#include "engine/paint/recipe.h"

#include "app/common/file_kind.h"
#include "engine/space/artworks.h"
#include "options.h"
#include "style_hint.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define LABEL 60 /* bytes of the label of a mix, so that file names stay in bounds */

void pst_style_argument_free(PstStyleArgument *argument)
{
    if (!argument)
        return;
    g_free(argument->label);
    g_free(argument->path);
    g_free(argument->file);
    g_free(argument->hash);
    pst_style_free(argument->style);
    g_free(argument);
}

static PstStyleArgument *from_entry(const PstStyleEntry *entry)
{
    PstStyleArgument *argument = g_new0(PstStyleArgument, 1);

    argument->label = g_strdup(entry->id);
    argument->path = g_strdup(entry->path);
    argument->style = pst_style_copy(entry->style);
    return argument;
}

static PstStyleArgument *from_file(const char *path, GError **error)
{
    g_autoptr(PstStyleArgument) argument = g_new0(PstStyleArgument, 1);

    argument->label = pst_file_stem(path);
    argument->path = g_strdup(path);
    argument->file = g_filename_display_basename(path);
    /* Whatever is no style file is left to the picture reader, which says best what is wrong. */
    argument->picture = pst_file_kind(path) != PST_FILE_TENSORS && !g_str_has_suffix(path, PST_STYLE_SUFFIX);
    if (!argument->picture) {
        argument->style = pst_style_read(path, error);
        if (!argument->style)
            return NULL;
    }
    return g_steal_pointer(&argument);
}

/* An artwork of the bank by its whole identifier. */
static PstStyleArgument *from_bank(const char *id)
{
    g_autoptr(PstArtworks) bank = pst_artworks_load_default(NULL);
    const PstArtwork *artwork = bank ? pst_artworks_find(bank, id) : NULL;
    PstStyleArgument *argument;

    if (!artwork)
        return NULL;
    argument = g_new0(PstStyleArgument, 1);
    argument->label = g_strdup(artwork->id);
    argument->path = g_strdup("");
    argument->style = pst_artwork_style(artwork);
    return argument;
}

/* FALSE when there is no such style; TRUE when there is, `*argument` being NULL if it can't be read. A
 * whole name goes before a file, a file before an artwork of the bank, that before a part of a name. */
static gboolean look_up(const char *text, const GPtrArray *library, PstStyleArgument **argument, GError **error)
{
    const PstStyleEntry *entry = NULL;

    if (*text && !strchr(text, G_DIR_SEPARATOR))
        entry = pst_style_library_find(library, text);
    if (entry && pst_style_library_names(entry, text))
        *argument = from_entry(entry);
    else if (g_file_test(text, G_FILE_TEST_EXISTS))
        *argument = from_file(text, error);
    else if (*text && !strchr(text, G_DIR_SEPARATOR) && (*argument = from_bank(text)))
        return TRUE;
    else if (entry)
        *argument = from_entry(entry);
    else
        return FALSE;
    return TRUE;
}

static void set_not_found(const char *text, const GPtrArray *library, GError **error)
{
    g_autofree char *hint = NULL;

    if (strchr(text, G_DIR_SEPARATOR) || strchr(text, '.'))
        hint = g_strdup(_("check its spelling"));
    else
        hint = pst_style_hint(library, text);
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT, _("%s: no such style, and no such file; %s"), text, hint);
}

PstStyleArgument *pst_style_argument_new(const char *text, const GPtrArray *library, GError **error)
{
    PstStyleArgument *argument = NULL;
    g_autofree char *name = NULL;
    const char *colon = strrchr(text, ':');
    double weight = 1;

    if (look_up(text, library, &argument, error)) {
        if (argument)
            argument->weight = 1;
        return argument;
    }
    if (!colon) {
        set_not_found(text, library, error);
        return NULL;
    }
    name = g_strndup(text, (gsize)(colon - text));
    if (pst_parse_real(colon + 1, &weight) && weight >= pst_look_numbers[PST_LOOK_WEIGHT].least &&
        weight <= pst_look_numbers[PST_LOOK_WEIGHT].most) {
        if (!look_up(name, library, &argument, error))
            set_not_found(name, library, error);
        else if (argument)
            argument->weight = weight;
        return argument;
    }
    if (look_up(name, library, &argument, NULL)) {
        pst_style_argument_free(argument);
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                    _("%s: the weight \"%s\" is no number above 0; write, for example, %s:0.5"), text, colon + 1, name);
    } else {
        set_not_found(text, library, error);
    }
    return NULL;
}

static PstStyleArgument *from_look(const PstLookStyle *style, const char *path)
{
    PstStyleArgument *argument = g_new0(PstStyleArgument, 1);

    argument->label = g_strdup(style->id);
    argument->path = g_strdup(path);
    argument->file = g_strdup(style->file);
    argument->hash = g_strdup(style->hash);
    argument->weight = style->weight;
    argument->style = pst_style_copy(style->style);
    return argument;
}

GPtrArray *pst_style_arguments_from_look(const PstLook *look, const char *path)
{
    GPtrArray *arguments = g_ptr_array_new_with_free_func((GDestroyNotify)pst_style_argument_free);

    for (int i = 0; i < look->count; i++) {
        for (int k = 0; k < look->regions[i].count; k++)
            g_ptr_array_add(arguments, from_look(&look->regions[i].styles[k], path));
    }
    return arguments;
}

gboolean pst_style_arguments_add(const GPtrArray *arguments, PstLook *look, GError **error)
{
    for (guint i = 0; i < arguments->len; i++) {
        const PstStyleArgument *argument = arguments->pdata[i];
        PstLookStyle *style = pst_look_append_style(look, 0, argument->label, argument->style, argument->weight);

        if (!style) {
            g_set_error(error, PST_RECIPE_ERROR, PST_RECIPE_ERROR_VALUE,
                        _("%u styles are more than can be mixed; choose up to %d"), arguments->len, PST_LOOK_STYLES);
            return FALSE;
        }
        style->file = g_strdup(argument->file);
        style->hash = g_strdup(argument->hash);
        /* A pipe can't be read twice. */
        if (style->file && !style->hash && g_file_test(argument->path, G_FILE_TEST_IS_REGULAR))
            style->hash = pst_recipe_hash(argument->path, NULL);
    }
    return TRUE;
}

gboolean pst_style_argument_load(PstStyleArgument *argument, PstStyleCache *cache, const PstModel *model,
                                 PstThreadPool *pool, const PstReadLimits *limits, int short_side, gboolean palette,
                                 GCancellable *cancellable, GError **error)
{
    g_autofree char *name = NULL;

    if (argument->style)
        return TRUE;
    name = g_utf8_make_valid(argument->label, -1);
    argument->style = pst_style_cache_encode(cache, model, pool, argument->path, limits, short_side, name,
                                             &argument->cached, cancellable, error);
    return argument->style && (!palette || pst_style_cache_add_palette(cache, model, pool, argument->path, limits,
                                                                       argument->style, cancellable, error));
}

PstStyle *pst_style_arguments_mix(const GPtrArray *arguments)
{
    g_autofree const PstStyle **styles = g_new(const PstStyle *, arguments->len);
    g_autofree double *weights = g_new(double, arguments->len);

    for (guint i = 0; i < arguments->len; i++) {
        const PstStyleArgument *argument = arguments->pdata[i];

        styles[i] = argument->style;
        weights[i] = argument->weight;
    }
    if (arguments->len == 1)
        return pst_style_copy(styles[0]);
    return pst_style_mix(styles, weights, (int)arguments->len);
}

char *pst_style_arguments_label(const GPtrArray *arguments)
{
    GString *label = g_string_new(NULL);

    for (guint i = 0; i < arguments->len; i++) {
        const PstStyleArgument *argument = arguments->pdata[i];

        if (i > 0)
            g_string_append_c(label, '+');
        g_string_append(label, argument->label);
    }
    if (label->len > LABEL) {
        gsize end = LABEL;

        while (end > 0 && ((guchar)label->str[end] & 0xc0) == 0x80)
            end--;
        g_string_truncate(label, end);
    }
    return g_string_free(label, FALSE);
}
