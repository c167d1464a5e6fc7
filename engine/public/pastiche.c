/* For dladdr(). */
#define _GNU_SOURCE

#include "pastiche.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/memory_guard.h"
#include "engine/network/safetensors.h"
#include "engine/paint/export.h"
#include "engine/picture/reader.h"
#include "engine/picture/writer.h"
#include "engine/style/calibration.h"

/* The types of the engine under their public names: PasticheStyle is a PstStyle, PastichePicture a PstPicture. */

struct Pastiche {
    GMutex mutex; /* of painting */
    PstModel *model;
    PstThreadPool *pool;
    char *data;
};

G_DEFINE_QUARK(pastiche-error-quark, pastiche_error);

static PasticheError picture_error(int code)
{
    switch (code) {
    case PST_PICTURE_ERROR_MISSING:
    case PST_PICTURE_ERROR_NOT_A_FILE:
        return PASTICHE_ERROR_MISSING;
    case PST_PICTURE_ERROR_PERMISSION:
        return PASTICHE_ERROR_PERMISSION;
    case PST_PICTURE_ERROR_EMPTY:
    case PST_PICTURE_ERROR_FORMAT:
    case PST_PICTURE_ERROR_UNSUPPORTED:
    case PST_PICTURE_ERROR_DAMAGED:
        return PASTICHE_ERROR_FORMAT;
    case PST_PICTURE_ERROR_TOO_BIG:
        return PASTICHE_ERROR_TOO_BIG;
    case PST_PICTURE_ERROR_MEMORY:
        return PASTICHE_ERROR_MEMORY;
    case PST_PICTURE_ERROR_NO_SPACE:
        return PASTICHE_ERROR_NO_SPACE;
    default:
        return PASTICHE_ERROR_FAILED;
    }
}

