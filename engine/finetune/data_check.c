#include "data_check.h"

#include <math.h>
#include <string.h>

#define SAME_PICTURE  0.97 /* likeness */
#define PHOTOGRAPH    0.9  /* probability: no painting of the corpus is taken for a photograph */
#define FAR_APART     1.35 /* RMS distance of standardised statistics between two groups, */
#define FARTHER       1.5  /* and over that within them */
#define GREY          0.03 /* mean chroma */
#define ONE_HUE       0.97
#define DARK          0.25 /* mean luminance */
#define BRIGHT        0.72
#define UPRIGHT       1.15 /* height over width of a portrait, */
#define IN_THE_MIDDLE 1.15 /* where most detail is */

const char *const pst_finding_names[] = { "unreadable", "small",  "blurred", "duplicate", "photograph",
                                          "frame",      "styles", "palette", "dark",      "bright",
                                          "portraits",  "single", NULL };

/* ---- photographs ---------------------------------------------------------------------------- */

gboolean pst_photograph_probe_read(PstPhotographProbe *probe, const char *path, GError **error)
{
    g_autoptr(PstTensors) tensors = pst_tensors_read(path, NULL, error);
    static const char *const names[] = { "weight", "mean", "std", "bias" };
    float *const places[] = { probe->weight, probe->mean, probe->std, &probe->bias };

    if (!tensors) {
        return FALSE;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        int n = places[i] == &probe->bias ? 1 : PST_STYLE_SIZE;
        const float *values = pst_tensors_get(tensors, names[i], &n, 1, error);

        if (!values) {
            return FALSE;
        }
        memcpy(places[i], values, n * sizeof *values);
    }
    return TRUE;
}

static double standardised(const PstPhotographProbe *probe, const float *style, int k)
{
    double z = (style[k] - probe->mean[k]) / MAX(probe->std[k], 1e-6f);

    return CLAMP(z, -4, 4);
}

/* How likely a picture with these statistics is a photograph, 0 .. 1. */
static double photograph_probability(const PstPhotographProbe *probe, const float *style)
{
    double sum = probe->bias;

    for (int k = 0; k < PST_STYLE_SIZE; k++) {
        sum += probe->weight[k] * standardised(probe, style, k);
    }
    return 1 / (1 + exp(-sum));
}

/* ---- findings ------------------------------------------------------------------------------- */

typedef struct {
    const PstStyleImages *images;
    const float *styles;
    const PstPhotographProbe *probe;
    PstPictureMeasures *measures;
    double *photograph;
    json_t *findings;
} Check;

static void measure_one(int task, int worker, gpointer data)
{
    Check *c = data;

    pst_picture_measure(&c->images->items[task].example, &c->measures[task]);
    c->photograph[task] = photograph_probability(c->probe, c->styles + task * PST_STYLE_SIZE);
}

/* A finding without files and text; borrowed. */
static json_t *find(Check *c, PstFindingKind kind)
{
    json_t *finding = json_pack("{s:s, s:[]}", "kind", pst_finding_names[kind], "files");

    json_array_append_new(c->findings, finding);
    return finding;
}

static void name_file(Check *c, json_t *finding, gsize i)
{
    json_array_append_new(json_object_get(finding, "files"), json_string(c->images->items[i].file));
}

static void check_files(Check *c)
{
    for (guint i = 0; i < c->images->refused->len; i++) {
        g_autofree char *line = g_utf8_make_valid(c->images->refused->pdata[i], -1);

        json_object_set_new(find(c, PST_FINDING_UNREADABLE), "text", json_string(line));
    }
    for (int i = 0; i < c->images->count; i++) {
        const PstStyleImage *e = &c->images->items[i];

        if (MIN(e->width, e->height) < PST_SMALL_SIDE) {
            name_file(c, find(c, PST_FINDING_SMALL), i);
        } else if (c->measures[i].sharpness < PST_BLURRED) {
            name_file(c, find(c, PST_FINDING_BLURRED), i);
        }
    }
}

static void check_duplicates(Check *c)
{
    for (int i = 0; i < c->images->count; i++) {
        for (int k = 0; k < i; k++) {
            const PstStyleImage *a = &c->images->items[k], *b = &c->images->items[i];

            if (g_str_equal(a->sha256, b->sha256) ||
                pst_picture_likeness(&c->measures[i], &c->measures[k]) > SAME_PICTURE) {
                json_t *finding = find(c, PST_FINDING_DUPLICATE);

                name_file(c, finding, k);
                name_file(c, finding, i);
                break;
            }
        }
    }
}

static void check_photographs(Check *c)
{
    for (int i = 0; i < c->images->count; i++) {
        if (c->photograph[i] > PHOTOGRAPH) {
            name_file(c, find(c, PST_FINDING_PHOTOGRAPH), i);
        }
    }
}

