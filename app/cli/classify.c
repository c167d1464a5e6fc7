/* pastiche classify: puts pictures into classes, and pastiche classify train: learns to. */
#include "app/common/language.h"
#include "command.h"
#include "console.h"
#include "interrupt.h"
#include "options.h"
#include "picture_list.h"
#include "progress.h"

#include "engine/classify/classifier.h"
#include "engine/dataset/dataset.h"
#include "engine/picture/output.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const PstUsage usage = {
    .command = "pastiche classify",
    .parameters = N_("FILE..."),
    .summary = N_("Puts pictures into the classes that a classifier has learnt."),
    .description = N_(
        "A FILE is a picture or a folder of pictures; with --score it is a labelled dataset, and what is\n"
        "told is how many of its pictures are put right, class by class: those that are not of its train\n"
        "split, or all where there are no splits. \"pastiche classify train\" makes classifiers.\n"
        "\n"
        "Example:\n"
        "  pastiche classify --model clothes.classifier photo.jpg"),
};

static const PstUsage train_usage = {
    .command = "pastiche classify train",
    .parameters = N_("DATASET"),
    .summary = N_("Learns to tell the classes of a labelled dataset apart, in about a minute."),
    .description = N_(
        "DATASET is a folder with a folder for each class, or what else \"pastiche augment\" understands;\n"
        "a picture of several classes is left out. What is learnt is one layer on the program's own\n"
        "encoder, which stays as it is: a few pictures of each class will do, and \"pastiche augment\"\n"
        "makes more of them. Pictures are also looked at in the mirror unless --no-mirror is given.\n"
        "\n"
        "Example:\n"
        "  pastiche augment clothes/ -o clothes-more/\n"
        "  pastiche classify train clothes-more/ -o clothes.classifier"),
};

typedef struct {
    PstModel *model;
    PstThreadPool *pool;
    PstProgress *progress;
    GCancellable *cancellable;
    int failed;
} Work;

static void work_begin(Work *work, gint64 threads, gboolean json)
{
    work->cancellable = pst_interrupt_watch();
    work->pool = pst_thread_pool_new((int)threads);
    work->progress = pst_progress_new(1, !json && pst_progress_terminal());
}

/* The exit status. */
static int work_end(Work *work, gboolean done, const GError *error)
{
    pst_progress_free(work->progress);
    pst_model_free(work->model);
    pst_thread_pool_free(work->pool);
    g_object_unref(work->cancellable);
    if (pst_interrupt_signal())
        return PST_EXIT_SIGNAL + pst_interrupt_signal();
    if (error)
        pst_console_failure(error);
    return done && work->failed == 0 ? pst_console_finish() : PST_EXIT_FAILED;
}