/* Hands on what a function of the engine returned; where that is NULL, its error under a public name. */
static gpointer handed_on(gpointer result, GError *cause, GError **error)
{
    PasticheError code = PASTICHE_ERROR_FAILED;

    if (result) {
        return result;
    }
    if (g_error_matches(cause, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
        g_propagate_error(error, cause);
        return NULL;
    }
    if (cause->domain == PST_PICTURE_ERROR) {
        code = picture_error(cause->code);
    } else if (cause->domain == PST_MEMORY_ERROR) {
        code = PASTICHE_ERROR_MEMORY;
    } else if (cause->domain == PST_MODEL_ERROR) {
        code = cause->code == PST_MODEL_ERROR_MISSING ? PASTICHE_ERROR_MISSING : PASTICHE_ERROR_FORMAT;
    } else if (cause->domain == PST_TENSORS_ERROR) {
        code = cause->code == PST_TENSORS_ERROR_READ ? PASTICHE_ERROR_MISSING : PASTICHE_ERROR_FORMAT;
    } else if (cause->domain == PST_STYLE_ERROR) {
        code = PASTICHE_ERROR_FORMAT;
    }
    g_set_error_literal(error, PASTICHE_ERROR, code, cause->message);
    g_error_free(cause);
    return NULL;
}

/* The data folder that was installed with this library, wherever both were moved; or NULL. */
static char *beside_library(void)
{
    Dl_info library;
    g_autofree char *folder = NULL;
    g_autofree char *data = NULL;
    g_autofree char *file = NULL;

    if (!dladdr(pastiche_new, &library)) {
        return NULL;
    }
    folder = g_path_get_dirname(library.dli_fname);
    data = g_build_filename(folder, PST_DATA_FROM_LIBRARY, NULL);
    file = g_build_filename(data, "base.safetensors", NULL);
    /* As the system resolves it: the library may lie behind a link, as /lib is one to /usr/lib. */
    return g_file_test(file, G_FILE_TEST_EXISTS) ? realpath(data, NULL) : NULL;
}

static char *find_data(const char *data, GError **error)
{
    char *beside = data || g_getenv("PASTICHE_DATA") ? NULL : beside_library();

    return data ? g_strdup(data) : beside ? beside : pst_data_folder(error);
}

static PstModel *load_model(const char *encoder, const char *generator, GError **error)
{
    g_autoptr(PstMemoryGuard) guard = pst_memory_guard_new(NULL, error);
    g_autoptr(PstModel) model = guard ? pst_model_load(encoder, generator, error) : NULL;

    if (model && g_cancellable_set_error_if_cancelled(pst_memory_guard_cancellable(guard), error)) {
        g_clear_pointer(&model, pst_model_free);
    }
    pst_memory_guard_explain(guard, error);
    return g_steal_pointer(&model);
}

Pastiche *pastiche_new(const char *data, int threads, GError **error)
{
    g_autoptr(Pastiche) pastiche = g_new0(Pastiche, 1);
    GError *cause = NULL;

    g_mutex_init(&pastiche->mutex);
    pastiche->data = find_data(data, &cause);
    if (pastiche->data) {
        g_autofree char *encoder = g_build_filename(pastiche->data, "encoder.safetensors", NULL);
        g_autofree char *generator = g_build_filename(pastiche->data, "base.safetensors", NULL);

        pastiche->model = load_model(encoder, generator, &cause);
    }
    if (!handed_on(pastiche->model, cause, error)) {
        return NULL;
    }
    pastiche->pool = pst_thread_pool_new(threads);
    return g_steal_pointer(&pastiche);
}

void pastiche_free(Pastiche *pastiche)
{
    if (!pastiche) {
        return;
    }
    pst_thread_pool_free(pastiche->pool);
    pst_model_free(pastiche->model);
    g_mutex_clear(&pastiche->mutex);
    g_free(pastiche->data);
    g_free(pastiche);
}

static PstStyle *style_of_picture(Pastiche *pastiche, const char *path, GCancellable *cancellable, GError **error)
{
    g_autoptr(PstMemoryGuard) guard = pst_memory_guard_new(cancellable, error);
    g_autoptr(PstPicture) picture = guard ? pst_picture_read(path, NULL, cancellable, error) : NULL;
    g_autofree char *name = g_filename_display_basename(path);
    PstStyle *style = NULL;

    if (picture) {
        g_mutex_lock(&pastiche->mutex);
        style = pst_style_from_painting(pastiche->model, pastiche->pool, picture, 0, name,
                                        pst_memory_guard_cancellable(guard), error);
        g_mutex_unlock(&pastiche->mutex);
    }
    pst_memory_guard_explain(guard, error);
    return style;
}

PasticheStyle *pastiche_style_read(Pastiche *pastiche, const char *source, GCancellable *cancellable, GError **error)
{
    GError *cause = NULL;
    PstStyle *style;

    if (!strpbrk(source, "./")) {
        g_autofree char *name = g_strconcat(source, PST_STYLE_SUFFIX, NULL);
        g_autofree char *path = g_build_filename(pastiche->data, "styles", name, NULL);

        style = pst_style_read(path, &cause);
    } else if (g_str_has_suffix(source, PST_STYLE_SUFFIX)) {
        style = pst_style_read(source, &cause);
    } else {
        style = style_of_picture(pastiche, source, cancellable, &cause);
    }
    return handed_on(style, cause, error);
}

void pastiche_style_free(PasticheStyle *style)
{
    pst_style_free((PstStyle *)style);
}

const char *pastiche_style_name(const PasticheStyle *style)
{
    return ((const PstStyle *)style)->name;
}

PastichePicture *pastiche_picture_new(int width, int height, gboolean alpha, GError **error)
{
    GError *cause = NULL;
    PstPicture *picture = pst_picture_new(width, height, alpha, &cause);

    return handed_on(picture, cause, error);
}

PastichePicture *pastiche_picture_read(const char *path, GCancellable *cancellable, GError **error)
{
    GError *cause = NULL;
    PstPicture *picture = pst_picture_read(path, NULL, cancellable, &cause);

    return handed_on(picture, cause, error);
}

char *pastiche_picture_write(const PastichePicture *picture, const char *path, GCancellable *cancellable,
                             GError **error)
{
    GError *cause = NULL;
    char *written = NULL;

    pst_picture_write((const PstPicture *)picture, path, NULL, &written, cancellable, &cause);
    return handed_on(written, cause, error);
}

void pastiche_picture_free(PastichePicture *picture)
{
    pst_picture_free((PstPicture *)picture);
}

int pastiche_picture_width(const PastichePicture *picture)
{
    return ((const PstPicture *)picture)->width;
}

int pastiche_picture_height(const PastichePicture *picture)
{
    return ((const PstPicture *)picture)->height;
}

float *pastiche_picture_rgb(PastichePicture *picture)
{
    return ((PstPicture *)picture)->rgb;
}

float *pastiche_picture_alpha(PastichePicture *picture)
{
    return ((PstPicture *)picture)->alpha;
}

static PstLook *look_of(const PasticheStyle *style, const PasticheSettings *how)
{
    PstLook *look = pst_look_new();

    pst_look_add_style(look, 0, "", (const PstStyle *)style, 1);
    look->strength = how->strength;
    look->detail = how->detail;
    look->keep_colours = how->keep_colours;
    return look;
}

PastichePicture *pastiche_paint(Pastiche *pastiche, const PastichePicture *photo, const PasticheStyle *style,
                                const PasticheSettings *settings, GCancellable *cancellable, GError **error)
{
    const PasticheSettings usual = PASTICHE_SETTINGS_INIT, *how = settings ? settings : &usual;
    const PstRowSource source = pst_row_source((const PstPicture *)photo);
    g_autoptr(PstLook) look = look_of(style, how);
    const PstPainterOptions options = { .stroke = pst_look_stroke(look, source.width, source.height) };
    g_auto(PstLookLayers) layers = { 0 };
    PstPicture *painting = NULL;
    const PstRowSink sink = { .picture = &painting };
    GError *cause = NULL;

    g_autoptr(PstMemoryGuard) guard = pst_memory_guard_new(cancellable, &cause);
    GCancellable *either = guard ? pst_memory_guard_cancellable(guard) : NULL;
    pst_look_layers_init(&layers, look);
    g_mutex_lock(&pastiche->mutex);
    g_autoptr(PstPainter)
        painter = guard ? pst_painter_new(pastiche->model, pastiche->pool, &source, &options, either, &cause) : NULL;
    if (painter)
        pst_painter_paint(painter, &layers.paint, &sink, how->progress, how->data, either, &cause);
    g_mutex_unlock(&pastiche->mutex);
    pst_memory_guard_explain(guard, &cause);
    return handed_on(painting, cause, error);
}

char *pastiche_paint_file(Pastiche *pastiche, const char *photo, const PasticheStyle *style, const char *painting,
                          const PasticheSettings *settings, GCancellable *cancellable, GError **error)
{
    const PasticheSettings usual = PASTICHE_SETTINGS_INIT, *how = settings ? settings : &usual;
    const PstExportSource source = { .path = photo };
    const PstExportSettings export = { .progress = how->progress, .data = how->data };
    g_autoptr(PstLook) look = look_of(style, how);
    GError *cause = NULL;
    char *written;

    g_mutex_lock(&pastiche->mutex);
    written = pst_export(look, pastiche->model, pastiche->pool, &source, painting, &export, NULL, cancellable, &cause);
    g_mutex_unlock(&pastiche->mutex);
    return handed_on(written, cause, error);
}
