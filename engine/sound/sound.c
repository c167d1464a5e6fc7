#include "sound.h"

#include <glib/gi18n-lib.h>
#include <kiss_fftr.h>
#include <math.h>
#include <sndfile.h>
#include <string.h>

#define FRAME      0.093  /* seconds, rounded to a power of two of samples */
#define QUIETEST   -60.0  /* dB: below it is silence */
#define BASS       250.0  /* Hz */
#define LOWEST     110.0  /* Hz: pitches from A2 .. */
#define HIGHEST    2000.0 /* .. to about B6 */
#define BLOCK      4096   /* samples read at once */
#define CHANNELS   64     /* at most */
#define SLOWEST    40.0   /* beats a minute */
#define FASTEST    200.0
#define MIDDLE     110.0 /* tempo that listeners prefer, about */
#define SAME_BEAT  0.6
#define BEAT_LEAST 0.15 /* autocorrelation of the onsets at the beat: below it there is none */

G_DEFINE_QUARK(pst - sound - error - quark, pst_sound_error)

typedef struct {
    float power; /* mean square */
    float centroid, flatness, bass;
    float flux; /* growth of the spectrum's magnitudes since the frame before, over their sum */
    float pitch[PST_PITCH_CLASSES];
} Frame;

struct PstSound {
    GArray *frames;
    double step; /* seconds from frame to frame */
    double duration;
};

/* ---- frames --------------------------------------------------------------------------------- */

typedef struct {
    PstSound *sound;
    int size, rate;
    int filled;
    float *samples, *window, *windowed, *magnitudes;
    kiss_fft_cpx *spectrum;
    kiss_fftr_cfg fft;
} Analysis;

static void analysis_begin(Analysis *a, int rate)
{
    *a = (Analysis){ .rate = rate, .size = 256 };
    while (a->size * 1.5 < FRAME * rate)
        a->size *= 2;
    a->sound = g_new0(PstSound, 1);
    a->sound->frames = g_array_new(FALSE, FALSE, sizeof(Frame));
    a->sound->step = a->size / 2.0 / rate;
    a->samples = g_new0(float, a->size);
    a->window = g_new(float, a->size);
    a->windowed = g_new(float, a->size);
    a->magnitudes = g_new0(float, a->size / 2 + 1);
    a->spectrum = g_new(kiss_fft_cpx, a->size / 2 + 1);
    a->fft = kiss_fftr_alloc(a->size, 0, NULL, NULL);
    for (int i = 0; i < a->size; i++)
        a->window[i] = (float)(0.5 - 0.5 * cos(2 * G_PI * i / a->size));
}

static PstSound *analysis_end(Analysis *a)
{
    g_free(a->samples);
    g_free(a->window);
    g_free(a->windowed);
    g_free(a->magnitudes);
    g_free(a->spectrum);
    kiss_fftr_free(a->fft);
    return a->sound;
}

static void add_frame(Analysis *a)
{
    Frame frame = { 0 };
    double square = 0, power = 0, centroid = 0, bass = 0, logs = 0, growth = 0, sum = 0;
    int bins = a->size / 2;

    for (int i = 0; i < a->size; i++) {
        square += (double)a->samples[i] * a->samples[i];
        a->windowed[i] = a->samples[i] * a->window[i];
    }
    kiss_fftr(a->fft, a->windowed, a->spectrum);
    for (int k = 1; k < bins; k++) {
        double p = (double)a->spectrum[k].r * a->spectrum[k].r + (double)a->spectrum[k].i * a->spectrum[k].i + 1e-12;
        double hertz = (double)k * a->rate / a->size, magnitude = sqrt(p);

        power += p;
        centroid += p * hertz;
        bass += hertz < BASS ? p : 0;
        logs += log(p);
        growth += MAX(0, magnitude - a->magnitudes[k]);
        sum += magnitude;
        a->magnitudes[k] = (float)magnitude;
        if (hertz >= LOWEST && hertz <= HIGHEST) {
            int note = (int)lrint(12 * log2(hertz / 440) + 9 + 120);

            frame.pitch[note % PST_PITCH_CLASSES] += (float)p;
        }
    }
    frame.power = (float)(square / a->size);
    frame.centroid = (float)(centroid / power);
    frame.bass = (float)(bass / power);
    frame.flatness = (float)(exp(logs / (bins - 1)) / (power / (bins - 1)));
    frame.flux = (float)(growth / (sum + 1e-9));
    g_array_append_val(a->sound->frames, frame);
}

