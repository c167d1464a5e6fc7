#include "export_item.h"

#include <glib/gi18n.h>
#include <string.h>

#include "app/common/advice.h"
#include "app/common/style_parts.h"
#include "engine/paint/export.h"
#include "engine/paint/recipe.h"

#define NAME_BYTES 200

struct _PstExportItem {
    GObject parent_instance;
    char *name;
    char *slot;
    PstEngineService *service;
    PstExportState state;
    double share, seconds_left;
    char *message, *path, *warning;
    /* Not changed once it is started. */
    char *input;
    PstPhoto *photo;
    PstLook *look;
    PstPainting *painting;
    PstExportOptions options;
    PstInputs *inputs; /* or NULL */
};

G_DEFINE_FINAL_TYPE(PstExportItem, pst_export_item, G_TYPE_OBJECT)

enum { NAME = 1, STATE, SHARE, MESSAGE, PROPERTIES };
static GParamSpec *properties[PROPERTIES];

void pst_export_options_init(PstExportOptions *options)
{
    *options = (PstExportOptions){
        .pattern = g_strdup("{photo}-{style}"), .format = PST_FORMAT_JPEG, .depth = 8, .quality = 92, .recipe = TRUE
    };
}

void pst_export_options_copy(const PstExportOptions *options, PstExportOptions *copy)
{
    *copy = *options;
    copy->folder = g_strdup(options->folder);
    copy->pattern = g_strdup(options->pattern);
}

void pst_export_options_clear(PstExportOptions *options)
{
    g_clear_pointer(&options->folder, g_free);
    g_clear_pointer(&options->pattern, g_free);
}

static char *without_suffix(const char *name)
{
    char *stem = g_strdup(name), *dot = strrchr(stem, '.');

    if (dot && dot != stem && pst_format_from_suffix(stem) != PST_FORMAT_UNKNOWN) {
        *dot = '\0';
    }
    return stem;
}

/* "The Great Wave" is "great-wave" in the library; dropped pictures are known by their path. */
static char *style_label(const PstLook *look)
{
    GString *label = g_string_new(NULL);

    for (int i = 0; i < look->count; i++) {
        for (int k = 0; k < look->regions[i].count; k++) {
            g_autofree char *base = g_path_get_basename(look->regions[i].styles[k].id);
            g_autofree char *stem = without_suffix(base);

            g_string_append_printf(label, "%s%s", label->len ? "+" : "", stem);
        }
    }
    return g_string_free(label, FALSE);
}

char *pst_export_options_path(const PstExportOptions *options, const char *name, const PstLook *look)
{
    g_autofree char *stem = without_suffix(name);
    g_autofree char *style = style_label(look);
    g_autoptr(GString) file = g_string_new(options->pattern);

    g_string_replace(file, "{photo}", stem, 0);
    g_string_replace(file, "{style}", style, 0);
    for (char *p = file->str; *p; p++) {
        if (*p == '/' || (guchar)*p < ' ') {
            *p = '-';
        }
    }
    if (file->len > NAME_BYTES) {
        g_string_truncate(file, (gsize)(g_utf8_find_prev_char(file->str, file->str + NAME_BYTES + 1) - file->str));
    }
    g_strstrip(file->str);
    if (!*file->str || *file->str == '.') {
        g_string_assign(file, "painting");
    }
    g_autofree char *full = g_strconcat(file->str, ".", pst_format_suffix(options->format), NULL);

    return g_build_filename(options->folder, full, NULL);
}

static PstExportItem *item_new(const char *name, PstLook *look, const PstExportOptions *options)
{
    PstExportItem *item = g_object_new(PST_TYPE_EXPORT_ITEM, NULL);

    item->name = g_strdup(name);
    item->look = pst_look_ref(look);
    pst_export_options_copy(options, &item->options);
    return item;
}

PstExportItem *pst_export_item_new(PstPhoto *photo, PstLook *look, PstPainting *painting,
                                   const PstExportOptions *options)
{
    PstExportItem *item = item_new(photo->name, look, options);

    item->photo = pst_photo_ref(photo);
    item->input = pst_photo_is_reduced(photo) ? g_strdup(photo->path) : NULL;
    item->painting = painting ? pst_painting_ref(painting) : NULL;
    return item;
}

