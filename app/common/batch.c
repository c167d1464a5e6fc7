#include "batch.h"

#include "file_kind.h"

#include "engine/picture/reader.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define STEM 160 /* bytes kept of a photograph's name, so that the result's stays below 255 */

/* What is known while a batch is planned. */
typedef struct {
    PstBatch *batch;
    const PstBatchSettings *settings;
    char *output_folder;   /* where results go; NULL: to `settings->output`, a file */
    char *output_identity; /* not walked into */
    GHashTable *claimed;   /* paths of results */
    GHashTable *seen;      /* absolute paths of photographs */
} Plan;

static void item_free(gpointer data)
{
    PstBatchItem *item = data;

    g_free(item->input);
    g_free(item->name);
    g_free(item->output);
    g_free(item->place);
    g_free(item);
}

void pst_batch_free(PstBatch *batch)
{
    if (!batch)
        return;
    g_ptr_array_unref(batch->items);
    g_ptr_array_unref(batch->problems);
    pst_inputs_unref(batch->inputs);
    g_free(batch);
}

static gboolean refuse(GError **error, const char *subject, const char *reason)
{
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s: %s", subject, reason);
    return FALSE;
}

static gboolean is_folder(const char *path)
{
    return g_file_test(path, G_FILE_TEST_IS_DIR);
}

/* The photograph's name without suffix, cut at a character if it is very long. */
static char *short_stem(const char *input)
{
    char *stem = pst_file_stem(input);
    gsize end = STEM;

    if (strlen(stem) > STEM) {
        while (end > 0 && ((guchar)stem[end] & 0xc0) == 0x80)
            end--;
        stem[end] = '\0';
    }
    return stem;
}

/* A path that no other photograph of this batch is given: NAME-LABEL.jpg, NAME-LABEL-2.jpg, ...
 * Where results avoid each other by themselves, the plain name is left to all. */
static char *claim(Plan *plan, const char *folder, const char *input, PstFormat format)
{
    const char *suffix = pst_format_suffix(format);
    g_autofree char *stem = short_stem(input);

    for (guint number = 1;; number++) {
        g_autofree char *count = number > 1 ? g_strdup_printf("-%u", number) : g_strdup("");
        g_autofree char *name = g_strdup_printf("%s-%s%s.%s", stem, plan->settings->label, count, suffix);
        char *path = strcmp(folder, ".") == 0 ? g_strdup(name) : g_build_filename(folder, name, NULL);

        if (plan->settings->conflict == PST_CONFLICT_UNIQUE)
            return path;
        if (g_hash_table_add(plan->claimed, g_strdup(path)))
            return path;
        g_free(path);
    }
}

static char *join(const char *subfolder, const char *path)
{
    g_autofree char *base = g_path_get_basename(path);

    return *subfolder ? g_build_filename(subfolder, base, NULL) : g_steal_pointer(&base);
}

/* `subfolder` is NULL where the photograph itself was asked for. */
static void add_photo(Plan *plan, const char *input, const char *subfolder)
{
    const PstBatchSettings *settings = plan->settings;
    g_auto(PstPictureInfo) info = { 0 };
    PstBatchItem *item;

    if (!g_hash_table_add(plan->seen, g_canonicalize_filename(input, NULL)))
        return;
    pst_inputs_add(plan->batch->inputs, input);
    /* Probing a pipe would eat its beginning. A file that can't be probed is reported when its turn
     * comes. */
    if (g_file_test(input, G_FILE_TEST_IS_REGULAR))
        pst_picture_probe(input, &info, NULL);
    if (subfolder && pst_picture_info_is_painting(&info)) {
        plan->batch->results++;
        return;
    }

    item = g_new0(PstBatchItem, 1);
    item->input = g_strdup(input);
    item->name = subfolder ? join(subfolder, input) : g_strdup(input);
    item->pixels = (double)info.width * info.height;
    item->format = settings->format;
    if (item->format == PST_FORMAT_UNKNOWN && !plan->output_folder)
        item->format = pst_format_from_suffix(settings->output);
    if (item->format == PST_FORMAT_UNKNOWN)
        item->format = pst_format_for_result(info.format);
    if (plan->output_folder) {
        g_autofree char *folder = subfolder && *subfolder ? g_build_filename(plan->output_folder, subfolder, NULL)
                                                          : g_strdup(plan->output_folder);

        item->output = claim(plan, folder, input, item->format);
    } else {
        item->output = g_strdup(settings->output);
    }
    item->place = join(subfolder ? subfolder : "", item->output);
    g_ptr_array_add(plan->batch->items, item);
}

static int compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static GPtrArray *sorted_names(const char *folder, GError **error)
{
    g_autoptr(GDir) directory = g_dir_open(folder, 0, NULL);
    GPtrArray *names;
    const char *name;

    if (!directory) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_ACCES,
                    _("%s: the folder can't be listed; check whether you may read it"), folder);
        return NULL;
    }
    names = g_ptr_array_new_with_free_func(g_free);
    while ((name = g_dir_read_name(directory))) {
        if (name[0] != '.')
            g_ptr_array_add(names, g_strdup(name));
    }
    g_ptr_array_sort(names, compare_names);
    return names;
}

