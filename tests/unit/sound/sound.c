/* Synthetic tones: each feature of a sound follows what was done to the tone, and each trait its feature. */
#include "engine/base/random.h"
#include "engine/sound/mood.h"
#include "tests/folder.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

enum { RATE = 22050, SECONDS = 8, COUNT = RATE * SECONDS };

typedef struct {
    double hertz, level, noise, beats; /* beats a minute of short tones, 0: one long tone */
    const int *chord;                  /* semitones, ends with -1; NULL: one tone */
    double swell;                      /* 0..1: how much the level falls over the time */
} Tone;

#define TONE ((Tone){ .hertz = 440, .level = 0.3 })

static float *make(const Tone *tone)
{
    static const int unison[] = { 0, -1 };
    const int *chord = tone->chord ? tone->chord : unison;
    float *samples = g_new0(float, COUNT);
    PstRandom random = pst_random_at(1, 0, 0);

    for (int i = 0; i < COUNT; i++) {
        double t = i / (double)RATE, value = 0, level = tone->level * (1 - tone->swell * t / SECONDS);

        for (int k = 0; chord[k] >= 0; k++)
            value += sin(2 * G_PI * tone->hertz * pow(2, chord[k] / 12.0) * t);
        value = (1 - tone->noise) * value + tone->noise * pst_random_uniform(&random, -1, 1);
        if (tone->beats > 0)
            value *= exp(-12 * fmod(t, 60 / tone->beats));
        samples[i] = (float)(level * value);
    }
    return samples;
}

static void listen(Tone tone, double features[PST_SOUND_FEATURES])
{
    g_autoptr(GError) error = NULL;
    g_autofree float *samples = make(&tone);
    g_autoptr(PstSound) sound = pst_sound_from_samples(samples, COUNT, RATE, "tone", &error);

    g_assert_no_error(error);
    g_assert_cmpfloat_with_epsilon(pst_sound_duration(sound), SECONDS, 1e-6);
    pst_sound_features(sound, 0, SECONDS, features);
}

/* A feature of tones that go from less to more of something rises at each step, and a trait with it. */
static void assert_rising(const Tone *tones, int count, PstSoundFeature feature, PstMoodTrait trait)
{
    double last = -INFINITY, last_trait = -INFINITY, first_trait = 0;

    for (int i = 0; i < count; i++) {
        double features[PST_SOUND_FEATURES];
        PstMood mood;

        listen(tones[i], features);
        mood = pst_mood_of_features(features);
        g_test_message("%g, trait %g", features[feature], mood.traits[trait]);
        g_assert_cmpfloat(features[feature], >, last);
        g_assert_cmpfloat(mood.traits[trait], >=, last_trait);
        last = features[feature];
        last_trait = mood.traits[trait];
        first_trait = i == 0 ? last_trait : first_trait;
    }
    g_assert_cmpfloat(last_trait, >, first_trait);
}

static void test_loudness(void)
{
    Tone tones[] = { TONE, TONE, TONE };

    tones[0].level = 0.01;
    tones[1].level = 0.1;
    tones[2].level = 0.9;
    assert_rising(tones, 3, PST_SOUND_LOUDNESS, PST_MOOD_LOUDNESS);
}

static void test_range(void)
{
    Tone tones[] = { TONE, TONE, TONE };

    tones[1].swell = 0.7;
    tones[2].swell = 0.98;
    assert_rising(tones, 3, PST_SOUND_RANGE, PST_MOOD_RANGE);
}

static void test_centroid(void)
{
    Tone tones[] = { TONE, TONE, TONE };

    tones[0].hertz = 300;
    tones[1].hertz = 900;
    tones[2].hertz = 3000;
    assert_rising(tones, 3, PST_SOUND_CENTROID, PST_MOOD_BRIGHTNESS);
}

static void test_flatness(void)
{
    Tone tones[] = { TONE, TONE, TONE };

    tones[1].noise = 0.5;
    tones[2].noise = 1;
    assert_rising(tones, 3, PST_SOUND_FLATNESS, PST_MOOD_NOISE);
}

static void test_bass(void)
{
    static const int octaves[] = { 0, 24, -1 };
    Tone tones[] = { TONE, TONE, TONE };

    tones[1].hertz = 120;
    tones[1].chord = octaves;
    tones[2].hertz = 120;
    assert_rising(tones, 3, PST_SOUND_BASS, PST_MOOD_BASS);
}

static void test_tempo(void)
{
    Tone tones[] = { TONE, TONE, TONE };
    const double beats[] = { 60, 100, 160 };

    for (int i = 0; i < 3; i++) {
        double features[PST_SOUND_FEATURES];

        tones[i].beats = beats[i];
        listen(tones[i], features);
        g_assert_cmpfloat_with_epsilon(features[PST_SOUND_TEMPO], beats[i], 0.04 * beats[i]);
        g_assert_cmpfloat_with_epsilon(features[PST_SOUND_ONSETS], beats[i] / 60, 0.35);
    }
    assert_rising(tones, 3, PST_SOUND_ONSETS, PST_MOOD_TEMPO);
    assert_rising(tones, 3, PST_SOUND_TEMPO, PST_MOOD_TEMPO);
}

