/* In place of sound.c where libsndfile or KISS FFT is missing: every sound is refused. */
#include "sound.h"

#include <glib/gi18n-lib.h>

G_DEFINE_QUARK(pst - sound - error - quark, pst_sound_error)

PstSound *pst_sound_from_samples(const float *samples, gsize count, int rate, const char *name, GError **error)
{
    g_set_error(error, PST_SOUND_ERROR, PST_SOUND_ERROR_READ, _("%s: this program was built without sound"), name);
    return NULL;
}

PstSound *pst_sound_read(const char *path, GCancellable *cancellable, GError **error)
{
    return pst_sound_from_samples(NULL, 0, 0, path, error);
}

void pst_sound_free(PstSound *sound)
{
}

double pst_sound_duration(const PstSound *sound)
{
    return 0;
}

void pst_sound_features(const PstSound *sound, double from, double to, double features[PST_SOUND_FEATURES])
{
}