/* FALSE when cancelled, with an error; a picture that can't be read is told of, and `*read` is FALSE. */
static gboolean describe(Work *work, const char *path, gboolean mirrored, float *descriptor, gboolean *read,
                         GError **error)
{
    g_autoptr(GError) local = NULL;
    g_autoptr(PstPicture) picture = pst_domain_read(path, work->cancellable, &local);

    *read = picture && pst_describe(work->model, work->pool, picture, FALSE, descriptor, work->cancellable, &local) &&
            (!mirrored || pst_describe(work->model, work->pool, picture, TRUE, descriptor + PST_DESCRIPTOR_SIZE,
                                       work->cancellable, &local));
    if (g_error_matches(local, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
        g_propagate_error(error, g_steal_pointer(&local));
        return FALSE;
    }
    if (local) {
        pst_progress_clear(work->progress);
        pst_console_failure(local);
        work->failed++;
    }
    return TRUE;
}

/* Pictures of one class, of the train split, or of what is no train split if there is such. */
static GPtrArray *choose_pictures(const PstDataset *dataset, gboolean train)
{
    GPtrArray *chosen = g_ptr_array_new();
    gboolean others = FALSE;

    for (guint i = 0; i < dataset->pictures->len; i++)
        others |= !((PstLabelledPicture *)dataset->pictures->pdata[i])->train;
    for (guint i = 0; i < dataset->pictures->len; i++) {
        PstLabelledPicture *picture = dataset->pictures->pdata[i];

        if (picture->classes->len == 1 && (train ? picture->train : !others || !picture->train))
            g_ptr_array_add(chosen, picture);
    }
    return chosen;
}

static int class_of(const PstLabelledPicture *picture)
{
    return g_array_index(picture->classes, int, 0);
}

/* ---- training ------------------------------------------------------------------------------- */

typedef struct {
    float *descriptors;
    int *labels;
    int count;
} Rows;

static gboolean describe_all(Work *work, const PstDataset *dataset, const GPtrArray *pictures, gboolean mirrored,
                             Rows *rows, GError **error)
{
    int views = mirrored ? 2 : 1;

    rows->descriptors = g_new(float, (gsize)MAX(1, pictures->len) * views * PST_DESCRIPTOR_SIZE);
    rows->labels = g_new(int, MAX(1, pictures->len) * views);
    for (guint i = 0; i < pictures->len; i++) {
        const PstLabelledPicture *picture = pictures->pdata[i];
        g_autofree char *path = g_build_filename(dataset->folder, picture->file, NULL);
        gboolean read;

        pst_progress_update(work->progress, (double)i / pictures->len, picture->file);
        if (!describe(work, path, mirrored, rows->descriptors + (gsize)rows->count * PST_DESCRIPTOR_SIZE, &read, error))
            return FALSE;
        for (int view = 0; view < views && read; view++)
            rows->labels[rows->count++] = class_of(picture);
    }
    pst_progress_clear(work->progress);
    return TRUE;
}

static gboolean check_classes(const PstDataset *dataset, const Rows *rows, GError **error)
{
    g_autofree int *counts = g_new0(int, MAX(1, dataset->classes->len));
    int shown = 0;

    for (int i = 0; i < rows->count; i++)
        shown += counts[rows->labels[i]]++ == 0;
    if (shown >= 2)
        return TRUE;
    g_set_error(error, PST_DATASET_ERROR, PST_DATASET_ERROR_LABELS,
                _("%s: there have to be pictures of two classes at least, one class each"), dataset->folder);
    return FALSE;
}

static char *write_classifier(const PstClassifier *classifier, const char *path, PstConflict conflict, GError **error)
{
    g_autoptr(GBytes) bytes = pst_classifier_to_bytes(classifier, path, error);
    g_autoptr(PstOutput) output = bytes ? pst_output_open(path, conflict, error) : NULL;
    gsize size;
    const void *data = bytes ? g_bytes_get_data(bytes, &size) : NULL;

    return output && pst_output_write(output, data, size, error) ? pst_output_commit(output, error) : NULL;
}

static gboolean train(Work *work, const char *folder, const char *path, gboolean mirrored, PstConflict conflict,
                      gboolean json, GError **error)
{
    g_autoptr(PstDataset) dataset = pst_dataset_open(folder, error);
    g_autoptr(GPtrArray) pictures = dataset ? choose_pictures(dataset, TRUE) : NULL;
    g_autoptr(PstClassifier) classifier = NULL;
    g_autofree char *written = NULL;
    Rows rows = { 0 };
    gboolean done = pictures && (work->model = pst_model_load_default(error)) &&
                    describe_all(work, dataset, pictures, mirrored, &rows, error) &&
                    check_classes(dataset, &rows, error);

    if (done)
        classifier = pst_classifier_train(rows.descriptors, rows.labels, rows.count, dataset->classes,
                                          pst_model_encoder_hash(work->model), work->cancellable, error);
    if (classifier)
        written = write_classifier(classifier, path, conflict, error);
    g_free(rows.descriptors);
    g_free(rows.labels);
    if (written && json)
        pst_console_json(json_pack("{s:o, s:i, s:i}", "output", pst_json_text(written), "pictures", (int)pictures->len,
                                   "classes", (int)dataset->classes->len));
    else if (written)
        pst_console_path(written);
    return written != NULL;
}

int pst_command_classify_train(int argc, char **argv)
{
    static char **datasets, *output, *conflict, *threads;
    static gboolean no_mirror, json;
    PstConflict when_exists = PST_CONFLICT_UNIQUE;
    int status;
    gint64 count = 0;
    Work work = { 0 };
    gboolean done;
    g_autoptr(GError) error = NULL;
    const GOptionEntry entries[] = { { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
                                       N_("The classifier; a name that ends in .classifier"), N_("FILE") },
                                     { "no-mirror", 0, 0, G_OPTION_ARG_NONE, &no_mirror,
                                       N_("Left and right are different things"), NULL },
                                     PST_OPTION_CONFLICT(&conflict),
                                     PST_OPTION_THREADS(&threads),
                                     { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Tell it as JSON"), NULL },
                                     { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &datasets, NULL, NULL },
                                     G_OPTION_ENTRY_NULL };

    if (!pst_options_parse(&train_usage, entries, NULL, argc, argv, &status))
        return status;
    if (!datasets || datasets[1])
        g_set_error(&error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "%s",
                    datasets ? _("one dataset at a time") : _("a dataset is missing"));
    else if (!output || !g_str_has_suffix(output, PST_CLASSIFIER_SUFFIX))
        g_set_error(&error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _("-o FILE%s is missing"), PST_CLASSIFIER_SUFFIX);
    if (error || !pst_option_conflict(conflict, &when_exists, &error) ||
        !pst_option_whole("--threads", threads, 1, 1024, &count, &error))
        return pst_options_fail(&train_usage, error);
    if (json)
        pst_language_untranslated();
    work_begin(&work, count, json);
    done = train(&work, datasets[0], output, !no_mirror, when_exists, json, &error);
    return work_end(&work, done, error);
}

/* ---- classifying ---------------------------------------------------------------------------- */

static PstClassifier *read_classifier(Work *work, const char *path, GError **error)
{
    g_autoptr(PstClassifier) classifier = pst_classifier_read(path, error);

    if (!classifier || !(work->model = pst_model_load_default(error)))
        return NULL;
    if (pst_classifier_suits(classifier, pst_model_encoder_hash(work->model)))
        return g_steal_pointer(&classifier);
    g_set_error(error, PST_TENSORS_ERROR, PST_TENSORS_ERROR_MISMATCH,
                _("%s: was learnt with other weights; train it again"), path);
    return NULL;
}

static void print(const PstClassifier *classifier, const char *path, const float *probabilities, int best,
                  gboolean json)
{
    json_t *all;

    if (!json) {
        g_autofree char *name = pst_console_clean(path),
                        *class = pst_console_clean(pst_classifier_name(classifier, best));

        pst_console_print("%s\t%s\t%.3f\n", name, class, (double)probabilities[best]);
        return;
    }
    all = json_object();
    for (int k = 0; k < pst_classifier_classes(classifier); k++)
        json_object_set_new(all, pst_classifier_name(classifier, k), json_real((double)probabilities[k]));
    pst_console_json(json_pack("{s:o, s:o, s:f, s:o}", "file", pst_json_text(path), "class",
                               pst_json_text(pst_classifier_name(classifier, best)), "probability",
                               (double)probabilities[best], "probabilities", all));
}

static gboolean classify(Work *work, const PstClassifier *classifier, const char *file, gboolean json, GError **error)
{
    g_autoptr(GPtrArray) paths = pst_picture_list(file, TRUE, error);
    g_autofree float *probabilities = g_new(float, pst_classifier_classes(classifier));

    for (guint i = 0; paths && i < paths->len && pst_console_writable(); i++) {
        float descriptor[PST_DESCRIPTOR_SIZE];
        gboolean read;

        if (!describe(work, paths->pdata[i], FALSE, descriptor, &read, error))
            return FALSE;
        if (read)
            print(classifier, paths->pdata[i], probabilities,
                  pst_classifier_apply(classifier, descriptor, probabilities), json);
    }
    return paths != NULL;
}

/* Classes are the same where their names are. */
static int number_of(const PstClassifier *classifier, const char *name)
{
    for (int k = 0; k < pst_classifier_classes(classifier); k++) {
        if (strcmp(pst_classifier_name(classifier, k), name) == 0)
            return k;
    }
    return -1;
}

static gboolean score(Work *work, const PstClassifier *classifier, const char *folder, gboolean json, GError **error)
{
    g_autoptr(PstDataset) dataset = pst_dataset_open(folder, error);
    g_autoptr(GPtrArray) pictures = dataset ? choose_pictures(dataset, FALSE) : NULL;
    g_autofree int *right = NULL, *all = NULL;
    g_autofree float *probabilities = g_new(float, pst_classifier_classes(classifier));
    json_t *classes = json_object();
    int sum = 0, total = 0;

    if (!pictures) {
        json_decref(classes);
        return FALSE;
    }
    right = g_new0(int, MAX(1, dataset->classes->len));
    all = g_new0(int, MAX(1, dataset->classes->len));
    for (guint i = 0; i < pictures->len; i++) {
        const PstLabelledPicture *picture = pictures->pdata[i];
        g_autofree char *path = g_build_filename(folder, picture->file, NULL);
        float descriptor[PST_DESCRIPTOR_SIZE];
        gboolean read;
        int class = class_of(picture);

        pst_progress_update(work->progress, (double)i / pictures->len, picture->file);
        if (!describe(work, path, FALSE, descriptor, &read, error)) {
            json_decref(classes);
            return FALSE;
        }
        if (!read)
            continue;
        all[class]++;
        right[class] += pst_classifier_apply(classifier, descriptor, probabilities) ==
                        number_of(classifier, dataset->classes->pdata[class]);
    }
    pst_progress_clear(work->progress);
    for (guint k = 0; k < dataset->classes->len; k++) {
        g_autofree char *name = pst_console_clean(dataset->classes->pdata[k]);

        sum += right[k];
        total += all[k];
        json_object_set_new(classes, name, json_pack("[i,i]", right[k], all[k]));
        if (!json && all[k] > 0)
            pst_console_print(_("%s: %d of %d right\n"), name, right[k], all[k]);
    }
    if (json) {
        pst_console_json(json_pack("{s:o, s:f, s:i, s:i, s:o}", "dataset", pst_json_text(folder), "accuracy",
                                   total > 0 ? (double)sum / total : 0.0, "right", sum, "pictures", total, "classes",
                                   classes));
    } else {
        pst_console_print(_("all: %d of %d right, %.1f %%\n"), sum, total, total > 0 ? 100.0 * sum / total : 0);
        json_decref(classes);
    }
    return TRUE;
}

int pst_command_classify(int argc, char **argv)
{
    static char **files, *model, *threads;
    static gboolean scores, json;
    gint64 count = 0;
    int status;
    Work work = { 0 };
    gboolean done;
    g_autoptr(GError) error = NULL;
    g_autoptr(PstClassifier) classifier = NULL;
    const GOptionEntry entries[] = {
        { "model", 'm', 0, G_OPTION_ARG_FILENAME, &model, N_("The classifier"), N_("FILE") },
        { "score", 0, 0, G_OPTION_ARG_NONE, &scores, N_("Tell how much of a labelled dataset is put right"), NULL },
        PST_OPTION_THREADS(&threads),
        PST_OPTION_JSON(&json),
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &files, NULL, NULL },
        G_OPTION_ENTRY_NULL
    };

    if (!pst_options_parse(&usage, entries, NULL, argc, argv, &status))
        return status;
    if (!files || !model)
        g_set_error(&error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "%s",
                    files ? _("--model is missing, a classifier") : _("a picture is missing"));
    if (error || !pst_option_whole("--threads", threads, 1, 1024, &count, &error))
        return pst_options_fail(&usage, error);
    if (json)
        pst_language_untranslated();
    work_begin(&work, count, json);
    classifier = read_classifier(&work, model, &error);
    done = classifier != NULL;
    for (int i = 0; files[i] && done && pst_console_writable(); i++)
        done = scores ? score(&work, classifier, files[i], json, &error)
                      : classify(&work, classifier, files[i], json, &error);
    return work_end(&work, done, error);
}