static void add_samples(Analysis *a, const float *samples, gsize count)
{
    a->sound->duration += (double)count / a->rate;
    while (count > 0) {
        int take = (int)MIN((gsize)(a->size - a->filled), count);

        memcpy(a->samples + a->filled, samples, (gsize)take * sizeof *samples);
        a->filled += take;
        samples += take;
        count -= (gsize)take;
        if (a->filled < a->size)
            return;
        add_frame(a);
        memmove(a->samples, a->samples + a->size / 2, (gsize)a->size / 2 * sizeof *samples);
        a->filled = a->size / 2;
    }
}

static gboolean is_heard(const Frame *frame)
{
    return 10 * log10(frame->power + 1e-12) > QUIETEST;
}

/* The sound, or what is wrong with it. */
static PstSound *finish(PstSound *sound, const char *name, GError **error)
{
    gboolean heard = FALSE;

    for (guint i = 0; i < sound->frames->len; i++)
        heard |= is_heard(&g_array_index(sound->frames, Frame, i));
    if (sound->duration < PST_SOUND_SHORTEST || sound->frames->len < 2)
        g_set_error(error, PST_SOUND_ERROR, PST_SOUND_ERROR_SHORT, _("%s: shorter than half a second"), name);
    else if (!heard)
        g_set_error(error, PST_SOUND_ERROR, PST_SOUND_ERROR_SILENT, _("%s: there is nothing to hear in it"), name);
    else
        return sound;
    pst_sound_free(sound);
    return NULL;
}

PstSound *pst_sound_from_samples(const float *samples, gsize count, int rate, const char *name, GError **error)
{
    Analysis analysis;

    analysis_begin(&analysis, rate);
    add_samples(&analysis, samples, count);
    return finish(analysis_end(&analysis), name, error);
}

static gboolean read_all(SNDFILE *file, const SF_INFO *info, Analysis *analysis, const char *path,
                         GCancellable *cancellable, GError **error)
{
    g_autofree float *block = g_new(float, (gsize)BLOCK * info->channels);
    float mono[BLOCK];
    sf_count_t count;

    while ((count = sf_readf_float(file, block, BLOCK)) > 0) {
        if (g_cancellable_set_error_if_cancelled(cancellable, error))
            return FALSE;
        for (sf_count_t i = 0; i < count; i++) {
            float sum = 0;

            for (int c = 0; c < info->channels; c++)
                sum += block[i * info->channels + c];
            sum /= (float)info->channels;
            mono[i] = isfinite(sum) ? CLAMP(sum, -8, 8) : 0;
        }
        add_samples(analysis, mono, (gsize)count);
        if (analysis->sound->duration > PST_SOUND_LONGEST) {
            g_set_error(error, PST_SOUND_ERROR, PST_SOUND_ERROR_LONG, _("%s: longer than four hours"), path);
            return FALSE;
        }
    }
    return TRUE;
}