static void check_frames(Check *c)
{
    for (int i = 0; i < c->images->count; i++) {
        const PstStyleImage *e = &c->images->items[i];
        const PstCrop *w = &c->measures[i].inside;
        double zoom = e->width / (double)e->example.width;

        if (c->measures[i].framed) {
            json_t *finding = find(c, PST_FINDING_FRAME);

            name_file(c, finding, i);
            json_object_set_new(finding, "crop",
                                json_pack("[i, i, i, i]", (int)(w->x * zoom), (int)(w->y * zoom),
                                          (int)(w->width * zoom), (int)(w->height * zoom)));
        }
    }
}

static double distance(const Check *c, gsize a, gsize b)
{
    double sum = 0;

    for (int k = 0; k < PST_STYLE_SIZE; k++) {
        double d = standardised(c->probe, c->styles + a * PST_STYLE_SIZE, k) -
                   standardised(c->probe, c->styles + b * PST_STYLE_SIZE, k);

        sum += d * d;
    }
    return sqrt(sum / PST_STYLE_SIZE);
}

/* Two groups around the two pictures that are furthest from each other, and how far groups are apart. */
static void check_styles(Check *c)
{
    gsize n = (gsize)c->images->count, first = 0, second = 0;
    double furthest = 0, within = 0, between = 0;
    int pairs_within = 0, pairs_between = 0;
    g_autofree gboolean *other = g_new0(gboolean, n);

    for (gsize i = 0; i < n; i++) {
        for (gsize k = 0; k < i; k++) {
            if (distance(c, i, k) > furthest) {
                furthest = distance(c, i, k);
                first = k;
                second = i;
            }
        }
    }
    for (gsize i = 0; i < n; i++) {
        other[i] = distance(c, i, second) < distance(c, i, first);
    }
    for (gsize i = 0; i < n; i++) {
        for (gsize k = 0; k < i; k++) {
            *(other[i] == other[k] ? &within : &between) += distance(c, i, k);
            (*(other[i] == other[k] ? &pairs_within : &pairs_between))++;
        }
    }
    between /= MAX(pairs_between, 1);
    within /= MAX(pairs_within, 1);
    if (between > FAR_APART && (pairs_within == 0 || between > FARTHER * within)) {
        json_t *finding = find(c, PST_FINDING_STYLES);
        json_t *groups = json_pack("[[], []]");

        for (gsize i = 0; i < n; i++) {
            json_array_append_new(json_array_get(groups, other[i]), json_string(c->images->items[i].file));
            name_file(c, finding, i);
        }
        json_object_set_new(finding, "groups", groups);
    }
}

/* What all pictures have in common. */
static void check_bias(Check *c)
{
    int n = c->images->count, grey = 0, one_hue = 0, dark = 0, bright = 0, portraits = 0;

    for (int i = 0; i < n; i++) {
        const PstPictureMeasures *m = &c->measures[i];
        const PstStyleImage *e = &c->images->items[i];

        grey += m->colour < GREY;
        one_hue += m->hue_focus > ONE_HUE;
        dark += m->light < DARK;
        bright += m->light > BRIGHT;
        portraits += e->height > UPRIGHT * e->width && m->middle > IN_THE_MIDDLE;
    }
    if (grey == n || one_hue == n) {
        json_object_set_new(find(c, PST_FINDING_PALETTE), "grey", json_boolean(grey == n));
    }
    if (dark == n) {
        find(c, PST_FINDING_DARK);
    }
    if (bright == n) {
        find(c, PST_FINDING_BRIGHT);
    }
    if (portraits == n && n > 1) {
        find(c, PST_FINDING_PORTRAITS);
    }
    if (n == 1) {
        find(c, PST_FINDING_SINGLE);
    }
}

static void put_in_words(const Check *c, const json_t *pictures)
{
    json_t *finding;
    size_t i;

    json_array_foreach(c->findings, i, finding) {
        g_autofree char *text = pst_finding_text(finding, pictures, FALSE);

        json_object_set_new(finding, "text", json_string(text));
    }
}

json_t *pst_data_check(const PstStyleImages *images, const float *styles, const PstPhotographProbe *probe,
                       PstThreadPool *pool)
{
    gsize n = (gsize)images->count;
    g_autofree PstPictureMeasures *measures = g_new0(PstPictureMeasures, n);
    g_autofree double *photograph = g_new0(double, n);
    Check check = { images, styles, probe, measures, photograph, json_array() };
    json_t *pictures = json_array();

    pst_thread_pool_run(pool, (int)n, measure_one, &check);
    check_files(&check);
    check_duplicates(&check);
    check_photographs(&check);
    check_frames(&check);
    check_styles(&check);
    check_bias(&check);
    for (gsize i = 0; i < n; i++) {
        const PstStyleImage *e = &images->items[i];

        json_array_append_new(pictures, json_pack("{s:s, s:i, s:i, s:f, s:f, s:f, s:f, s:f}", "file", e->file, "width",
                                                  e->width, "height", e->height, "sharpness", measures[i].sharpness,
                                                  "light", measures[i].light, "colour", measures[i].colour, "hue_focus",
                                                  measures[i].hue_focus, "photograph", photograph[i]));
    }
    put_in_words(&check, pictures);
    return json_pack("{s:o, s:o}", "pictures", pictures, "findings", check.findings);
}