static void test_mode(void)
{
    static const int minor[] = { 0, 3, 7, 12, -1 }, major[] = { 0, 4, 7, 12, -1 };
    Tone tones[] = { TONE, TONE };

    tones[0].chord = minor;
    tones[1].chord = major;
    assert_rising(tones, 2, PST_SOUND_MODE, PST_MOOD_MODE);
}

/* Palmer et al. 2013: fast and major is lighter, more saturated and yellower than slow and minor. */
static void test_mood(void)
{
    PstMood bright = { .traits = { [PST_MOOD_TEMPO] = 0.8, [PST_MOOD_MODE] = 0.8 } };
    PstMood dark = { .traits = { [PST_MOOD_TEMPO] = -0.8, [PST_MOOD_MODE] = -0.8 } };
    PstMoodPainting a, b;

    pst_mood_feel(&bright);
    pst_mood_feel(&dark);
    g_assert_cmpfloat(bright.arousal, >, dark.arousal);
    g_assert_cmpfloat(bright.valence, >, dark.valence);
    a = pst_mood_painting(&bright);
    b = pst_mood_painting(&dark);
    g_assert_cmpfloat(a.light, >, b.light);
    g_assert_cmpfloat(a.chroma, >, b.chroma);
    g_assert_cmpfloat(a.warm, >, b.warm);
    g_assert_cmpstr(pst_mood_word(&bright, PST_MOOD_TEMPO), ==, "fast");
    g_assert_cmpstr(pst_mood_word(&dark, PST_MOOD_MODE), ==, "minor");
    g_assert_null(pst_mood_word(&dark, PST_MOOD_BASS));
}

static void refuse(const char *path, int code)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(pst_sound_read(path, NULL, &error));
    g_assert_error(error, PST_SOUND_ERROR, code);
    g_assert_true(g_str_has_prefix(error->message, path));
    g_assert_null(strchr(error->message, '\n'));
}

static void put(GByteArray *file, guint32 value, int bytes)
{
    guint32 little = GUINT32_TO_LE(value);

    g_byte_array_append(file, (const guint8 *)&little, (guint)bytes);
}

/* A WAV file of 16 bit, one channel. */
static void write_wave(const char *path, const float *samples, int count)
{
    g_autoptr(GByteArray) file = g_byte_array_new();

    g_byte_array_append(file, (const guint8 *)"RIFF", 4);
    put(file, 36 + 2 * (guint32)count, 4);
    g_byte_array_append(file, (const guint8 *)"WAVEfmt ", 8);
    put(file, 16, 4);
    put(file, 1, 2);
    put(file, 1, 2);
    put(file, RATE, 4);
    put(file, 2 * RATE, 4);
    put(file, 2, 2);
    put(file, 16, 2);
    g_byte_array_append(file, (const guint8 *)"data", 4);
    put(file, 2 * (guint32)count, 4);
    for (int i = 0; i < count; i++)
        put(file, (guint32)(gint32)lrintf(32767 * CLAMP(samples[i], -1, 1)) & 0xffff, 2);
    g_assert_true(g_file_set_contents(path, (const char *)file->data, file->len, NULL));
}

static void test_files(void)
{
    g_autofree char *folder = g_dir_make_tmp("pastiche-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "sound.wav", NULL);
    g_autofree float *samples = make(&TONE);
    g_autoptr(GError) error = NULL;
    g_autoptr(PstSound) sound = NULL;

    write_wave(path, samples, COUNT);
    sound = pst_sound_read(path, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpfloat_with_epsilon(pst_sound_duration(sound), SECONDS, 0.01);

    write_wave(path, samples, RATE / 10);
    refuse(path, PST_SOUND_ERROR_SHORT);
    memset(samples, 0, COUNT * sizeof *samples);
    write_wave(path, samples, COUNT);
    refuse(path, PST_SOUND_ERROR_SILENT);
    g_assert_true(g_file_set_contents(path, "no sound at all", -1, NULL));
    refuse(path, PST_SOUND_ERROR_READ);
    g_remove(path);
    refuse(path, PST_SOUND_ERROR_READ);
    refuse(folder, PST_SOUND_ERROR_READ);
    folder_remove(folder);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sound/loudness", test_loudness);
    g_test_add_func("/sound/range", test_range);
    g_test_add_func("/sound/centroid", test_centroid);
    g_test_add_func("/sound/flatness", test_flatness);
    g_test_add_func("/sound/bass", test_bass);
    g_test_add_func("/sound/tempo", test_tempo);
    g_test_add_func("/sound/mode", test_mode);
    g_test_add_func("/sound/mood", test_mood);
    g_test_add_func("/sound/files", test_files);
    return g_test_run();
}
