#include "corpus.h"

#include <glib/gi18n-lib.h>

#define HELD_OUT 32

typedef struct {
    GPtrArray *paths;
    PstExample *examples;
    GError **errors; /* one for each path */
} Reading;

static void read_example(int task, int worker, gpointer data)
{
    Reading *r = data;

    pst_example_read(&r->examples[task], r->paths->pdata[task], 1, NULL, NULL, NULL, &r->errors[task]);
}

PstCorpus *pst_corpus_read(const char *folder, PstThreadPool *pool, GError **error)
{
    g_autoptr(GPtrArray) paths = pst_example_list(folder);
    g_autoptr(PstCorpus) corpus = g_new0(PstCorpus, 1);
    int n = (int)paths->len;
    g_autofree GError **errors = g_new0(GError *, n + 1);
    GError *first = NULL;

    if (n < 2) {
        g_set_error(error, PST_EXAMPLE_ERROR, PST_EXAMPLE_ERROR_FEW, _("%s: fewer than two JPEG or PNG pictures"),
                    folder);
        return NULL;
    }
    corpus->held_out = MIN(HELD_OUT, MAX(1, n / 4));
    corpus->train = n - corpus->held_out;
    corpus->examples = g_new0(PstExample, n);
    pst_thread_pool_run(pool, n, read_example, &(Reading){ paths, corpus->examples, errors });
    for (int i = 0; i < n; i++) {
        if (errors[i] && !first) {
            first = g_steal_pointer(&errors[i]);
        }
        g_clear_error(&errors[i]);
    }
    if (first) {
        g_propagate_error(error, first);
        return NULL;
    }
    return g_steal_pointer(&corpus);
}

void pst_corpus_free(PstCorpus *corpus)
{
    if (!corpus) {
        return;
    }
    for (int i = 0; i < corpus->train + corpus->held_out; i++) {
        pst_example_clear(&corpus->examples[i]);
    }
    g_free(corpus->examples);
    g_free(corpus);
}
