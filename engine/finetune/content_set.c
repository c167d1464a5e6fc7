#include "content_set.h"

#include "stylised_sample.h"

#include <glib/gi18n-lib.h>

#define LEAST_SIDE    64 /* of a photograph */
#define HELD_OUT_EACH 5

/* ---- reading -------------------------------------------------------------------------------- */

typedef struct {
    GPtrArray *all; /* paths, of which `count` are read */
    int count;
    PstExample *examples;
    GError **errors;
    GCancellable *cancellable;
} Reading;

static void read_one(int task, int worker, gpointer data)
{
    const Reading *r = data;
    const char *path = r->all->pdata[(gsize)task * r->all->len / r->count];

    pst_example_read(&r->examples[task], path, LEAST_SIDE, NULL, NULL, r->cancellable, &r->errors[task]);
}

/* Shares the examples, which it takes over, out to training and validation. */
static void divide(PstContentSet *set, PstExample *examples, int n)
{
    set->photos = g_new0(PstExample, n);
    set->held_out = g_new0(PstExample, n);
    for (int i = 0; i < n; i++) {
        PstExample *e = &examples[i];

        if (n < HELD_OUT_EACH) {
            int right = e->width / 3, left = e->width - right;

            set->photos[set->count++] = pst_example_cut(e, (PstCrop){ 0, 0, left, e->height, FALSE });
            set->held_out[set->held_out_count++] = pst_example_cut(e, (PstCrop){ left, 0, right, e->height, FALSE });
            pst_example_clear(e);
        } else if (i % HELD_OUT_EACH == HELD_OUT_EACH / 2 && set->held_out_count < PST_CONTENT_SET_HELD_OUT) {
            set->held_out[set->held_out_count++] = *e;
        } else {
            set->photos[set->count++] = *e;
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
    g_autoptr(PstContentSet) set = g_new0(PstContentSet, 1);
    g_autoptr(GPtrArray) paths = pst_example_list(folder);
    int n = (int)MIN(paths->len, PST_CONTENT_SET_MOST), good = 0;
    g_autofree PstExample *examples = g_new0(PstExample, n + 1);
    g_autofree GError **errors = g_new0(GError *, n + 1);

    set->refused = g_ptr_array_new_with_free_func(g_free);
    pst_thread_pool_run(pool, n, read_one, &(Reading){ paths, n, examples, errors, cancellable });
    for (int i = 0; i < n; i++) {
        if (errors[i]) {
            g_ptr_array_add(set->refused, g_strdup(errors[i]->message));
            g_clear_error(&errors[i]);
        } else {
            examples[good++] = examples[i];
        }
    }
    set->checksum = checksum(examples, good);
    divide(set, examples, good);
    if (g_cancellable_set_error_if_cancelled(cancellable, error)) {
        return NULL;
    }
    if (good == 0) {
        g_set_error(error, PST_EXAMPLE_ERROR, PST_EXAMPLE_ERROR_FEW, _("%s: no photograph in it can be read"), folder);
        return NULL;
    }
    return g_steal_pointer(&set);
}

void pst_content_set_free(PstContentSet *set)
{
    if (!set) {
        return;
    }
    for (int i = 0; i < set->count; i++) {
        pst_example_clear(&set->photos[i]);
    }
    for (int i = 0; i < set->held_out_count; i++) {
        pst_example_clear(&set->held_out[i]);
    }
    g_free(set->photos);
    g_free(set->held_out);
    g_clear_pointer(&set->refused, g_ptr_array_unref);
    g_free(set->checksum);
    g_free(set);
}

/* ---- made of them --------------------------------------------------------------------------- */

void pst_content_set_add_stylised(PstContentSet *set, const PstModel *model, const float *const *styles,
                                  int style_count, int count, guint64 seed, PstThreadPool *pool,
                                  GCancellable *cancellable)
{
    g_autoptr(PstExecutor) executor = pst_executor_new(pool, cancellable, NULL, NULL);
    int photos = set->count;

    set->photos = g_renew(PstExample, set->photos, photos + count);
    for (int i = 0; i < count && style_count > 0; i++) {
        PstRandom random = pst_random_at(seed, G_MAXUINT64 - 3, i);
        const PstExample *photo = &set->photos[pst_random_below(&random, photos)];
        const float *style = styles[pst_random_below(&random, style_count)];

        set->photos[set->count++] = pst_stylised_sample_new(model, photo, style, NULL, executor);
    }
}

void pst_content_set_add_style_images(PstContentSet *set, const PstStyleImages *images)
{
    set->photos = g_renew(PstExample, set->photos, set->count + images->count);
    for (int i = 0; i < images->count; i++) {
        const PstExample *e = &images->items[i].example;

        set->photos[set->count++] = pst_example_cut(e, pst_example_whole(e));
    }
}
