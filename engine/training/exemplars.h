/* The pictures that a style is learnt from. */
#pragma once

#include "corpus.h"
#include "examiner.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define PST_EXEMPLARS_MOST 64
#define PST_EXEMPLAR_LEAST 32 /* pixels of the short side; smaller pictures are refused */

typedef struct {
    char *file;          /* its name without folders, valid UTF-8 */
    char sha256[65];     /* of the file, in hexadecimal */
    int width, height;   /* upright, in pixels */
    PstExample example;  /* shrunk so that its short side is at most 512 */
} PstExemplar;

typedef struct {
    int count;
    PstExemplar *items;
    GPtrArray *refused; /* char *: one line for each picture that couldn't be read */
} PstExemplars;

/** Reads the pictures of the NULL-terminated list; those that can't be read are told of in `refused`. NULL when
 *  cancelled, when none is left (the first one's error), or when there are more than PST_EXEMPLARS_MOST. */
PstExemplars *pst_exemplars_read(const char *const *paths, PstThreadPool *pool, GCancellable *cancellable,
                                 GError **error);
void pst_exemplars_free(PstExemplars *exemplars);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstExemplars, pst_exemplars_free)

/** Makes picture `i` smaller: only the window of its example is left. */
void pst_exemplars_crop(PstExemplars *exemplars, int i, PstWindow window);

typedef struct {
    const PstJudge *encoder, *examiner; /* examiner may be NULL */
    const int *scales;
    int scale_count;
    GCancellable *cancellable; /* or NULL */
} PstExemplarsView;

/** What the networks see in the pictures. */
typedef struct {
    float *styles;                 /* [count][PST_STYLE_SIZE]: each picture's by the encoder, at a short side of 512 */
    float style[PST_STYLE_SIZE];   /* of all together, as pst_style_mix() has it */
    float target[PST_TARGET_SIZE]; /* mean over pictures and scales of what the encoder as a judge sees, */
    float exact[PST_EXACT_SIZE];   /* and the examiner; zeros without one */
} PstExemplarsStatistics;

/** Gathers statistics; pictures are enlarged at most twice. Undefined once cancelled. */
void pst_exemplars_measure(const PstExemplars *exemplars, const PstExemplarsView *view, PstThreadPool *pool,
                           PstExemplarsStatistics *statistics);
void pst_exemplars_statistics_clear(PstExemplarsStatistics *statistics);

G_END_DECLS
