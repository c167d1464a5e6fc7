#include "mood.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define NAMED 0.25 /* a trait beyond this has a word */

/* The middle of a feature and how far from it a trait is 1; frequencies and rates as logarithms to base 2. */
static const struct {
    double middle, reach;
} scales[] = {
    [PST_SOUND_LOUDNESS] = { -22, 16 }, [PST_SOUND_RANGE] = { 18, 16 },  [PST_SOUND_CENTROID] = { 10, 2 },
    [PST_SOUND_FLATNESS] = { -8, 6 },   [PST_SOUND_ONSETS] = { 1.0, 2 }, [PST_SOUND_TEMPO] = { 6.75, 0.85 },
    [PST_SOUND_BASS] = { 0.35, 0.45 },
};

/* How much each trait counts. */
static const double arousal_weights[PST_MOOD_TRAITS] = {
    [PST_MOOD_TEMPO] = 0.45,      [PST_MOOD_LOUDNESS] = 0.35, [PST_MOOD_NOISE] = 0.2,
    [PST_MOOD_BRIGHTNESS] = 0.15, [PST_MOOD_RANGE] = 0.05,
};
static const double valence_weights[PST_MOOD_TRAITS] = {
    [PST_MOOD_MODE] = 0.55,     [PST_MOOD_TEMPO] = 0.25, [PST_MOOD_BRIGHTNESS] = 0.15,
    [PST_MOOD_LOUDNESS] = -0.1, [PST_MOOD_NOISE] = -0.2, [PST_MOOD_BASS] = -0.1,
};

static double scaled(const double *features, PstSoundFeature feature, gboolean logarithm)
{
    double value = logarithm ? log2(MAX(features[feature], 1e-4)) : features[feature];

    return CLAMP((value - scales[feature].middle) / scales[feature].reach, -1, 1);
}

PstMood pst_mood_of_features(const double features[PST_SOUND_FEATURES])
{
    PstMood mood = { 0 };
    double onsets = scaled(features, PST_SOUND_ONSETS, TRUE);

    /* Music without a beat is as fast as its notes. */
    mood.traits[PST_MOOD_TEMPO] = features[PST_SOUND_TEMPO] > 0
                                      ? 0.6 * scaled(features, PST_SOUND_TEMPO, TRUE) + 0.4 * onsets
                                      : onsets;
    mood.traits[PST_MOOD_MODE] = features[PST_SOUND_MODE];
    mood.traits[PST_MOOD_LOUDNESS] = scaled(features, PST_SOUND_LOUDNESS, FALSE);
    mood.traits[PST_MOOD_BRIGHTNESS] = scaled(features, PST_SOUND_CENTROID, TRUE);
    mood.traits[PST_MOOD_NOISE] = scaled(features, PST_SOUND_FLATNESS, TRUE);
    mood.traits[PST_MOOD_RANGE] = scaled(features, PST_SOUND_RANGE, FALSE);
    mood.traits[PST_MOOD_BASS] = scaled(features, PST_SOUND_BASS, FALSE);
    pst_mood_feel(&mood);
    return mood;
}

void pst_mood_feel(PstMood *mood)
{
    mood->arousal = mood->valence = 0;
    for (int i = 0; i < PST_MOOD_TRAITS; i++) {
        mood->arousal += arousal_weights[i] * mood->traits[i];
        mood->valence += valence_weights[i] * mood->traits[i];
    }
    mood->arousal = CLAMP(mood->arousal, -1, 1);
    mood->valence = CLAMP(mood->valence, -1, 1);
}

const char *pst_mood_word(const PstMood *mood, PstMoodTrait trait)
{
    static const char *const words[PST_MOOD_TRAITS][2] = {
        [PST_MOOD_TEMPO] = { N_("slow"), N_("fast") },     [PST_MOOD_MODE] = { N_("minor"), N_("major") },
        [PST_MOOD_LOUDNESS] = { N_("quiet"), N_("loud") }, [PST_MOOD_BRIGHTNESS] = { N_("dark"), N_("bright") },
        [PST_MOOD_NOISE] = { N_("pure"), N_("noisy") },    [PST_MOOD_RANGE] = { N_("even"), N_("changing") },
        [PST_MOOD_BASS] = { N_("light"), N_("heavy") },
    };

    return fabs(mood->traits[trait]) < NAMED ? NULL : words[trait][mood->traits[trait] > 0];
}

PstMoodPainting pst_mood_painting(const PstMood *mood)
{
    double loud = MAX(0, mood->traits[PST_MOOD_LOUDNESS]), a = mood->arousal, v = mood->valence;

    return (PstMoodPainting){
        .light = 0.12 * v + 0.04 * mood->traits[PST_MOOD_BRIGHTNESS] - 0.05 * loud,
        .chroma = 0.45 * a + 0.35 * v,
        .warm = 0.07 * v + 0.04 * a,
        .contrast = 0.25 * a,
        .stroke = 1 + 0.8 * MAX(0, a) + 0.3 * MAX(0, mood->traits[PST_MOOD_BASS]),
        .detail = CLAMP(0.85 - 0.35 * a - 0.15 * MAX(0, mood->traits[PST_MOOD_NOISE]), 0, 1),
    };
}
