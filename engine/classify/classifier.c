#include "classifier.h"

#include "engine/network/safetensors_writer.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

#define FORMAT  "pastiche-classifier-1"
#define PENALTY 1.0
#define LEAST   1e-3f /* deviation */
#define MOST    10000 /* classes */

struct PstClassifier {
    GPtrArray *names;
    char *encoder;
    float mean[PST_DESCRIPTOR_SIZE], deviation[PST_DESCRIPTOR_SIZE];
    PstLogistic *logistic;
};

static PstClassifier *classifier_new(const char *encoder)
{
    PstClassifier *classifier = g_new0(PstClassifier, 1);

    classifier->names = g_ptr_array_new_with_free_func(g_free);
    classifier->encoder = g_strdup(encoder);
    return classifier;
}

void pst_classifier_free(PstClassifier *classifier)
{
    if (!classifier)
        return;
    g_ptr_array_unref(classifier->names);
    g_free(classifier->encoder);
    pst_logistic_free(classifier->logistic);
    g_free(classifier);
}

static void standardise(const PstClassifier *classifier, const float *descriptor, float *row)
{
    for (int i = 0; i < PST_DESCRIPTOR_SIZE; i++)
        row[i] = (descriptor[i] - classifier->mean[i]) / classifier->deviation[i];
}

static void measure(PstClassifier *classifier, const float *descriptors, int n)
{
    for (int i = 0; i < PST_DESCRIPTOR_SIZE; i++) {
        double sum = 0, square = 0;

        for (int k = 0; k < n; k++) {
            double value = descriptors[(gsize)k * PST_DESCRIPTOR_SIZE + i];

            sum += value / n;
            square += value * value / n;
        }
        classifier->mean[i] = (float)sum;
        classifier->deviation[i] = (float)sqrt(MAX(0, square - sum * sum)) + LEAST;
    }
}

PstClassifier *pst_classifier_train(const float *descriptors, const int *labels, int n, const GPtrArray *names,
                                    const char *encoder, GCancellable *cancellable, GError **error)
{
    g_autoptr(PstClassifier) classifier = classifier_new(encoder);
    g_autofree float *rows = g_new(float, (gsize)n *PST_DESCRIPTOR_SIZE);

    for (guint i = 0; i < names->len; i++)
        g_ptr_array_add(classifier->names, g_strdup(names->pdata[i]));
    measure(classifier, descriptors, n);
    for (int k = 0; k < n; k++)
        standardise(classifier, descriptors + (gsize)k * PST_DESCRIPTOR_SIZE, rows + (gsize)k * PST_DESCRIPTOR_SIZE);
    classifier->logistic = pst_logistic_fit(rows, labels, n, PST_DESCRIPTOR_SIZE, (int)names->len, PENALTY, cancellable,
                                            error);
    return classifier->logistic ? g_steal_pointer(&classifier) : NULL;
}

int pst_classifier_classes(const PstClassifier *classifier)
{
    return (int)classifier->names->len;
}

const char *pst_classifier_name(const PstClassifier *classifier, int class)
{
    return classifier->names->pdata[class];
}

int pst_classifier_apply(const PstClassifier *classifier, const float *descriptor, float *probabilities)
{
    float row[PST_DESCRIPTOR_SIZE];
    int best = 0;

    standardise(classifier, descriptor, row);
    pst_logistic_apply(classifier->logistic, row, probabilities);
    for (int k = 1; k < pst_classifier_classes(classifier); k++)
        best = probabilities[k] > probabilities[best] ? k : best;
    return best;
}

gboolean pst_classifier_suits(const PstClassifier *classifier, const char *encoder)
{
    return strcmp(classifier->encoder, encoder) == 0;
}

/* ---- the file ------------------------------------------------------------------------------- */

static gboolean read_names(PstClassifier *classifier, const PstTensors *tensors)
{
    const char *text = pst_tensors_metadata(tensors, "classes");
    json_auto_t *names = text ? json_loads(text, 0, NULL) : NULL;
    json_t *name;
    size_t i;

    json_array_foreach(names, i, name) {
        if (json_is_string(name))
            g_ptr_array_add(classifier->names, g_strdup(json_string_value(name)));
    }
    return json_array_size(names) == classifier->names->len && classifier->names->len >= 2 &&
           classifier->names->len <= MOST;
}

PstClassifier *pst_classifier_read(const char *path, GError **error)
{
    g_autoptr(PstTensors) tensors = pst_tensors_read(path, NULL, error);
    const char *encoder = tensors ? pst_tensors_metadata(tensors, "encoder") : NULL;
    g_autoptr(PstClassifier) classifier = classifier_new(encoder ? encoder : "");
    gboolean sound = TRUE;
    int classes;

    if (!tensors)
        return NULL;
    if (g_strcmp0(pst_tensors_metadata(tensors, "format"), FORMAT) != 0 || !encoder ||
        !read_names(classifier, tensors)) {
        g_set_error(error, PST_TENSORS_ERROR, PST_TENSORS_ERROR_MISMATCH, "%s: not a classifier", path);
        return NULL;
    }
    classes = (int)classifier->names->len;
    classifier->logistic = pst_logistic_new(PST_DESCRIPTOR_SIZE, classes);
    if (!pst_tensors_copy(tensors, "mean", PST_DESCRIPTOR_SIZE, 0, classifier->mean, error) ||
        !pst_tensors_copy(tensors, "deviation", PST_DESCRIPTOR_SIZE, 0, classifier->deviation, error) ||
        !pst_tensors_copy(tensors, "weight", classes, PST_DESCRIPTOR_SIZE, classifier->logistic->weight, error) ||
        !pst_tensors_copy(tensors, "bias", classes, 0, classifier->logistic->bias, error))
        return NULL;
    for (int i = 0; i < PST_DESCRIPTOR_SIZE; i++)
        sound &= classifier->deviation[i] > 0;
    if (sound)
        return g_steal_pointer(&classifier);
    g_set_error(error, PST_TENSORS_ERROR, PST_TENSORS_ERROR_MISMATCH, "%s: not a classifier", path);
    return NULL;
}

GBytes *pst_classifier_to_bytes(const PstClassifier *classifier, const char *name, GError **error)
{
    g_autoptr(PstTensorsWriter) writer = pst_tensors_writer_new();
    int classes = pst_classifier_classes(classifier);
    json_auto_t *names = json_array();
    g_autofree char *text = NULL;

    for (int k = 0; k < classes; k++)
        json_array_append_new(names, json_string(classifier->names->pdata[k]));
    text = json_dumps(names, JSON_COMPACT);
    pst_tensors_writer_set_metadata(writer, "format", FORMAT);
    pst_tensors_writer_set_metadata(writer, "classes", text);
    pst_tensors_writer_set_metadata(writer, "encoder", classifier->encoder);
    pst_tensors_writer_add(writer, "mean", PST_TENSOR_F32, classifier->mean, (int[]){ PST_DESCRIPTOR_SIZE }, 1);
    pst_tensors_writer_add(writer, "deviation", PST_TENSOR_F32, classifier->deviation, (int[]){ PST_DESCRIPTOR_SIZE },
                           1);
    pst_tensors_writer_add(writer, "weight", PST_TENSOR_F32, classifier->logistic->weight,
                           (int[]){ classes, PST_DESCRIPTOR_SIZE }, 2);
    pst_tensors_writer_add(writer, "bias", PST_TENSOR_F32, classifier->logistic->bias, (int[]){ classes }, 1);
    return pst_tensors_writer_to_bytes(writer, name, error);
}
