#include "requested_look.h"

#include "app/common/advice.h"
#include "app/common/own_styles.h"
#include "app/common/style_parts.h"
#include "region_setting.h"
#include "stylize_recipe.h"

#include "engine/style/style_library.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static void warn_of_style(const GError *error, gpointer data)
{
    g_autofree char *text = pst_error_text(error);

    pst_report_warning(data, text);
}

/* Adds a style that comes from no file; what it says of the look goes before what is usual, and after the options. */
static gboolean add_source(const PstStylizeRequest *request, PstReport *report, const GPtrArray *library, PstLook *look,
                           GPtrArray *styles)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PstAtlas) atlas = pst_atlas_load(&error);
    g_autofree char *note = NULL;
    PstWordsStyle answer;
    PstStyleArgument *style = atlas ? pst_style_source_make(&request->source, atlas, library, &answer, &note, &error)
                                    : NULL;

    if (!style) {
        pst_report_problem(report, error);
        return FALSE;
    }
    if (note)
        pst_report_note(report, note);
    pst_atlas_apply(&answer, look);
    pst_stylize_request_apply(request, look);
    g_ptr_array_add(styles, style);
    return TRUE;
}

/* The styles that may be meant; all where one is asked for in other ways than by identifier or path. */
static GPtrArray *read_library(const PstStylizeRequest *request, PstReport *report)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_auto(GStrv) ids = NULL;

    for (int i = 0; request->style_texts && request->style_texts[i]; i++) {
        const char *text = request->style_texts[i], *colon = strrchr(text, ':');
        g_autofree char *id = colon ? g_strndup(text, (gsize)(colon - text)) : g_strdup(text);

        if (!strchr(text, G_DIR_SEPARATOR) || !g_file_test(text, G_FILE_TEST_EXISTS))
            g_strv_builder_add(builder, id);
    }
    ids = g_strv_builder_end(builder);
    return pst_style_library_read_for(pst_style_source_is_given(&request->source) ? NULL : (const char *const *)ids,
                                      warn_of_style, report);
}

static GPtrArray *find_styles(const PstStylizeRequest *request, PstReport *report, PstLook *look)
{
    g_autoptr(GPtrArray) library = read_library(request, report);
    g_autoptr(GPtrArray) styles = g_ptr_array_new_with_free_func((GDestroyNotify)pst_style_argument_free);
    gboolean sound = TRUE;

    for (int i = 0; request->style_texts && request->style_texts[i]; i++) {
        g_autoptr(GError) error = NULL;
        PstStyleArgument *style = pst_style_argument_new(request->style_texts[i], library, &error);

        if (style) {
            g_ptr_array_add(styles, style);
        } else {
            pst_report_problem(report, error);
            sound = FALSE;
        }
    }
    if (sound && pst_style_source_is_given(&request->source))
        sound = add_source(request, report, library, look, styles);
    return sound ? g_steal_pointer(&styles) : NULL;
}

/* The look as recipe and options have it, without styles but those of the recipe. NULL when it can't be used. */
static PstLook *begin_look(const PstStylizeRequest *request, PstReport *report)
{
    g_autoptr(PstLook) look = NULL;
    g_autoptr(GError) error = NULL;

    if (!request->recipe) {
        look = pst_look_new();
        pst_stylize_request_apply(request, look);
        return g_steal_pointer(&look);
    }
    look = pst_stylize_recipe_read(request->recipe, report, &error);
    if (look)
        pst_stylize_request_apply(request, look);
    if (look && pst_stylize_request_has_style(request)) {
        look->regions[0].own = 0;
        while (look->count > 1)
            pst_look_remove_region(look, 1);
        while (look->regions[0].count > 0)
            pst_look_region_remove(&look->regions[0], 0);
        g_clear_pointer(&look->regions[0].mask, pst_mask_unref);
    } else if (look) {
        for (int i = 0; request->region_texts && request->region_texts[i] && !error; i++)
            pst_region_setting_apply(request->region_texts[i], look, &error);
        if (!error)
            pst_own_styles_complete(look, request->recipe, &error);
    }
    if (!error)
        return g_steal_pointer(&look);
    pst_report_problem(report, error);
    return NULL;
}

