#include "description.h"

#include "engine/picture/oklab.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>

static int by_size(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;

    return (x > y) - (x < y);
}

PstMeasureScale pst_measure_scale(const PstArtworks *bank)
{
    PstMeasureScale scale;
    g_autofree float *values = g_new(float, bank->count);

    for (int m = 0; m < PST_MEASURES; m++) {
        for (int i = 0; i < bank->count; i++)
            values[i] = bank->artworks[i].appearance.measures[m];
        qsort(values, (size_t)bank->count, sizeof *values, by_size);
        scale.low[m] = values[bank->count / 4];
        scale.high[m] = values[bank->count * 3 / 4];
    }
    return scale;
}

int pst_description_colours(const PstAppearance *appearance, const PstLexicon *lexicon,
                            const char *names[PST_APPEARANCE_COLOURS])
{
    int count = 0;

    for (int i = 0; i < PST_APPEARANCE_COLOURS; i++) {
        const guint8 *rgb = appearance->palette[i];
        const char *name = NULL;
        float lab[3], best = INFINITY;
        gboolean known = FALSE;

        pst_oklab((const float[]){ rgb[0] / 255.0f, rgb[1] / 255.0f, rgb[2] / 255.0f }, lab);
        for (int k = 0; k < pst_lexicon_count(lexicon); k++) {
            const PstConcept *concept = pst_lexicon_concept(lexicon, k);
            float other[3], distance;

            if (!concept->coloured)
                continue;
            pst_oklab(concept->colour, other);
            /* A name is more about hue than about light. */
            distance = hypotf(0.6f * (lab[0] - other[0]), 2 * hypotf(lab[1] - other[1], lab[2] - other[2]));
            if (distance < best) {
                best = distance;
                name = concept->name;
            }
        }
        for (int k = 0; k < count; k++)
            known |= names[k] == name;
        if (name && !known)
            names[count++] = name;
    }
    return count;
}

int pst_description_clauses(const PstAppearance *appearance, const PstMeasureScale *scale,
                            const char *clauses[PST_DESCRIPTION_CLAUSES])
{
    const float *m = appearance->measures;
    int count = 0;
    gboolean fine = m[PST_MEASURE_FINENESS] > scale->high[PST_MEASURE_FINENESS];
    gboolean broad = m[PST_MEASURE_FINENESS] < scale->low[PST_MEASURE_FINENESS];
    gboolean directed = m[PST_MEASURE_STROKES] > scale->high[PST_MEASURE_STROKES];

    if (m[PST_MEASURE_LIGHT] < scale->low[PST_MEASURE_LIGHT])
        clauses[count++] = N_("dark");
    else if (m[PST_MEASURE_LIGHT] > scale->high[PST_MEASURE_LIGHT])
        clauses[count++] = N_("light");
    if (m[PST_MEASURE_CHROMA] < scale->low[PST_MEASURE_CHROMA])
        clauses[count++] = N_("muted colours");
    else if (m[PST_MEASURE_CHROMA] > scale->high[PST_MEASURE_CHROMA])
        clauses[count++] = N_("vivid colours");
    if (m[PST_MEASURE_CONTRAST] < scale->low[PST_MEASURE_CONTRAST])
        clauses[count++] = N_("low contrast");
    else if (m[PST_MEASURE_CONTRAST] > scale->high[PST_MEASURE_CONTRAST])
        clauses[count++] = N_("strong contrast");
    if (directed)
        clauses[count++] = fine    ? N_("short directed strokes")
                           : broad ? N_("long directed strokes")
                                   : N_("directed strokes");
    else if (fine)
        clauses[count++] = N_("fine strokes");
    else if (broad)
        clauses[count++] = N_("broad soft strokes");
    return count;
}
