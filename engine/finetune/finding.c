/* What findings say in words. */
#include "data_check.h"

#include <glib/gi18n-lib.h>

static const char *file(const json_t *finding, size_t i)
{
    const char *name = json_string_value(json_array_get(json_object_get(finding, "files"), i));

    return name ? name : "?";
}

static int pixels(const json_t *array, size_t i)
{
    return (int)json_integer_value(json_array_get(array, i));
}

static const json_t *picture(const json_t *pictures, const char *name)
{
    const json_t *entry;
    size_t i;

    json_array_foreach(pictures, i, entry) {
        if (g_strcmp0(json_string_value(json_object_get(entry, "file")), name) == 0) {
            return entry;
        }
    }
    return NULL;
}

#define SAY(text) (translated ? _(text) : (text))

/* Sentences about one picture or two. */
static char *text_of_file(PstFindingKind kind, const json_t *finding, const json_t *pictures, gboolean translated)
{
    const json_t *entry = picture(pictures, file(finding, 0)), *crop = json_object_get(finding, "crop");

    switch (kind) {
    case PST_FINDING_SMALL:
        return g_strdup_printf(SAY(N_("%s: is only %d x %d pixels, its strokes can't be told; a larger copy would teach"
                                      " more")),
                               file(finding, 0), (int)json_integer_value(json_object_get(entry, "width")),
                               (int)json_integer_value(json_object_get(entry, "height")));
    case PST_FINDING_BLURRED:
        return g_strdup_printf(SAY(N_("%s: is blurred, or was enlarged; a sharper copy would teach more")),
                               file(finding, 0));
    case PST_FINDING_DUPLICATE:
        return g_strdup_printf(SAY(N_("%s: is nearly the same picture as %s and makes it count twice; leave one out")),
                               file(finding, 1), file(finding, 0));
    case PST_FINDING_PHOTOGRAPH:
        return g_strdup_printf(SAY(N_("%s: looks like a photograph; a style is learnt from paintings or drawings")),
                               file(finding, 0));
    case PST_FINDING_FRAME:
        return g_strdup_printf(SAY(N_("%s: has a frame, a margin or a wall around it, which is learnt too; crop it to"
                                      " %d x %d pixels from %d, %d on")),
                               file(finding, 0), pixels(crop, 2), pixels(crop, 3), pixels(crop, 0), pixels(crop, 1));
    default:
        return g_strdup(json_string_value(json_object_get(finding, "text")));
    }
}

/* Sentences about all of them. */
static const char *text_of_all(PstFindingKind kind, const json_t *finding, gboolean one, gboolean translated)
{
    switch (kind) {
    case PST_FINDING_STYLES:
        return SAY(N_("the pictures are of clearly different styles and become a mean of them; train one style for each"
                      " group"));
    case PST_FINDING_PALETTE:
        return json_is_true(json_object_get(finding, "grey"))
                   ? SAY(N_("the pictures have hardly any colours; results will have no others"))
                   : SAY(N_("the pictures have colours of one hue only; results will have no others"));
    case PST_FINDING_DARK:
        return one ? SAY(N_("the picture is dark; photographs of bright days will come out dark, too"))
                   : SAY(N_("all pictures are dark; photographs of bright days will come out dark, too"));
    case PST_FINDING_BRIGHT:
        return one ? SAY(N_("the picture is very light; dark photographs will come out light, too"))
                   : SAY(N_("all pictures are very light; dark photographs will come out light, too"));
    case PST_FINDING_PORTRAITS:
        return SAY(
            N_("all pictures are upright with one subject in the middle, portraits probably; what landscapes need"
               " is not in them"));
    default:
        return SAY(N_("there is one picture only; its subject and its colours are taken for the style"));
    }
}

PstFindingKind pst_finding_kind(const json_t *finding)
{
    const char *name = json_string_value(json_object_get(finding, "kind"));
    int kind = 0;

    while (kind < PST_FINDINGS && g_strcmp0(name, pst_finding_names[kind]) != 0) {
        kind++;
    }
    return (PstFindingKind)kind;
}

char *pst_finding_text(const json_t *finding, const json_t *pictures, gboolean translated)
{
    PstFindingKind kind = pst_finding_kind(finding);

    if (kind < PST_FINDING_STYLES || kind == PST_FINDINGS) {
        return text_of_file(kind, finding, pictures, translated);
    }
    return g_strdup(text_of_all(kind, finding, json_array_size(pictures) == 1, translated));
}
