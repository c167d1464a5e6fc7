#include "dataset_check.h"

#include "engine/finetune/picture_measures.h"
#include "engine/picture/oklab.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LEAST       16    /* pixels of a picture's short side that is looked at closely */
#define SAME        0.985 /* likeness of one picture to itself, saved again */
#define SAME_LIGHT  0.01
#define LEAST_SHARE 0.1  /* of the largest class */
#define MANY        0.3  /* share of a class that is blurred */
#define ENOUGH      5    /* pictures of a class, to say something of all of them */
#define DARK        0.35 /* mean lightness of Oklab, */
#define LIGHT       0.85
#define APART       0.2  /* from that of the other classes */
#define EVEN        0.04 /* deviation of backgrounds within a class, */
#define UNEVEN      2    /* times less than that of all */
#define BORDER      8    /* of the sides: how much of a picture is background, one part in so many */

typedef struct {
    const PstLabelledPicture *picture;
    gboolean read;
    PstPictureMeasures measures;
    double light, background[3]; /* Oklab */
} Look;

typedef struct {
    const PstDataset *dataset;
    Look *looks;
    json_t *findings;
} Check;

static json_t *add_finding(Check *check, const char *kind, char *text)
{
    json_t *files = json_array();

    json_array_append_new(check->findings, json_pack("{s:s, s:s, s:o}", "kind", kind, "text", text, "files", files));
    g_free(text);
    return files;
}

/* ---- a picture ------------------------------------------------------------------------------ */

static void look_at(Look *look, const PstExample *e)
{
    gsize inside = 0, outside = 0;
    double sums[2][3] = { { 0 } };

    for (int y = 0; y < e->height; y++) {
        for (int x = 0; x < e->width; x++) {
            const guint8 *p = e->rgb + 3 * ((gsize)y * e->width + x);
            gboolean border = x * BORDER < e->width || (e->width - x) * BORDER <= e->width || y * BORDER < e->height;
            float lab[3];

            pst_oklab((const float[]){ p[0] / 255.0f, p[1] / 255.0f, p[2] / 255.0f }, lab);
            for (int c = 0; c < 3; c++)
                sums[border][c] += lab[c];
            *(border ? &outside : &inside) += 1;
        }
    }
    look->light = (sums[0][0] + sums[1][0]) / (double)(inside + outside);
    for (int c = 0; c < 3; c++)
        look->background[c] = sums[1][c] / (double)MAX(1, outside);
    pst_picture_measure(e, &look->measures);
}

