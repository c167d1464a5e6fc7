#include "decoder.h"

#include "error.h"

void pst_decoder_clear(PstDecoder *decoder)
{
    pst_picture_info_clear(&decoder->info);
    pst_colour_spec_clear(&decoder->colour);
}

void pst_decoder_set_damaged(PstDecoder *decoder, GError **error, const char *detail)
{
    PstSource *source = decoder->source;
    if (source->error) {
        pst_picture_set_read_error(error, source->name, g_steal_pointer(&source->error));
        return;
    }
    if (g_cancellable_set_error_if_cancelled(source->cancellable, error))
        return;
    if (source->ended || !detail || !*detail)
        pst_picture_set_error(error, PST_PICTURE_ERROR_DAMAGED, source->name,
                              "is incomplete, the file ends too early; copy or download it again");
    else
        pst_picture_set_error(error, PST_PICTURE_ERROR_DAMAGED, source->name,
                              "is damaged (%s); copy or download it again", detail);
}
