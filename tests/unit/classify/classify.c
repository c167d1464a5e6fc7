/* Logistic regression is at its minimum, and a classifier's file says what it was written with. */
#include "engine/base/random.h"
#include "engine/classify/classifier.h"
#include "tests/folder.h"

#include <math.h>
#include <string.h>

#define N       60
#define IN      20
#define CLASSES 3
#define PENALTY 2.0

static void make(float *rows, int *labels)
{
    PstRandom random = pst_random_at(1, 0, 0);

    for (int i = 0; i < N; i++) {
        labels[i] = i % CLASSES;
        for (int k = 0; k < IN; k++)
            rows[i * IN + k] = (float)(pst_random_normal(&random) + (k % CLASSES == labels[i] ? 0.7 : 0));
    }
}

static double loss(const PstLogistic *logistic, const float *rows, const int *labels)
{
    double sum = 0, squares = 0;

    for (int i = 0; i < N; i++) {
        float p[CLASSES];

        pst_logistic_apply(logistic, rows + i * IN, p);
        sum -= log(MAX(p[labels[i]], 1e-30f)) / N;
    }
    for (int i = 0; i < IN * CLASSES; i++)
        squares += (double)logistic->weight[i] * logistic->weight[i];
    return sum + PENALTY / (2 * N) * squares;
}

static void test_minimum(void)
{
    float rows[N * IN];
    int labels[N], right = 0;
    g_autoptr(PstLogistic) logistic = NULL;
    double least;

    make(rows, labels);
    logistic = pst_logistic_fit(rows, labels, N, IN, CLASSES, PENALTY, NULL, NULL);
    least = loss(logistic, rows, labels);
    for (int i = 0; i < N; i++)
        right += pst_logistic_choose(logistic, rows + i * IN) == labels[i];
    g_assert_cmpint(right, >, N * 9 / 10);
    /* Finite differences: no weight wants to move. */
    for (int i = 0; i < IN * CLASSES; i++) {
        for (int sign = -1; sign <= 1; sign += 2) {
            float kept = logistic->weight[i];

            logistic->weight[i] += (float)sign * 0.02f;
            g_assert_cmpfloat(loss(logistic, rows, labels), >, least);
            logistic->weight[i] = kept;
        }
    }
}

static void test_file(void)
{
    g_autofree char *folder = g_dir_make_tmp("classify-XXXXXX", NULL),
                    *path = g_build_filename(folder, "a.classifier", NULL);
    g_autofree float *descriptors = g_new(float, 12 * PST_DESCRIPTOR_SIZE);
    int labels[12];
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    g_autoptr(PstClassifier) made = NULL, read = NULL;
    g_autoptr(GBytes) bytes = NULL;
    g_autoptr(GError) error = NULL;
    PstRandom random = pst_random_at(2, 0, 0);
    float a[2], b[2];
    gsize size;
    const char *data;

    g_ptr_array_add(names, (gpointer) "cat");
    g_ptr_array_add(names, (gpointer) "Hündin");
    for (int i = 0; i < 12 * PST_DESCRIPTOR_SIZE; i++)
        descriptors[i] = (float)pst_random_normal(&random);
    for (int i = 0; i < 12; i++)
        labels[i] = i % 2;
    made = pst_classifier_train(descriptors, labels, 12, names, "0123", NULL, &error);
    g_assert_no_error(error);
    bytes = pst_classifier_to_bytes(made, path, &error);
    g_assert_no_error(error);
    data = g_bytes_get_data(bytes, &size);
    g_assert_true(g_file_set_contents(path, data, (gssize)size, NULL));
    read = pst_classifier_read(path, &error);
    g_assert_no_error(error);
    g_assert_cmpint(pst_classifier_classes(read), ==, 2);
    g_assert_cmpstr(pst_classifier_name(read, 1), ==, "Hündin");
    g_assert_true(pst_classifier_suits(read, "0123"));
    g_assert_false(pst_classifier_suits(read, "4567"));
    for (int i = 0; i < 12; i++) {
        g_assert_cmpint(pst_classifier_apply(read, descriptors + i * PST_DESCRIPTOR_SIZE, a), ==, labels[i]);
        pst_classifier_apply(made, descriptors + i * PST_DESCRIPTOR_SIZE, b);
        g_assert_cmpmem(a, sizeof a, b, sizeof b);
    }
    g_assert_true(g_file_set_contents(path, data, (gssize)size - 4, NULL));
    g_assert_null(pst_classifier_read(path, &error));
    g_assert_nonnull(strstr(error->message, path));
    folder_remove(folder);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/classify/minimum", test_minimum);
    g_test_add_func("/classify/file", test_file);
    return g_test_run();
}