static gboolean read_all(Check *check, void (*progress)(const char *file, double share, gpointer data), gpointer data,
                         GCancellable *cancellable, GError **error)
{
    const GPtrArray *pictures = check->dataset->pictures;
    json_t *broken = NULL;

    for (guint i = 0; i < pictures->len; i++) {
        Look *look = &check->looks[i];
        g_autofree char *path = NULL;
        g_autoptr(GError) local = NULL;
        PstExample example = { 0 };

        look->picture = pictures->pdata[i];
        path = g_build_filename(check->dataset->folder, look->picture->file, NULL);
        if (progress)
            progress(look->picture->file, (double)i / pictures->len, data);
        look->read = pst_example_read(&example, path, LEAST, NULL, NULL, cancellable, &local);
        if (look->read) {
            look_at(look, &example);
        } else if (g_error_matches(local, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
            g_propagate_error(error, g_steal_pointer(&local));
            return FALSE;
        } else {
            if (!broken)
                broken = add_finding(check, "broken", g_strdup(_("pictures that can't be read, or are too small")));
            json_array_append_new(broken, json_string(look->picture->file));
        }
        pst_example_clear(&example);
    }
    return TRUE;
}

/* ---- all of them ------------------------------------------------------------------------------ */

static void check_missing(Check *check)
{
    const GPtrArray *missing = check->dataset->missing;
    json_t *files;

    if (missing->len == 0)
        return;
    files = add_finding(check, "missing", g_strdup(_("pictures that labels speak of, and that are not there")));
    for (guint i = 0; i < missing->len; i++)
        json_array_append_new(files, json_string(missing->pdata[i]));
}

static int by_light(const void *a, const void *b)
{
    double x = (*(const Look *const *)a)->light, y = (*(const Look *const *)b)->light;

    return (x > y) - (x < y);
}

/* One picture in two files has the same mean lightness: of those sorted by it only neighbours are compared. */
static gboolean check_duplicates(Check *check, GCancellable *cancellable, GError **error)
{
    guint n = check->dataset->pictures->len;
    g_autofree const Look **sorted = g_new(const Look *, MAX(1, n));
    json_t *files = NULL;

    for (guint i = 0; i < n; i++)
        sorted[i] = &check->looks[i];
    qsort(sorted, n, sizeof *sorted, by_light);
    for (guint i = 0; i < n; i++) {
        if (g_cancellable_set_error_if_cancelled(cancellable, error))
            return FALSE;
        for (guint k = i + 1; k < n && sorted[k]->light - sorted[i]->light < SAME_LIGHT; k++) {
            const Look *a = sorted[i], *b = sorted[k];

            if (!a->read || !b->read || strcmp(a->picture->split, b->picture->split) == 0 ||
                pst_picture_likeness(&a->measures, &b->measures) < SAME)
                continue;
            if (!files)
                files = add_finding(check, "duplicate",
                                    g_strdup(_("the same pictures in two splits: what is learnt is tested on itself")));
            json_array_append_new(files, json_string(a->picture->file));
            json_array_append_new(files, json_string(b->picture->file));
        }
    }
    return TRUE;
}

/* ---- classes ---------------------------------------------------------------------------------- */

typedef struct {
    int count, blurred;
    double light, square[3], background[3];
} Class;

static void add_to_class(Class *class, const Look *look)
{
    class->count++;
    class->blurred += look->measures.sharpness < PST_BLURRED;
    class->light += look->light;
    for (int c = 0; c < 3; c++) {
        class->background[c] += look->background[c];
        class->square[c] += look->background[c] * look->background[c];
    }
}

static double spread_of(const Class *class)
{
    double variance = 0;

    for (int c = 0; c < 3; c++)
        variance += class->square[c] / class->count - pow(class->background[c] / class->count, 2);
    return sqrt(MAX(0, variance));
}

/* Few pictures and light are told against the others. */
static void check_class(Check *check, const char *name, const Class *class, const Class *all, int largest)
{
    double light = class->light / MAX(1, class->count);
    double others = (all->light - class->light) / MAX(1, all->count - class->count);

    if (class->count < PST_DATASET_FEW || class->count < LEAST_SHARE * largest)
        add_finding(check, "few",
                    g_strdup_printf(g_dngettext(GETTEXT_PACKAGE, "%s: %d picture to learn from, which is few",
                                                "%s: %d pictures to learn from, which is few", (gulong) class->count),
                                    name, class->count));
    if (class->count < ENOUGH)
        return;
    if (class->blurred > MANY * class->count)
        add_finding(check, "blurred",
                    g_strdup_printf(_("%s: %d of %d pictures are blurred"), name, class->blurred, class->count));
    if (class->count == all->count)
        return;
    if ((light < DARK && others - light > APART) || (light > LIGHT && light - others > APART))
        add_finding(check, "dark",
                    g_strdup_printf(light < DARK
                                        ? _("%s: dark pictures only, unlike the other classes: a classifier may"
                                            " learn the light and not what is on them")
                                        : _("%s: light pictures only, unlike the other classes: a classifier"
                                            " may learn the light and not what is on them"),
                                    name));
    if (spread_of(class) < EVEN && UNEVEN * spread_of(class) < spread_of(all))
        add_finding(
            check, "background",
            g_strdup_printf(_("%s: all pictures have one background: a classifier may learn that and not what is"
                              " on them"),
                            name));
}

static void check_classes(Check *check)
{
    const GPtrArray *names = check->dataset->classes;
    g_autofree Class *classes = g_new0(Class, MAX(1, names->len));
    Class all = { 0 };
    int largest = 0;

    for (guint i = 0; i < check->dataset->pictures->len; i++) {
        const Look *look = &check->looks[i];

        if (!look->read || !look->picture->train || look->picture->classes->len == 0)
            continue;
        add_to_class(&all, look);
        for (guint k = 0; k < look->picture->classes->len; k++)
            add_to_class(&classes[g_array_index(look->picture->classes, int, k)], look);
    }
    for (guint k = 0; k < names->len; k++)
        largest = MAX(largest, classes[k].count);
    for (guint k = 0; k < names->len; k++)
        check_class(check, names->pdata[k], &classes[k], &all, largest);
}

json_t *pst_dataset_check(const PstDataset *dataset, void (*progress)(const char *file, double share, gpointer data),
                          gpointer data, GCancellable *cancellable, GError **error)
{
    g_autofree Look *looks = g_new0(Look, MAX(1, dataset->pictures->len));
    Check check = { dataset, looks, json_array() };

    if (!read_all(&check, progress, data, cancellable, error) || !check_duplicates(&check, cancellable, error)) {
        json_decref(check.findings);
        return NULL;
    }
    check_missing(&check);
    check_classes(&check);
    return check.findings;
}
