#include "style_facts.h"

#include "app/common/advice.h"
#include "app/common/atlas.h"
#include "app/common/unlikeness.h"
#include "console.h"

#include "engine/base/memory_guard.h"
#include "engine/picture/reader.h"

#include <glib/gi18n-lib.h>

#define SIDE    1024       /* pixels of the long side at which a picture is read, where its format allows that */
#define LARGEST 50000000ul /* pixels: a larger one is described by its header alone */

struct PstStyleTeller {
    gboolean tried;
    PstAtlas *atlas;
    PstFamiliarity *familiarity;
    PstModel *model;
    PstThreadPool *pool;
};

PstStyleTeller *pst_style_teller_new(void)
{
    return g_new0(PstStyleTeller, 1);
}

void pst_style_teller_free(PstStyleTeller *teller)
{
    if (!teller)
        return;
    pst_atlas_free(teller->atlas);
    pst_familiarity_free(teller->familiarity);
    pst_model_free(teller->model);
    g_clear_pointer(&teller->pool, pst_thread_pool_free);
    g_free(teller);
}

static gboolean prepare(PstStyleTeller *teller)
{
    if (!teller->tried) {
        teller->tried = TRUE;
        teller->atlas = pst_atlas_load(NULL);
        teller->familiarity = pst_familiarity_load_default(NULL);
        teller->model = teller->atlas ? pst_model_load_default(NULL) : NULL;
        teller->pool = teller->model ? pst_thread_pool_new(0) : NULL;
    }
    return teller->pool != NULL;
}

void pst_style_teller_tell(PstStyleTeller *teller, PstFacts *facts, const char *path, GCancellable *cancellable)
{
    const PstReadLimits limits = { .max_side = SIDE, .max_pixels = LARGEST };
    g_autoptr(GError) error = NULL;
    g_autoptr(PstPicture) picture = NULL;
    g_autoptr(PstStyle) style = NULL;
    g_autofree char *text = NULL;
    PstAppearance appearance;
    gboolean unlike;

    /* What comes through a pipe has been read by now. */
    if (!g_file_test(path, G_FILE_TEST_IS_REGULAR) || !prepare(teller))
        return;
    picture = pst_picture_read(path, &limits, cancellable, &error);
    if (picture && pst_appearance_measure(picture, &appearance, cancellable, &error))
        style = pst_style_from_picture(teller->model, teller->pool, picture, 0, "", cancellable, &error);
    if (g_error_matches(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_TOO_BIG))
        return;
    if (!style) {
        text = pst_error_text(error);
        pst_facts_text(facts, "warning", text);
        return;
    }
    text = pst_atlas_describe(teller->atlas, &appearance, style->statistics);
    pst_facts_say(facts, _("style"), "%s", text);
    pst_facts_set(facts, "style", pst_json_text(text));
    unlike = teller->familiarity && pst_statistics_are_unlike(teller->familiarity, style->statistics);
    pst_facts_set(facts, "unlike", json_boolean(unlike));
    if (unlike)
        pst_facts_say(facts, _("note"), "%s", pst_unlikeness_text());
}