PstSound *pst_sound_read(const char *path, GCancellable *cancellable, GError **error)
{
    SF_INFO info = { 0 };
    SNDFILE *file;
    Analysis analysis;
    PstSound *sound;
    gboolean whole;

    /* A pipe or a device could be waited for without end. */
    if (!g_file_test(path, G_FILE_TEST_IS_REGULAR)) {
        g_set_error(error, PST_SOUND_ERROR, PST_SOUND_ERROR_READ,
                    g_file_test(path, G_FILE_TEST_EXISTS) ? _("%s: not a file") : _("%s: no such file"), path);
        return NULL;
    }
    file = sf_open(path, SFM_READ, &info);
    if (!file || info.channels < 1 || info.channels > CHANNELS || info.samplerate < 4000 || info.samplerate > 768000) {
        g_set_error(error, PST_SOUND_ERROR, PST_SOUND_ERROR_READ, _("%s: not a sound file that can be read"), path);
        if (file)
            sf_close(file);
        return NULL;
    }
    analysis_begin(&analysis, info.samplerate);
    whole = read_all(file, &info, &analysis, path, cancellable, error);
    sf_close(file);
    sound = analysis_end(&analysis);
    if (!whole) {
        pst_sound_free(sound);
        return NULL;
    }
    return finish(sound, path, error);
}

void pst_sound_free(PstSound *sound)
{
    if (!sound)
        return;
    g_array_unref(sound->frames);
    g_free(sound);
}

double pst_sound_duration(const PstSound *sound)
{
    return sound->duration;
}

/* ---- features ------------------------------------------------------------------------------- */

/* Correlation of the pitch classes with a key profile turned to each key: the best. Krumhansl and Kessler, "Tracing the
 * dynamic changes in perceived tonal organization in a spatial representation of musical keys", Psychological Review
 * 89, 1982. */
static double fit_key(const double *pitch, const double *profile)
{
    double best = -1;

    for (int key = 0; key < PST_PITCH_CLASSES; key++) {
        double mean_a = 0, mean_b = 0, ab = 0, aa = 0, bb = 0;

        for (int i = 0; i < PST_PITCH_CLASSES; i++) {
            mean_a += pitch[i] / PST_PITCH_CLASSES;
            mean_b += profile[i] / PST_PITCH_CLASSES;
        }
        for (int i = 0; i < PST_PITCH_CLASSES; i++) {
            double a = pitch[(i + key) % PST_PITCH_CLASSES] - mean_a, b = profile[i] - mean_b;

            ab += a * b;
            aa += a * a;
            bb += b * b;
        }
        if (aa > 0)
            best = MAX(best, ab / sqrt(aa * bb));
    }
    return best;
}

static double find_mode(const double *pitch)
{
    static const double major[] = { 6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88 };
    static const double minor[] = { 6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17 };

    return CLAMP((fit_key(pitch, major) - fit_key(pitch, minor)) * 4, -1, 1);
}

/* Peaks of the flux above its mean, at least 100 ms apart. */
static double count_onsets(const Frame *frames, guint count, double step)
{
    double mean = 0, square = 0, threshold;
    guint onsets = 0, last = 0;

    for (guint i = 0; i < count; i++) {
        mean += frames[i].flux / count;
        square += (double)frames[i].flux * frames[i].flux / count;
    }
    threshold = MAX(0.15, mean + 0.7 * sqrt(MAX(0, square - mean * mean)));
    for (guint i = 1; i + 1 < count; i++) {
        gboolean peak = frames[i].flux > threshold && frames[i].flux >= frames[i - 1].flux &&
                        frames[i].flux > frames[i + 1].flux && is_heard(&frames[i]);

        if (peak && (onsets == 0 || (i - last) * step >= 0.1)) {
            onsets++;
            last = i;
        }
    }
    return onsets / (count * step);
}

/* The lag at which the flux resembles itself most, favouring tempi near the preferred one; between frames by a parabola
 * through the neighbours. */