/* A style without its picture is numbers for one size of strokes only. */
static void warn_of_scale(const GPtrArray *styles, PstReport *report)
{
    for (guint i = 0; i < styles->len; i++) {
        const PstStyleArgument *style = styles->pdata[i];
        g_autofree char *message = NULL;

        if (style->picture)
            continue;
        message = g_strdup_printf(_("%s: --style-size has no effect on a style without its picture; give the picture"
                                    " itself to --style"),
                                  style->label);
        pst_report_warning(report, message);
    }
}

gboolean pst_requested_look_begin(PstRequestedLook *asked, const PstStylizeRequest *request, PstReport *report)
{
    *asked = (PstRequestedLook){ .request = request, .report = report, .look = begin_look(request, report) };
    if (!asked->look)
        return FALSE;
    asked->styles = pst_stylize_request_has_style(request)
                        ? find_styles(request, report, asked->look)
                        : pst_style_arguments_from_look(asked->look, request->recipe);
    if (asked->styles && request->given[PST_LOOK_STYLE_SIDE])
        warn_of_scale(asked->styles, report);
    return asked->styles != NULL;
}

void pst_requested_look_clear(PstRequestedLook *asked)
{
    g_clear_pointer(&asked->look, pst_look_unref);
    g_clear_pointer(&asked->styles, g_ptr_array_unref);
}

/* Works out the styles of pictures. */
static gboolean load_styles(PstRequestedLook *asked, const PstModel *model, PstThreadPool *pool,
                            GCancellable *cancellable, GError **error)
{
    g_autoptr(PstStyleCache) cache = pst_style_cache_new(NULL, 0);

    for (guint i = 0; i < asked->styles->len; i++) {
        if (!pst_style_argument_load(asked->styles->pdata[i], cache, model, pool, &asked->request->limits,
                                     asked->look->style_side, asked->look->finish == PST_FINISH_MASTERPIECE,
                                     cancellable, error))
            return FALSE;
    }
    return TRUE;
}

/* What can't be refined is painted all the same, and not in silence. */
static gboolean check_finish(const PstRequestedLook *asked, const PstModel *model, PstThreadPool *pool,
                             GCancellable *cancellable, GError **error)
{
    const PstLookStyle *lacking;
    g_autofree char *message = NULL;

    if (!pst_style_parts_complete(asked->look, model, pool, cancellable, error))
        return FALSE;
    if (pst_look_is_refinable(asked->look, &lacking) || !lacking)
        return TRUE;
    message = g_strdup_printf(_("%s: keeps nothing of its painting's strokes, so there is no masterpiece in it: painted"
                                " instantly; give the painting itself to --style"),
                              lacking->id);
    pst_report_warning(asked->report, message);
    return TRUE;
}

void pst_requested_look_add_inputs(const PstRequestedLook *asked, PstInputs *inputs)
{
    for (guint i = 0; i < asked->styles->len; i++) {
        const PstStyleArgument *style = asked->styles->pdata[i];

        pst_inputs_add(inputs, style->path);
    }
    pst_inputs_add(inputs, asked->request->recipe);
}

gboolean pst_requested_look_complete(PstRequestedLook *asked, const PstModel *model, PstThreadPool *pool,
                                     GCancellable *cancellable, GError **error)
{
    gint64 since = g_get_monotonic_time();

    if (!load_styles(asked, model, pool, cancellable, error))
        return FALSE;
    asked->style_seconds = (double)(g_get_monotonic_time() - since) / G_USEC_PER_SEC;
    return (!pst_look_is_plain(asked->look) || pst_style_arguments_add(asked->styles, asked->look, error)) &&
           check_finish(asked, model, pool, cancellable, error);
}
