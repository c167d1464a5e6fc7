/* The operation pastiche:stylize for GEGL, by which GIMP and other programs paint through libpastiche.
 *
 * A painting depends on all of the picture, so all of it is asked for and painted at once, whatever part is wanted. The
 * networks are loaded by the first operation and stay for all; a style stays while it is the operation's.
 */
#include <glib/gi18n-lib.h>

#ifdef GEGL_PROPERTIES

/* clang-format off */
property_string(style, _("Style"), "great-wave")
    description(_("The name of a built-in style, or the path of a style file or a picture"))

property_double(strength, _("Strength"), 1.0)
    description(_("From the photograph to the full painting"))
    value_range(0.0, 1.0)

property_double(detail, _("Detail"), 1.0)
    description(_("How much of the fine drawing is kept"))
    value_range(0.0, 1.0)

property_boolean(keep_colors, _("Keep colors"), FALSE)
    description(_("Keep the photograph's colors"))
/* clang-format on */

#else

#define GEGL_OP_FILTER
#define GEGL_OP_NAME     stylize
#define GEGL_OP_C_SOURCE stylize.c

#include "gegl-op.h"

#include "engine/public/pastiche.h"

/* What an operation keeps from one painting to the next. */
typedef struct {
    char *source;
    PasticheStyle *style;
} Kept;

static void kept_clear(Kept *kept)
{
    g_clear_pointer(&kept->source, g_free);
    g_clear_pointer(&kept->style, pastiche_style_free);
}

/* The networks, or NULL; where they can't be loaded, it is tried again the next time. */
static Pastiche *networks(GError **error)
{
    static GMutex mutex;
    static Pastiche *pastiche;

    g_mutex_lock(&mutex);
    if (!pastiche)
        pastiche = pastiche_new(NULL, 0, error);
    g_mutex_unlock(&mutex);
    return pastiche;
}

static const PasticheStyle *style_of(GeglProperties *o, Pastiche *pastiche, GError **error)
{
    Kept *kept = o->user_data;

    if (!kept)
        o->user_data = kept = g_new0(Kept, 1);
    if (!kept->style || g_strcmp0(kept->source, o->style) != 0) {
        kept_clear(kept);
        kept->source = g_strdup(o->style);
        kept->style = pastiche_style_read(pastiche, o->style, NULL, error);
    }
    return kept->style;
}

static void prepare(GeglOperation *operation)
{
    const Babl *source = gegl_operation_get_source_format(operation, "input");
    const Babl *format = babl_format(source && !babl_format_has_alpha(source) ? "R'G'B' float" : "R'G'B'A float");

    gegl_operation_set_format(operation, "input", format);
    gegl_operation_set_format(operation, "output", format);
}

static GeglRectangle whole_of(GeglOperation *operation)
{
    const GeglRectangle *whole = gegl_operation_source_get_bounding_box(operation, "input");

    return whole ? *whole : *GEGL_RECTANGLE(0, 0, 0, 0);
}

static GeglRectangle get_required_for_output(GeglOperation *operation, const gchar *input, const GeglRectangle *wanted)
{
    return whole_of(operation);
}

static GeglRectangle get_cached_region(GeglOperation *operation, const GeglRectangle *wanted)
{
    return whole_of(operation);
}