PstExportItem *pst_export_item_new_for_path(const char *path, PstLook *look, const PstExportOptions *options)
{
    g_autofree char *name = g_filename_display_basename(path);
    PstExportItem *item = item_new(name, look, options);

    item->input = g_strdup(path);
    return item;
}

typedef struct {
    PstExportItem *item;
    PstWorkerJob *job;
} Run;

static void paint_progress(double share, gpointer data)
{
    pst_worker_job_progress(((const Run *)data)->job, share);
}

/* Read in the main thread when all is done. */
static void note_warning(const char *file, const char *warning, gpointer data)
{
    PstExportItem *item = ((const Run *)data)->item;
    char *before = item->warning;

    item->warning = before ? g_strdup_printf("%s; %s", before, warning) : g_strdup(warning);
    g_free(before);
}

/* The photograph on the screen is at hand and will do, unless its file has more pixels and they are wanted. */
static PstExportSource get_source(const PstExportItem *item)
{
    const PstPicture *held = item->photo ? item->photo->full : NULL;
    int side = item->options.side;

    if (item->input && !(held && side > 0 && side <= MAX(held->width, held->height))) {
        return (PstExportSource){ .path = item->input };
    }
    return (PstExportSource){ .photo = held,
                              .painting = item->painting && !item->input && item->painting->photo == item->photo
                                              ? item->painting->picture
                                              : NULL };
}

static gpointer run(gpointer data, PstWorkerJob *job, GError **error)
{
    PstExportItem *item = data;
    const PstExportSource source = get_source(item);
    const PstModel *model = pst_engine_service_model(item->service, error);
    g_autofree char *path = pst_export_options_path(&item->options, item->name, item->look);
    g_autofree char *recipe = NULL;
    g_autoptr(PstLook) look = pst_look_copy(item->look);
    g_auto(PstRecipeOrigin) origin = { 0 };
    Run this = { item, job };
    PstExportSettings settings = { .limits = { .salvage = item->photo && item->photo->salvaged },
                                   .inputs = item->inputs,
                                   .warned = note_warning,
                                   .progress = paint_progress,
                                   .data = &this };

    if (!model) {
        return NULL;
    }
    pst_worker_job_progress(job, 0);
    look->size = item->options.side;
    if (!pst_style_parts_complete(look, model, pst_engine_service_pool(item->service, job),
                                  pst_worker_job_cancellable(job), error)) {
        return NULL;
    }
    if (item->options.recipe && !pst_look_is_plain(look)) {
        pst_recipe_origin_init(&origin, "pastiche " PASTICHE_VERSION, NULL);
        recipe = pst_recipe_write(look, &origin, NULL);
    }
    settings.write = (PstWriteOptions){ .format = item->options.format,
                                        .quality = item->options.quality,
                                        .depth = item->options.depth,
                                        .conflict = item->options.conflict,
                                        .metadata = item->options.metadata,
                                        .recipe = recipe };
    return pst_export(look, model, pst_engine_service_pool(item->service, job), &source, path, &settings, NULL,
                      pst_worker_job_cancellable(job), error);
}

static void set_state(PstExportItem *item, PstExportState state, const char *message)
{
    item->state = state;
    g_free(item->message);
    item->message = g_strdup(message);
    g_object_notify_by_pspec(G_OBJECT(item), properties[MESSAGE]);
    g_object_notify_by_pspec(G_OBJECT(item), properties[STATE]);
}

static void progress(gpointer data, double share, double seconds_left)
{
    PstExportItem *item = data;

    item->share = share;
    item->seconds_left = seconds_left;
    if (item->state == PST_EXPORT_WAITING) {
        set_state(item, PST_EXPORT_RUNNING, NULL);
    }
    g_object_notify_by_pspec(G_OBJECT(item), properties[SHARE]);
}