static double find_tempo(const Frame *frames, guint count, double step)
{
    guint shortest = (guint)floor(60 / FASTEST / step), longest = (guint)ceil(60 / SLOWEST / step);
    g_autofree double *alike = NULL;
    double mean = 0, variance = 0, best = 0, lag = 0;

    if (count < 2 * longest)
        return 0;
    alike = g_new0(double, longest + 2);
    for (guint i = 0; i < count; i++)
        mean += frames[i].flux / count;
    for (guint i = 0; i < count; i++)
        variance += (frames[i].flux - mean) * (frames[i].flux - mean) / count;
    if (variance <= 1e-9)
        return 0;
    for (guint k = MAX(1, shortest) - 1; k <= longest + 1; k++) {
        for (guint i = 0; i + k < count; i++)
            alike[k] += (frames[i].flux - mean) * (frames[i + k].flux - mean);
        alike[k] /= variance * (count - k);
    }
    for (guint k = MAX(1, shortest); k <= longest; k++) {
        /* A beat is as regular at twice its length: the shorter one counts, where it is about as good. */
        double half = k / 2 >= MAX(1, shortest) ? MAX(alike[k / 2], alike[(k + 1) / 2]) : 0;
        double octaves = log2(60 / (k * step) / MIDDLE), score = alike[k] * exp(-0.5 * octaves * octaves);

        if (alike[k] >= alike[k - 1] && alike[k] >= alike[k + 1] && alike[k] > BEAT_LEAST && score > best &&
            half < SAME_BEAT * alike[k]) {
            double bend = alike[k - 1] - 2 * alike[k] + alike[k + 1];

            best = score;
            lag = k + (bend < 0 ? 0.5 * (alike[k - 1] - alike[k + 1]) / bend : 0);
        }
    }
    return lag > 0 ? CLAMP(60 / (lag * step), SLOWEST, FASTEST) : 0;
}

static int by_size(gconstpointer a, gconstpointer b)
{
    float x = *(const float *)a, y = *(const float *)b;

    return (x > y) - (x < y);
}

void pst_sound_features(const PstSound *sound, double from, double to, double features[PST_SOUND_FEATURES])
{
    guint all = sound->frames->len, first = (guint)CLAMP(from / sound->step, 0, all - 1.0);
    guint count = (guint)CLAMP(ceil((to - from) / sound->step), 1, all - first), heard = 0;
    const Frame *frames = &g_array_index(sound->frames, Frame, first);
    g_autoptr(GArray) levels = g_array_new(FALSE, FALSE, sizeof(float));
    double pitch[PST_PITCH_CLASSES] = { 0 }, power = 0;

    memset(features, 0, PST_SOUND_FEATURES * sizeof *features);
    features[PST_SOUND_LOUDNESS] = QUIETEST;
    for (guint i = 0; i < count; i++) {
        const Frame *f = &frames[i];
        float level = (float)(10 * log10(f->power + 1e-12));

        if (!is_heard(f))
            continue;
        heard++;
        power += f->power;
        g_array_append_val(levels, level);
        features[PST_SOUND_CENTROID] += (double)f->power * f->centroid;
        features[PST_SOUND_FLATNESS] += (double)f->power * f->flatness;
        features[PST_SOUND_BASS] += (double)f->power * f->bass;
        for (int k = 0; k < PST_PITCH_CLASSES; k++)
            pitch[k] += f->pitch[k];
    }
    if (heard == 0)
        return;
    g_array_sort(levels, by_size);
    features[PST_SOUND_LOUDNESS] = CLAMP(10 * log10(power / heard), QUIETEST, 0);
    features[PST_SOUND_RANGE] = g_array_index(levels, float, (heard - 1) * 19 / 20) -
                                g_array_index(levels, float, heard / 20);
    features[PST_SOUND_CENTROID] /= power;
    features[PST_SOUND_FLATNESS] /= power;
    features[PST_SOUND_BASS] /= power;
    features[PST_SOUND_ONSETS] = count_onsets(frames, count, sound->step);
    features[PST_SOUND_TEMPO] = find_tempo(frames, count, sound->step);
    features[PST_SOUND_MODE] = find_mode(pitch);
}