/* An empty file, or a web page, that is called .jpg was meant to be a photograph: better reported. */
static gboolean seems_photo(const char *path)
{
    return pst_file_kind(path) == PST_FILE_PICTURE ||
           (g_file_test(path, G_FILE_TEST_IS_REGULAR) && pst_format_is_read(pst_format_from_suffix(path)));
}

static gboolean is_foreign(const char *path)
{
    PstFileKind kind = pst_file_kind(path);

    return kind == PST_FILE_OTHER_PICTURE || kind == PST_FILE_VIDEO;
}

/* Folders behind links are left out, which may lead in circles, and so is that of the results. */
static gboolean walks_into(const Plan *plan, const char *path)
{
    g_autofree char *identity = NULL;

    if (!plan->settings->recursive || g_file_test(path, G_FILE_TEST_IS_SYMLINK))
        return FALSE;
    identity = pst_file_identity(path);
    return !plan->output_identity || g_strcmp0(identity, plan->output_identity) != 0;
}

static void add_folder(Plan *plan, const char *folder, const char *subfolder)
{
    GError *error = NULL;
    g_autoptr(GPtrArray) names = sorted_names(folder, &error);

    if (!names) {
        g_ptr_array_add(plan->batch->problems, error);
        return;
    }
    for (guint i = 0; i < names->len; i++) {
        const char *name = names->pdata[i];
        g_autofree char *path = g_build_filename(folder, name, NULL);

        if (is_folder(path)) {
            g_autofree char *inner = *subfolder ? g_build_filename(subfolder, name, NULL) : g_strdup(name);

            if (walks_into(plan, path))
                add_folder(plan, path, inner);
        } else if (seems_photo(path)) {
            add_photo(plan, path, subfolder);
        } else if (is_foreign(path)) {
            plan->batch->unreadable++;
        } else {
            plan->batch->others++;
        }
    }
}

/* Whether -o is a folder, and whether that suits the photographs. */
static gboolean choose_output(Plan *plan, const char *const *inputs, GError **error)
{
    const PstBatchSettings *settings = plan->settings;
    const char *output = settings->output;
    gboolean folder_given = FALSE, many;

    for (int i = 0; inputs[i]; i++)
        folder_given |= is_folder(inputs[i]);
    many = folder_given || inputs[1] != NULL;

    if (!output) {
        if (folder_given)
            return refuse(error, _("a folder of photographs"), _("needs a folder for the results, -o FOLDER"));
        plan->output_folder = g_strdup(".");
        return TRUE;
    }
    if (!*output)
        return refuse(error, "-o", _("the name is empty"));
    if (strcmp(output, PST_OUTPUT_STANDARD) == 0)
        return !many || refuse(error, output, _("standard output takes one picture only"));
    if (is_folder(output) || g_str_has_suffix(output, G_DIR_SEPARATOR_S)) {
        plan->output_folder = g_strdup(output);
        plan->output_identity = pst_file_identity(output);
        return TRUE;
    }
    if (many) {
        if (g_file_test(output, G_FILE_TEST_EXISTS))
            return refuse(error, output, _("is a file, but many photographs need a folder"));
        if (pst_format_from_suffix(output) != PST_FORMAT_UNKNOWN)
            return refuse(error, output,
                          _("is called like a picture, but many photographs need a"
                            " folder; if it is to be one, end its name in /"));
        plan->output_folder = g_strdup(output);
        return TRUE;
    }
    if (settings->format == PST_FORMAT_UNKNOWN && !pst_format_is_written(pst_format_from_suffix(output)))
        return refuse(error, output,
                      _("its suffix says no format that can be written; end it in .jpg, .png or .tif, add"
                        " --format, or end it in / if it is to be a folder"));
    if (settings->format != PST_FORMAT_UNKNOWN && pst_format_from_suffix(output) != PST_FORMAT_UNKNOWN &&
        pst_format_from_suffix(output) != settings->format)
        return refuse(error, output, _("its suffix says another format than --format"));
    return TRUE;
}

PstBatch *pst_batch_new(const char *const *inputs, const PstBatchSettings *settings, GError **error)
{
    g_autoptr(PstBatch) batch = g_new0(PstBatch, 1);
    Plan plan = { .batch = batch, .settings = settings };
    gboolean sound;

    batch->items = g_ptr_array_new_with_free_func(item_free);
    batch->problems = g_ptr_array_new_with_free_func((GDestroyNotify)g_error_free);
    batch->inputs = pst_inputs_new();
    plan.claimed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    plan.seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    sound = choose_output(&plan, inputs, error);
    for (int i = 0; sound && inputs[i]; i++) {
        if (is_folder(inputs[i]))
            add_folder(&plan, inputs[i], "");
        else
            add_photo(&plan, inputs[i], NULL);
    }
    g_free(plan.output_folder);
    g_free(plan.output_identity);
    g_hash_table_unref(plan.claimed);
    g_hash_table_unref(plan.seen);
    return sound ? g_steal_pointer(&batch) : NULL;
}

void pst_batch_keep_shard(PstBatch *batch, const PstShard *shard)
{
    for (guint i = batch->items->len; i-- > 0;) {
        const PstBatchItem *item = batch->items->pdata[i];

        if (!pst_shard_has(shard, item->name))
            g_ptr_array_remove_index(batch->items, i);
    }
}
