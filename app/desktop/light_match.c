#include "light_match.h"

#include "app/common/advice.h"
#include "app/common/file_kind.h"
#include "texture.h"
#include "thread_task.h"

#include "engine/domain/adapted_export.h"
#include "engine/picture/writer.h"

struct _PstLightMatch {
    GObject parent_instance;
    PstPhoto *photo;
    char *like;         /* the path, or NULL */
    GPtrArray *targets; /* PstDomain: of it, and of those before, which threads may still look at; never changed */
    GdkTexture *texture;
    double strength;
    GCancellable *cancellable; /* of everything; triggered when the match goes */
    gboolean showing, stale;   /* a preview is under way; and is not what is wanted by now */
};

G_DEFINE_FINAL_TYPE(PstLightMatch, pst_light_match, G_TYPE_OBJECT)

enum { TEXTURE = 1, READY, PROPERTIES };
static GParamSpec *properties[PROPERTIES];
static guint message_signal, saved_signal;

static void show(PstLightMatch *match);

/* The light that is wanted, or NULL. */
static const PstDomain *current(PstLightMatch *match)
{
    return match->targets->len > 0 ? match->targets->pdata[match->targets->len - 1] : NULL;
}

/* Cancelling is no failure. */
static void tell(PstLightMatch *match, const GError *error, const char *path)
{
    g_autofree char *text = NULL;

    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
        return;
    }
    text = pst_error_text_in_window(error, path);
    g_signal_emit(match, message_signal, 0, text);
}

/* ---- the preview ---------------------------------------------------------------------------- */

/* What a thread needs of the match, which is held meanwhile; the domain doesn't change. */
typedef struct {
    PstAdaptationTask task;
    PstPhoto *photo;
    char *path;
    PstInputs *inputs;
} Order;

static Order *order_new(PstLightMatch *match)
{
    Order *order = g_new0(Order, 1);

    order->photo = pst_photo_ref(match->photo);
    order->task.target = current(match);
    order->task.options = (PstAdaptationOptions){ PST_ADAPTATION_COLOUR, match->strength, 0, 0 };
    return order;
}

static void order_free(gpointer data)
{
    Order *order = data;

    pst_thread_pool_free(order->task.pool);
    pst_photo_unref(order->photo);
    pst_inputs_unref(order->inputs);
    g_free(order->path);
    g_free(order);
}

/* The photograph, small or at full size, as the order says. */
static PstPicture *adapt(const Order *order, const PstPhoto *photo, const PstPicture *picture,
                         GCancellable *cancellable, GError **error)
{
    g_autoptr(PstPicture) small = pst_domain_shrink(photo->preview, cancellable, error);
    g_autoptr(PstAdaptation)
        adaptation = small ? pst_adaptation_task_run(&order->task, small, photo->name, cancellable, error) : NULL;

    return adaptation ? pst_adaptation_picture(adaptation, order->task.pool, picture, cancellable, error) : NULL;
}

static void paint(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    Order *order = data;
    GError *error = NULL;
    g_autoptr(PstPicture) picture = NULL;
    g_autoptr(PstRaster) raster = NULL;

    order->task.pool = pst_thread_pool_new(0);
    if (order->task.target) {
        picture = adapt(order, order->photo, order->photo->preview, cancellable, &error);
    }
    if (!error) {
        raster = pst_raster_new(picture ? picture : order->photo->preview, cancellable, &error);
    }
    pst_thread_task_return(task, raster ? pst_texture_from_raster(raster) : NULL, g_object_unref, error);
}

static void on_shown(GObject *source, GAsyncResult *result, gpointer data)
{
    PstLightMatch *match = PST_LIGHT_MATCH(source);
    g_autoptr(GError) error = NULL;
    g_autoptr(GdkTexture) texture = g_task_propagate_pointer(G_TASK(result), &error);

    match->showing = FALSE;
    if (error) {
        tell(match, error, NULL);
    } else if (g_set_object(&match->texture, texture)) {
        g_object_notify_by_pspec(G_OBJECT(match), properties[TEXTURE]);
    }
    if (match->stale) {
        show(match);
    }
}

/* One at a time; a slider that moves meanwhile makes it stale. */
static void show(PstLightMatch *match)
{
    match->stale = match->showing;
    if (match->showing) {
        return;
    }
    match->showing = TRUE;
    pst_thread_task_run(match, match->cancellable, paint, order_new(match), order_free, on_shown, NULL);
}

/* ---- the light ------------------------------------------------------------------------------ */

static void read_light(GTask *task, gpointer source, gpointer path, GCancellable *cancellable)
{
    GError *error = NULL;
    g_autoptr(PstPicture) small = pst_domain_read(path, cancellable, &error);
    g_autoptr(PstDomain) domain = pst_domain_new(NULL, NULL);
    gboolean added = small && pst_domain_add(domain, small, cancellable, &error);

    pst_thread_task_return(task, added ? g_steal_pointer(&domain) : NULL, (GDestroyNotify)pst_domain_free, error);
}

static void on_light(GObject *source, GAsyncResult *result, gpointer data)
{
    PstLightMatch *match = PST_LIGHT_MATCH(source);
    g_autofree char *path = data;
    g_autoptr(GError) error = NULL;
    PstDomain *target = g_task_propagate_pointer(G_TASK(result), &error);

    if (!target) {
        tell(match, error, path);
        return;
    }
    g_ptr_array_add(match->targets, target);
    g_free(match->like);
    match->like = g_steal_pointer(&path);
    g_object_notify_by_pspec(G_OBJECT(match), properties[READY]);
    show(match);
}

