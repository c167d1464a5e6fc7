/* A sound file, reduced to its spectra's outlines: enough to tell how it sounds.
 *
 * It is read in blocks by libsndfile, mixed to one channel, and cut into frames of about 93 ms that overlap by half. Of
 * each frame the power spectrum (Hann window) gives loudness, centroid, flatness, bass and pitch classes, and its
 * change from the frame before gives onsets. Memory is 68 bytes a frame, 1.5 KB a second.
 */
#pragma once

#include <gio/gio.h>

#define PST_SOUND_ERROR pst_sound_error_quark()
GQuark pst_sound_error_quark(void);

typedef enum {
    PST_SOUND_ERROR_READ,  /* no sound file that can be read */
    PST_SOUND_ERROR_SHORT, /* shorter than PST_SOUND_SHORTEST */
    PST_SOUND_ERROR_LONG,  /* longer than PST_SOUND_LONGEST */
    PST_SOUND_ERROR_SILENT /* nothing to hear in it */
} PstSoundError;

#define PST_SOUND_SHORTEST 0.5          /* seconds */
#define PST_SOUND_LONGEST  (4 * 3600.0) /* seconds */
#define PST_PITCH_CLASSES  12

typedef enum {
    PST_SOUND_LOUDNESS, /* mean level of what is heard, dB below full scale: -60 .. 0 */
    PST_SOUND_RANGE,    /* level that 5 % of frames exceed over that which 95 % exceed, dB */
    PST_SOUND_CENTROID, /* mean of the spectrum, weighted by power, Hz */
    PST_SOUND_FLATNESS, /* geometric over arithmetic mean of the power spectrum, 0 (tone) .. 1 (noise) */
    PST_SOUND_ONSETS,   /* a second */
    PST_SOUND_TEMPO,    /* beats a minute, 40 .. 200; 0 where there is no beat */
    PST_SOUND_MODE,     /* how much better major fits than minor, -1 .. 1 */
    PST_SOUND_BASS,     /* share of the power below 250 Hz */
    PST_SOUND_FEATURES
} PstSoundFeature;

typedef struct PstSound PstSound;

/** Reads a sound file: WAV, FLAC, Ogg Vorbis, Opus, MP3 and what else libsndfile knows. NULL with PST_SOUND_ERROR,
 * whose
 *  message names the file, or G_IO_ERROR_CANCELLED. */
PstSound *pst_sound_read(const char *path, GCancellable *cancellable, GError **error);

/** The same of samples in memory, one channel, -1..1; `name` is what errors call them. */
PstSound *pst_sound_from_samples(const float *samples, gsize count, int rate, const char *name, GError **error);
void pst_sound_free(PstSound *sound);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstSound, pst_sound_free)

/** Its length in seconds. */
double pst_sound_duration(const PstSound *sound);

/** The features of the part between two times in seconds (0, duration: all of it). A silent part has those of silence:
 *  loudness -60, everything else 0. */
void pst_sound_features(const PstSound *sound, double from, double to, double features[PST_SOUND_FEATURES]);
