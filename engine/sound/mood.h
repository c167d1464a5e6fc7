/* What a sound feels like, and what kind of painting would feel so: an interpretation, not a measurement.
 *
 * Listeners match music with colours by what both make them feel: fast music in major goes with lighter, more saturated
 * and yellower colours, slow music in minor with darker, greyer and bluer ones (Palmer, Schloss, Xu and Prado-León,
 * "Music-color associations are mediated by emotion", PNAS 110, 2013); loud, punchy, distorted music with darker,
 * redder, more saturated ones, and two factors, arousal and valence, carry all of it (Whiteford, Schloss, Helwig and
 * Palmer, "Color, music, and emotion: Bach to the blues", i-Perception 9, 2018). The directions are theirs; how much
 * each counts is this program's choice (mood.c).
 */
#pragma once

#include "sound.h"

typedef enum {
    PST_MOOD_TEMPO,      /* slow -1 .. fast 1, of tempo and onsets */
    PST_MOOD_MODE,       /* minor .. major */
    PST_MOOD_LOUDNESS,   /* quiet .. loud */
    PST_MOOD_BRIGHTNESS, /* dark .. bright, of the centroid */
    PST_MOOD_NOISE,      /* pure .. noisy, of the flatness */
    PST_MOOD_RANGE,      /* even .. changing */
    PST_MOOD_BASS,       /* light .. heavy */
    PST_MOOD_TRAITS
} PstMoodTrait;

typedef struct {
    double traits[PST_MOOD_TRAITS]; /* each -1 .. 1; a person may change them before pst_mood_feel() */
    double arousal, valence;        /* -1 .. 1 */
} PstMood;

/** The mood of a sound's features: its traits, and what they feel like. */
PstMood pst_mood_of_features(const double features[PST_SOUND_FEATURES]);

/** Works out arousal and valence of traits anew. */
void pst_mood_feel(PstMood *mood);

/** The word for a trait that is far enough from the middle, untranslated ("fast"), or NULL. */
const char *pst_mood_word(const PstMood *mood, PstMoodTrait trait);

/** What a painting with that mood asks for. */
typedef struct {
    double light, chroma, warm, contrast; /* as the effects of words (engine/space/lexicon.h) */
    double stroke, detail;                /* of the look */
} PstMoodPainting;

PstMoodPainting pst_mood_painting(const PstMood *mood);
