/* Multinomial logistic regression: which of some classes features speak for.
 *
 *   p = softmax(W x + b)     W, b minimise  mean of -log p(class)  +  penalty / (2 n) |W|^2
 *
 * over n rows, by the accelerated gradient method of Nesterov with restarts (O'Donoghue and Candes, "Adaptive Restart
 * for Accelerated Gradient Schemes", 2015), whose step is that of the largest curvature there can be. The problem is
 * convex, so the result depends on nothing random.
 */
#pragma once

#include <gio/gio.h>

typedef struct {
    int in, classes;
    float *weight; /* [classes][in] */
    float *bias;   /* [classes] */
} PstLogistic;

/** Fits rows [n][in] with a class 0 .. classes-1 each. NULL and G_IO_ERROR_CANCELLED when cancelled. */
PstLogistic *pst_logistic_fit(const float *rows, const int *labels, int n, int in, int classes, double penalty,
                              GCancellable *cancellable, GError **error);
PstLogistic *pst_logistic_new(int in, int classes);
void pst_logistic_free(PstLogistic *logistic);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstLogistic, pst_logistic_free)

/** Probabilities [classes] of a row [in]. */
void pst_logistic_apply(const PstLogistic *logistic, const float *row, float *probabilities);

/** The class of largest probability. */
int pst_logistic_choose(const PstLogistic *logistic, const float *row);
