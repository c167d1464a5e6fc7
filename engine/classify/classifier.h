/* A classifier of pictures: logistic regression on descriptors of the frozen encoder, learnt from a few pictures.
 *
 * A file (*.classifier, safetensors) holds "weight" [classes][PST_DESCRIPTOR_SIZE], "bias" [classes], and of the
 * descriptors it was learnt from "mean" and "deviation" [PST_DESCRIPTOR_SIZE]; metadata "format" =
 * "pastiche-classifier-1", "classes", a JSON array of names, and "encoder", the SHA-256 of the weights that it is for.
 */
#pragma once

#include "descriptor.h"
#include "logistic.h"

#define PST_CLASSIFIER_SUFFIX ".classifier"

/** Read-only once made, any number of threads may share it. */
typedef struct PstClassifier PstClassifier;

/** Learns from descriptors [n][PST_DESCRIPTOR_SIZE] with a class 0 .. each; `names` (char *) are of the classes, two or
 *  more. NULL when cancelled. */
PstClassifier *pst_classifier_train(const float *descriptors, const int *labels, int n, const GPtrArray *names,
                                    const char *encoder, GCancellable *cancellable, GError **error);
void pst_classifier_free(PstClassifier *classifier);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstClassifier, pst_classifier_free)

int pst_classifier_classes(const PstClassifier *classifier);

/** Owned by the classifier. */
const char *pst_classifier_name(const PstClassifier *classifier, int class);

/** Probabilities of the classes of a descriptor; the class of the largest one is returned. */
int pst_classifier_apply(const PstClassifier *classifier, const float *descriptor, float *probabilities);

/** Whether it was learnt with this encoder. */
gboolean pst_classifier_suits(const PstClassifier *classifier, const char *encoder);

/** Reads a file, strictly. NULL with PST_TENSORS_ERROR. */
PstClassifier *pst_classifier_read(const char *path, GError **error);

/** The bytes of its file; NULL with PST_TENSORS_ERROR. */
GBytes *pst_classifier_to_bytes(const PstClassifier *classifier, const char *name, GError **error);
