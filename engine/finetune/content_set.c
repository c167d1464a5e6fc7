#include "content_set.h"

#include "stylised_sample.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define LEAST_SIDE    64  /* of a photograph */
#define HELD_OUT_EACH 5

/* ---- reading -------------------------------------------------------------------------------- */

static gint by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Paths of the folder's pictures, by name, thinned out. */
static GPtrArray *list(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(g_free);
    GPtrArray *some = g_ptr_array_new_with_free_func(g_free);
    const char *name;

    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *lower = g_ascii_strdown(name, -1);

        if (g_str_has_suffix(lower, ".jpg") || g_str_has_suffix(lower, ".jpeg") || g_str_has_suffix(lower, ".png")) {
            g_ptr_array_add(all, g_build_filename(folder, name, NULL));
        }
    }
    g_ptr_array_sort(all, by_name);
    for (guint i = 0; i < MIN(all->len, PST_CONTENT_SET_MOST); i++) {
        guint at = all->len > PST_CONTENT_SET_MOST ? i * all->len / PST_CONTENT_SET_MOST : i;

        g_ptr_array_add(some, g_strdup(all->pdata[at]));
    }
    return some;
}

typedef struct {
    GPtrArray *paths;
    PstExample *examples;
    GError **errors;
    GCancellable *cancellable;
} Reading;

static void read_one(int task, int worker, gpointer data)
{
    const Reading *r = data;

    pst_example_read(&r->examples[task], r->paths->pdata[task], LEAST_SIDE, NULL, NULL, r->cancellable,
                     &r->errors[task]);
}

/* Columns first .. first+width-1 of an example. */
static PstExample columns(const PstExample *e, int first, int width)
{
    PstExample part = { width, e->height, g_malloc((gsize)3 * width * e->height) };

    for (int y = 0; y < e->height; y++) {
        memcpy(part.rgb + (gsize)3 * y * width, e->rgb + 3 * ((gsize)y * e->width + first), (gsize)3 * width);
    }
    return part;
}

/* Shares the examples, which it takes over, out to practice and validations. */
static void divide(PstContentSet *p, PstExample *examples, int n)
{
    p->photos = g_new0(PstExample, n);
    p->held_out = g_new0(PstExample, n);
    for (int i = 0; i < n; i++) {
        PstExample *e = &examples[i];

        if (n < HELD_OUT_EACH) {
            p->photos[p->count++] = columns(e, 0, e->width - e->width / 3);
            p->held_out[p->held_out_count++] = columns(e, e->width - e->width / 3, e->width / 3);
            pst_example_clear(e);
        } else if (i % HELD_OUT_EACH == HELD_OUT_EACH / 2 && p->held_out_count < PST_CONTENT_SET_HELD_OUT) {
            p->held_out[p->held_out_count++] = *e;
        } else {
            p->photos[p->count++] = *e;
        }
    }
}

static char *checksum(const PstExample *examples, int n)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);

    for (int i = 0; i < n; i++) {
        g_checksum_update(sum, examples[i].rgb, (gssize)3 * examples[i].width * examples[i].height);
    }
    return g_strdup(g_checksum_get_string(sum));
}

PstContentSet *pst_content_set_read(const char *folder, PstThreadPool *pool, GCancellable *cancellable, GError **error)
{
    g_autoptr(PstContentSet) p = g_new0(PstContentSet, 1);
    g_autoptr(GPtrArray) paths = list(folder);
    int n = (int)paths->len, good = 0;
    g_autofree PstExample *examples = g_new0(PstExample, n + 1);
    g_autofree GError **errors = g_new0(GError *, n + 1);

    p->refused = g_ptr_array_new_with_free_func(g_free);
    pst_thread_pool_run(pool, n, read_one, &(Reading){ paths, examples, errors, cancellable });
    for (int i = 0; i < n; i++) {
        if (errors[i]) {
            g_ptr_array_add(p->refused, g_strdup(errors[i]->message));
            g_clear_error(&errors[i]);
        } else {
            examples[good++] = examples[i];
        }
    }
    p->checksum = checksum(examples, good);
    divide(p, examples, good);
    if (g_cancellable_set_error_if_cancelled(cancellable, error)) {
        return NULL;
    }
    if (good == 0) {
        g_set_error(error, PST_CORPUS_ERROR, PST_CORPUS_ERROR_EMPTY,
                    _("%s: no photograph in it can be read; give a folder of JPEG or PNG pictures"), folder);
        return NULL;
    }
    return g_steal_pointer(&p);
}

void pst_content_set_free(PstContentSet *p)
{
    if (!p) {
        return;
    }
    for (int i = 0; i < p->count; i++) {
        pst_example_clear(&p->photos[i]);
    }
    for (int i = 0; i < p->held_out_count; i++) {
        pst_example_clear(&p->held_out[i]);
    }
    g_free(p->photos);
    g_free(p->held_out);
    g_clear_pointer(&p->refused, g_ptr_array_unref);
    g_free(p->checksum);
    g_free(p);
}

/* ---- made of them --------------------------------------------------------------------------- */

void pst_content_set_add_painted(PstContentSet *p, const PstModel *model, const float *const *styles, int style_count,
                              int count, guint64 seed, PstThreadPool *pool, GCancellable *cancellable)
{
    g_autoptr(PstExecutor) executor = pst_executor_new(pool, cancellable, NULL, NULL);
    int photos = p->count;

    p->photos = g_renew(PstExample, p->photos, photos + count);
    for (int i = 0; i < count && style_count > 0; i++) {
        PstRandom random = pst_random_at(seed, G_MAXUINT64 - 3, i);
        const PstExample *photo = &p->photos[pst_random_below(&random, photos)];

        p->photos[p->count++] = pst_stylised_sample_new(model, photo, styles[pst_random_below(&random, style_count)], NULL, executor);
    }
}

void pst_content_set_add_exemplars(PstContentSet *p, const PstStyleImages *style_images)
{
    p->photos = g_renew(PstExample, p->photos, p->count + style_images->count);
    for (int i = 0; i < style_images->count; i++) {
        p->photos[p->count++] = columns(&style_images->items[i].example, 0, style_images->items[i].example.width);
    }
}