static PastichePicture *read_photo(GeglBuffer *input, const GeglRectangle *whole, gboolean alpha, GError **error)
{
    g_autoptr(PastichePicture) photo = pastiche_picture_new(whole->width, whole->height, alpha, error);
    g_autofree float *row = g_new(float, (gsize)whole->width * 4);

    for (int y = 0; photo && y < whole->height; y++) {
        const GeglRectangle line = { whole->x, whole->y + y, whole->width, 1 };
        gsize at = (gsize)y * (gsize)whole->width;

        gegl_buffer_get(input, &line, 1, babl_format("R'G'B'A float"), row, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
        for (gsize x = 0; x < (gsize)whole->width; x++) {
            for (gsize k = 0; k < 3; k++)
                pastiche_picture_rgb(photo)[(at + x) * 3 + k] = CLAMP(row[x * 4 + k], 0, 1);
            if (alpha)
                pastiche_picture_alpha(photo)[at + x] = CLAMP(row[x * 4 + 3], 0, 1);
        }
    }
    return g_steal_pointer(&photo);
}

static void write_painting(PastichePicture *painting, GeglBuffer *output, const GeglRectangle *whole)
{
    const float *rgb = pastiche_picture_rgb(painting), *alpha = pastiche_picture_alpha(painting);
    g_autofree float *row = g_new(float, (gsize)whole->width * 4);

    for (int y = 0; y < whole->height; y++) {
        const GeglRectangle line = { whole->x, whole->y + y, whole->width, 1 };
        gsize at = (gsize)y * (gsize)whole->width;

        for (gsize x = 0; x < (gsize)whole->width; x++) {
            for (gsize k = 0; k < 3; k++)
                row[x * 4 + k] = rgb[(at + x) * 3 + k];
            row[x * 4 + 3] = alpha ? alpha[at + x] : 1;
        }
        gegl_buffer_set(output, &line, 0, babl_format("R'G'B'A float"), row, GEGL_AUTO_ROWSTRIDE);
    }
}

static PastichePicture *paint(GeglProperties *o, GeglBuffer *input, const GeglRectangle *whole, gboolean alpha,
                              GError **error)
{
    PasticheSettings settings = PASTICHE_SETTINGS_INIT;
    Pastiche *pastiche = networks(error);
    const PasticheStyle *style = pastiche ? style_of(o, pastiche, error) : NULL;
    g_autoptr(PastichePicture) photo = style ? read_photo(input, whole, alpha, error) : NULL;

    settings.strength = o->strength;
    settings.detail = o->detail;
    settings.keep_colours = o->keep_colors;
    return photo ? pastiche_paint(pastiche, photo, style, &settings, NULL, error) : NULL;
}

/* GEGL has no way to tell of errors but this one: a warning, and the picture as it was. */
static gboolean process(GeglOperation *operation, GeglBuffer *input, GeglBuffer *output, const GeglRectangle *result,
                        gint level)
{
    const GeglRectangle whole = whole_of(operation);
    gboolean alpha = babl_format_has_alpha(gegl_operation_get_format(operation, "input"));
    g_autoptr(PastichePicture) painting = NULL;
    g_autoptr(GError) error = NULL;

    if (whole.width > 0 && whole.height > 0 && !gegl_rectangle_is_infinite_plane(&whole))
        painting = paint(GEGL_PROPERTIES(operation), input, &whole, alpha, &error);
    if (painting)
        write_painting(painting, output, &whole);
    else
        gegl_buffer_copy(input, result, GEGL_ABYSS_NONE, output, result);
    if (error)
        g_warning("pastiche:stylize: %s", error->message);
    return TRUE;
}

static void finalize(GObject *object)
{
    GeglProperties *o = GEGL_PROPERTIES(object);

    if (o->user_data)
        kept_clear(o->user_data);
    g_clear_pointer(&o->user_data, g_free);
    G_OBJECT_CLASS(gegl_op_parent_class)->finalize(object);
}

static void gegl_op_class_init(GeglOpClass *klass)
{
    GeglOperationClass *operation = GEGL_OPERATION_CLASS(klass);

    G_OBJECT_CLASS(klass)->finalize = finalize;
    operation->prepare = prepare;
    operation->get_required_for_output = get_required_for_output;
    operation->get_cached_region = get_cached_region;
    operation->threaded = FALSE;
    GEGL_OPERATION_FILTER_CLASS(klass)->process = process;
    gegl_operation_class_set_keys(operation, "name", "pastiche:stylize", "title", _("Paint with Pastiche"),
                                  "categories", "artistic", "description",
                                  _("Paints a photograph in the style of a painting"), NULL);
}

#endif