static void done(gpointer data, gpointer result, const GError *error)
{
    PstExportItem *item = data;

    /* The pixels are not needed any more; a list of a thousand of these is kept. */
    g_clear_pointer(&item->painting, pst_painting_unref);
    g_clear_pointer(&item->photo, pst_photo_unref);
    if (result) {
        g_autofree char *name = g_filename_display_name(result);

        item->path = result;
        item->share = 1;
        set_state(item, PST_EXPORT_DONE, name);
    } else if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
        set_state(item, PST_EXPORT_SKIPPED, _("Cancelled"));
    } else if (item->options.conflict == PST_CONFLICT_SKIP &&
               g_error_matches(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_EXISTS)) {
        set_state(item, PST_EXPORT_SKIPPED, _("There is such a file already"));
    } else {
        g_autofree char *text = pst_error_text(error);

        set_state(item, PST_EXPORT_FAILED, text);
    }
}

static const PstWorkerJobClass export_class = { run, progress, done, g_object_unref };

void pst_export_item_set_inputs(PstExportItem *item, PstInputs *inputs)
{
    g_clear_pointer(&item->inputs, pst_inputs_unref);
    item->inputs = pst_inputs_ref(inputs);
}

void pst_export_item_start(PstExportItem *item, PstEngineService *service)
{
    item->service = service;
    item->slot = g_strdup_printf("export/%p", (void *)item);
    pst_worker_push(pst_engine_service_worker(service), &export_class, PST_PRIORITY_EXPORT, item->slot,
                    g_object_ref(item));
}

void pst_export_item_cancel(PstExportItem *item)
{
    if (item->service && item->state <= PST_EXPORT_RUNNING) {
        pst_worker_cancel(pst_engine_service_worker(item->service), item->slot, FALSE);
    }
}

const char *pst_export_item_name(PstExportItem *item)
{
    return item->name;
}

PstExportState pst_export_item_state(PstExportItem *item)
{
    return item->state;
}

double pst_export_item_share(PstExportItem *item)
{
    return item->share;
}

double pst_export_item_seconds_left(PstExportItem *item)
{
    return item->seconds_left;
}

const char *pst_export_item_message(PstExportItem *item)
{
    return item->message;
}

const char *pst_export_item_warning(PstExportItem *item)
{
    return item->warning;
}

const char *pst_export_item_path(PstExportItem *item)
{
    return item->path;
}

static void pst_export_item_get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
    PstExportItem *item = PST_EXPORT_ITEM(object);

    switch (id) {
    case NAME:
        g_value_set_string(value, item->name);
        break;
    case STATE:
        g_value_set_int(value, (int)item->state);
        break;
    case SHARE:
        g_value_set_double(value, item->share);
        break;
    case MESSAGE:
        g_value_set_string(value, item->message);
        break;
    default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
    }
}

static void pst_export_item_finalize(GObject *object)
{
    PstExportItem *item = PST_EXPORT_ITEM(object);

    g_free(item->name);
    g_free(item->slot);
    g_free(item->message);
    g_free(item->path);
    g_free(item->warning);
    g_free(item->input);
    pst_photo_unref(item->photo);
    pst_look_unref(item->look);
    pst_painting_unref(item->painting);
    pst_export_options_clear(&item->options);
    g_clear_pointer(&item->inputs, pst_inputs_unref);
    G_OBJECT_CLASS(pst_export_item_parent_class)->finalize(object);
}

static void pst_export_item_class_init(PstExportItemClass *klass)
{
    const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

    G_OBJECT_CLASS(klass)->get_property = pst_export_item_get_property;
    G_OBJECT_CLASS(klass)->finalize = pst_export_item_finalize;
    properties[NAME] = g_param_spec_string("name", NULL, NULL, NULL, flags);
    properties[STATE] = g_param_spec_int("state", NULL, NULL, 0, PST_EXPORT_FAILED, 0, flags);
    properties[SHARE] = g_param_spec_double("share", NULL, NULL, 0, 1, 0, flags);
    properties[MESSAGE] = g_param_spec_string("message", NULL, NULL, NULL, flags);
    g_object_class_install_properties(G_OBJECT_CLASS(klass), PROPERTIES, properties);
}

static void pst_export_item_init(PstExportItem *item)
{
    item->seconds_left = -1;
}