void pst_light_match_set_like(PstLightMatch *match, const char *path)
{
    pst_thread_task_run(match, match->cancellable, read_light, g_strdup(path), g_free, on_light, g_strdup(path));
}

void pst_light_match_set_strength(PstLightMatch *match, double strength)
{
    if (match->strength != strength) {
        match->strength = strength;
        show(match);
    }
}

char *pst_light_match_name(PstLightMatch *match)
{
    g_autofree char *stem = NULL, *light = NULL, *name = NULL;

    if (!match->like) {
        return NULL;
    }
    stem = pst_file_stem(match->photo->name);
    light = pst_file_stem(match->like);
    name = g_strdup_printf("%s-%s.%s", stem, light, match->photo->full->info.format == PST_FORMAT_PNG ? "png" : "jpg");
    return g_filename_to_utf8(name, -1, NULL, NULL, NULL);
}

/* ---- saving --------------------------------------------------------------------------------- */

static char *save_pixels(const Order *order, const PstPhoto *photo, GCancellable *cancellable, GError **error)
{
    const PstProvenance provenance = { .program = "Pastiche " PASTICHE_VERSION, .enhanced = TRUE };
    const PstWriteOptions options = { .conflict = PST_CONFLICT_OVERWRITE, .provenance = &provenance };
    g_autoptr(PstPicture) picture = adapt(order, photo, photo->full, cancellable, error);
    char *written = NULL;

    if (picture) {
        pst_picture_write(picture, order->path, &options, &written, cancellable, error);
    }
    return written;
}

static void save(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    Order *order = data;
    const PstPhoto *photo = order->photo;
    const PstExportSettings settings = { .write = { .conflict = PST_CONFLICT_OVERWRITE }, .inputs = order->inputs };
    PstExportEffort effort;
    GError *error = NULL;
    char *written = NULL;

    order->task.pool = pst_thread_pool_new(0);
    if (pst_inputs_spare(order->inputs, order->path, &error)) {
        written = photo->path ? pst_adapted_export(&order->task, photo->path, order->path, &settings, NULL, &effort,
                                                   cancellable, &error)
                              : save_pixels(order, photo, cancellable, &error);
    }
    pst_thread_task_return(task, written, g_free, error);
}

static void on_saved(GObject *source, GAsyncResult *result, gpointer data)
{
    PstLightMatch *match = PST_LIGHT_MATCH(source);
    g_autoptr(GError) error = NULL;
    g_autofree char *written = g_task_propagate_pointer(G_TASK(result), &error);

    if (written) {
        g_signal_emit(match, saved_signal, 0, written);
    } else {
        tell(match, error, NULL);
    }
}

void pst_light_match_save(PstLightMatch *match, const char *path, PstInputs *inputs)
{
    Order *order = order_new(match);

    order->path = g_strdup(path);
    order->inputs = pst_inputs_ref(inputs);
    pst_inputs_add(inputs, match->like);
    pst_thread_task_run(match, match->cancellable, save, order, order_free, on_saved, NULL);
}

/* ---- the object ----------------------------------------------------------------------------- */

static void pst_light_match_get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
    PstLightMatch *match = PST_LIGHT_MATCH(object);

    if (id == TEXTURE) {
        g_value_set_object(value, match->texture);
    } else {
        g_value_set_boolean(value, current(match) != NULL);
    }
}

static void pst_light_match_finalize(GObject *object)
{
    PstLightMatch *match = PST_LIGHT_MATCH(object);

    pst_photo_unref(match->photo);
    g_ptr_array_unref(match->targets);
    g_clear_object(&match->texture);
    g_clear_object(&match->cancellable);
    g_free(match->like);
    G_OBJECT_CLASS(pst_light_match_parent_class)->finalize(object);
}

static void pst_light_match_class_init(PstLightMatchClass *klass)
{
    GObjectClass *object_class = G_OBJECT_CLASS(klass);

    object_class->get_property = pst_light_match_get_property;
    object_class->finalize = pst_light_match_finalize;
    properties[TEXTURE] = g_param_spec_object("texture", NULL, NULL, GDK_TYPE_TEXTURE,
                                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
    properties[READY] = g_param_spec_boolean("ready", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
    g_object_class_install_properties(object_class, PROPERTIES, properties);
    message_signal = g_signal_new("message", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_STRING);
    saved_signal = g_signal_new("saved", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                1, G_TYPE_STRING);
}

static void pst_light_match_init(PstLightMatch *match)
{
    match->strength = 1;
    match->targets = g_ptr_array_new_with_free_func((GDestroyNotify)pst_domain_free);
    match->cancellable = g_cancellable_new();
}

PstLightMatch *pst_light_match_new(PstPhoto *photo)
{
    PstLightMatch *match = g_object_new(PST_TYPE_LIGHT_MATCH, NULL);

    match->photo = pst_photo_ref(photo);
    show(match);
    return match;
}

void pst_light_match_cancel(PstLightMatch *match)
{
    g_cancellable_cancel(match->cancellable);
}
