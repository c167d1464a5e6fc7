/* All formats but JPEG and PNG, by a loader process. */
#include "picture_decoder.h"

#include "error.h"
#include "loader_process.h"

#include <glib/gi18n-lib.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
    PstPictureDecoder base;
    PstLoaderProcess process;
    gboolean requested; /* the rows are */
    gsize row_size;
} LoadedDecoder;

static void set_said(const LoadedDecoder *self, const PstStreamFailure *failure, GError **error)
{
    const char *name = self->base.source->name;
    const char *detail = failure->detail && *failure->detail ? _(failure->detail) : _("unknown reason");
    switch (failure->code) {
    case PST_PICTURE_ERROR_MEMORY:
        pst_picture_set_error(error, failure->code, name, "not enough memory");
        break;
    case PST_PICTURE_ERROR_UNSUPPORTED:
        pst_picture_set_error(error, failure->code, name, "is of a kind that can't be read (%s)", detail);
        break;
    case PST_PICTURE_ERROR_TOO_BIG:
        pst_picture_set_error(error, failure->code, name, "is too large (%s)", detail);
        break;
    default:
        pst_picture_set_error(error, PST_PICTURE_ERROR_DAMAGED, name, "is damaged (%s)", detail);
    }
}

/* The loader ended without a word. */
static void set_ended(LoadedDecoder *self, GError **error)
{
    const char *name = self->base.source->name;
    /* It may be on its way: the pipe is closed before the process is gone. */
    int status = pst_loader_process_wait(&self->process);
    if (WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL))
        pst_picture_set_error(error, PST_PICTURE_ERROR_TOO_BIG, name, "takes too long to decode, or too much memory");
    else if (WIFSIGNALED(status))
        pst_picture_set_error(error, PST_PICTURE_ERROR_DAMAGED, name, "is damaged (its decoder crashed: %s)",
                              strsignal(WTERMSIG(status)));
    else
        pst_picture_set_error(error, PST_PICTURE_ERROR_DAMAGED, name, "is damaged (its decoder gave up)");
}

/* FALSE with an error, unless the status is good. */
static gboolean check(LoadedDecoder *self, PstStreamStatus status, PstStreamFailure *failure, GError **error)
{
    const char *name = self->base.source->name;
    switch (status) {
    case PST_STREAM_OK:
        return TRUE;
    case PST_STREAM_FAILED:
        set_said(self, failure, error);
        break;
    case PST_STREAM_CANCELLED:
        g_cancellable_set_error_if_cancelled(self->base.source->cancellable, error);
        break;
    case PST_STREAM_SILENT:
        pst_picture_set_error(error, PST_PICTURE_ERROR_TOO_BIG, name, "takes too long to decode, or too much memory");
        break;
    case PST_STREAM_SENSELESS:
        pst_picture_set_error(error, PST_PICTURE_ERROR_DAMAGED, name, "is damaged (its decoder went astray)");
        break;
    case PST_STREAM_ENDED:
        set_ended(self, error);
        break;
    }
    g_clear_pointer(&failure->detail, g_free);
    return FALSE;
}

static gboolean loaded_decoder_read_row(PstPictureDecoder *decoder, void *row, GError **error)
{
    LoadedDecoder *self = (LoadedDecoder *)decoder;
    PstStreamFailure failure = { 0 };
    if (!self->requested) {
        pst_loader_process_request_rows(&self->process, (guint64)decoder->width * (guint64)decoder->height);
        self->requested = TRUE;
    }
    return check(self, pst_picture_stream_read_row(&self->process.answers, row, self->row_size, &failure), &failure,
                 error);
}

static gboolean loaded_decoder_finish(PstPictureDecoder *decoder, GError **error)
{
    LoadedDecoder *self = (LoadedDecoder *)decoder;
    PstStreamFailure failure = { 0 };
    g_autofree char *warning = NULL;
    if (!check(self, pst_picture_stream_read_end(&self->process.answers, &warning, &failure), &failure, error))
        return FALSE;
    if (warning && !decoder->info.warning)
        decoder->info.warning = g_strdup(_(warning));
    return TRUE;
}

static void loaded_decoder_free(PstPictureDecoder *decoder)
{
    LoadedDecoder *self = (LoadedDecoder *)decoder;
    pst_loader_process_end(&self->process);
    pst_picture_decoder_clear(decoder);
    g_free(self);
}

static void translate_warning(PstPictureInfo *info)
{
    char *line = info->warning;
    if (line) {
        info->warning = g_strdup(_(line));
        g_free(line);
    }
}

PstPictureDecoder *pst_loaded_decoder_new(PstSource *source, PstFormat format, const PstDecoderOptions *options,
                                          GError **error)
{
    LoadedDecoder *self = g_new0(LoadedDecoder, 1);
    PstPictureDecoder *base = &self->base;
    PstStreamFailure failure = { 0 };
    int file = pst_source_descriptor(source, options->max_memory, error);
    base->source = source;
    base->salvage = options->salvage;
    base->read_row = loaded_decoder_read_row;
    base->finish = loaded_decoder_finish;
    base->free = loaded_decoder_free;
    gboolean done = file >= 0 &&
                    pst_loader_process_start(&self->process, file, format, options->max_memory, options->max_side,
                                             source->name, source->cancellable, error) &&
                    check(self, pst_picture_stream_read_header(&self->process.answers, base, &failure), &failure,
                          error);
    if (file >= 0)
        close(file);
    if (!done) {
        loaded_decoder_free(base);
        return NULL;
    }
    translate_warning(&base->info);
    self->row_size = (gsize)base->width * pst_row_layout_pixel_size(&base->layout);
    return base;
}
