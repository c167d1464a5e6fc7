#include "dataset.h"

#include "coco.h"

#include "engine/picture/row_writer.h"

#include <glib/gi18n-lib.h>
#include <string.h>

G_DEFINE_QUARK(pst - dataset - error - quark, pst_dataset_error)

const char *const pst_layout_names[] = { "folders", "yolo", "coco", NULL };

void pst_labelled_picture_free(gpointer data)
{
    PstLabelledPicture *picture = data;

    g_free(picture->file);
    g_free(picture->split);
    g_array_unref(picture->classes);
    g_ptr_array_unref(picture->companions);
    g_free(picture);
}

void pst_dataset_free(PstDataset *dataset)
{
    if (!dataset)
        return;
    g_free(dataset->folder);
    g_ptr_array_unref(dataset->pictures);
    g_ptr_array_unref(dataset->classes);
    g_ptr_array_unref(dataset->annotations);
    g_ptr_array_unref(dataset->others);
    g_ptr_array_unref(dataset->missing);
    g_free(dataset);
}

static gboolean is_train(const char *split)
{
    return g_ascii_strncasecmp(split, "train", 5) == 0;
}

static gboolean is_split(const char *name)
{
    return is_train(name) || g_ascii_strncasecmp(name, "val", 3) == 0 || g_ascii_strncasecmp(name, "test", 4) == 0;
}

PstLabelledPicture *pst_dataset_add(PstDataset *dataset, const char *file, const char *split)
{
    PstLabelledPicture *picture = g_new0(PstLabelledPicture, 1);

    picture->file = g_strdup(file);
    picture->split = g_strdup(split);
    picture->train = !*split || is_train(split);
    picture->classes = g_array_new(FALSE, FALSE, sizeof(int));
    picture->companions = g_ptr_array_new_with_free_func(g_free);
    picture->annotations = -1;
    g_ptr_array_add(dataset->pictures, picture);
    return picture;
}

void pst_labelled_picture_add_class(PstLabelledPicture *picture, int class)
{
    guint i = 0;

    while (i < picture->classes->len && g_array_index(picture->classes, int, i) < class)
        i++;
    if (i == picture->classes->len || g_array_index(picture->classes, int, i) != class)
        g_array_insert_val(picture->classes, i, class);
}

/* ---- files ---------------------------------------------------------------------------------- */

static int compare(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* All files below `folder`/`below`, hidden ones not, and no pipes. */
static void list(const char *folder, const char *below, GPtrArray *files)
{
    g_autofree char *path = g_build_filename(folder, below, NULL);
    g_autoptr(GDir) directory = g_dir_open(path, 0, NULL);
    const char *name;

    while (directory && (name = g_dir_read_name(directory))) {
        g_autofree char *inner = *below ? g_strconcat(below, "/", name, NULL) : g_strdup(name);
        g_autofree char *full = g_build_filename(folder, inner, NULL);

        if (name[0] == '.')
            continue;
        if (g_file_test(full, G_FILE_TEST_IS_REGULAR))
            g_ptr_array_add(files, g_steal_pointer(&inner));
        else if (g_file_test(full, G_FILE_TEST_IS_DIR) && !g_file_test(full, G_FILE_TEST_IS_SYMLINK))
            list(folder, inner, files);
    }
}

static gboolean is_picture(const char *file)
{
    return pst_format_from_suffix(file) != PST_FORMAT_UNKNOWN;
}

/* ---- folders -------------------------------------------------------------------------------- */

static int class_of_name(GHashTable *numbers, PstDataset *dataset, const char *name)
{
    gpointer number;

    if (g_hash_table_lookup_extended(numbers, name, NULL, &number))
        return GPOINTER_TO_INT(number);
    g_hash_table_insert(numbers, g_strdup(name), GINT_TO_POINTER((int)dataset->classes->len));
    g_ptr_array_add(dataset->classes, g_utf8_make_valid(name, -1));
    return (int)dataset->classes->len - 1;
}

static gboolean read_folders(PstDataset *dataset, const GPtrArray *files)
{
    g_autoptr(GHashTable) numbers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < files->len; i++) {
        g_auto(GStrv) parts = g_strsplit(files->pdata[i], "/", 0);
        guint depth = g_strv_length(parts);
        gboolean split = depth >= 3 && is_split(parts[0]);

        if (!is_picture(files->pdata[i]) || depth < (split ? 3u : 2u))
            continue;
        pst_labelled_picture_add_class(pst_dataset_add(dataset, files->pdata[i], split ? parts[0] : ""),
                                       class_of_name(numbers, dataset, parts[split ? 1 : 0]));
    }
    return dataset->classes->len > 0;
}

/* ---- yolo ----------------------------------------------------------------------------------- */

/* The last folder called images: its place among the parts, or -1. */
static int images_folder(char **parts)
{
    for (int i = (int)g_strv_length(parts) - 2; i >= 0; i--) {
        if (g_ascii_strcasecmp(parts[i], "images") == 0)
            return i;
    }
    return -1;
}

/* "images/train/a.jpg" beside `folder`: "labels/train/a.txt". */
static char *companion_of(char **parts, int images, const char *folder, const char *suffix)
{
    g_auto(GStrv) names = g_strdupv(parts);
    guint last = g_strv_length(names) - 1;
    char *dot = strrchr(names[last], '.'), *file;

    *dot = '\0';
    g_free(names[images]);
    names[images] = g_strdup(folder);
    file = g_strjoinv("/", names);
    names[last] = g_strdup_printf("%s%s", file, suffix);
    g_free(file);
    file = g_steal_pointer(&names[last]);
    return file;
}

static gboolean refuse(GError **error, const char *folder, const char *file, guint line, const char *reason)
{
    g_set_error(error, PST_DATASET_ERROR, PST_DATASET_ERROR_LABELS, _("%s/%s: line %u: %s"), folder, file, line,
                reason);
    return FALSE;
}

static gboolean read_labels(PstDataset *dataset, PstLabelledPicture *picture, const char *file, GError **error)
{
    g_autofree char *path = g_build_filename(dataset->folder, file, NULL), *text = NULL;
    g_auto(GStrv) lines = NULL;

    if (!g_file_get_contents(path, &text, NULL, error))
        return FALSE;
    lines = g_strsplit(text, "\n", 0);
    for (guint i = 0; lines[i]; i++) {
        gint64 class;
        g_autofree char *first = g_strndup(lines[i], strcspn(lines[i], " \t\r"));

        if (!*g_strstrip(lines[i]))
            continue;
        if (!g_ascii_string_to_signed(first, 10, 0, 99999, &class, NULL))
            return refuse(error, dataset->folder, file, i + 1, _("doesn't begin with the number of a class"));
        pst_labelled_picture_add_class(picture, (int)class);
    }
    return TRUE;
}

/* Names of classes are in data.yaml, which is kept as it is; here they are numbers. */
static void name_classes(PstDataset *dataset)
{
    int most = -1;

    for (guint i = 0; i < dataset->pictures->len; i++) {
        const PstLabelledPicture *picture = dataset->pictures->pdata[i];

        if (picture->classes->len > 0)
            most = MAX(most, g_array_index(picture->classes, int, picture->classes->len - 1));
    }
    for (int i = 0; i <= most; i++)
        g_ptr_array_add(dataset->classes, g_strdup_printf("%d", i));
}

/* FALSE with an error; or without one where the layout is another. */
static gboolean read_yolo(PstDataset *dataset, const GPtrArray *files, GHashTable *set, GError **error)
{
    gboolean labels = FALSE;

    for (guint i = 0; i < files->len; i++) {
        g_auto(GStrv) parts = g_strsplit(files->pdata[i], "/", 0);
        int images = images_folder(parts);
        const char *split = "";
        PstLabelledPicture *picture;
        const char *const companions[][2] = { { "labels", ".txt" }, { "masks", ".png" } };

        if (!is_picture(files->pdata[i]) || images < 0)
            continue;
        for (int k = 0; parts[k + 1]; k++)
            split = is_split(parts[k]) ? parts[k] : split;
        picture = pst_dataset_add(dataset, files->pdata[i], split);
        for (guint k = 0; k < G_N_ELEMENTS(companions); k++) {
            g_autofree char *file = companion_of(parts, images, companions[k][0], companions[k][1]);

            if (!g_hash_table_contains(set, file))
                continue;
            if (k == 0 && !read_labels(dataset, picture, file, error))
                return FALSE;
            labels = TRUE;
            g_ptr_array_add(picture->companions, g_steal_pointer(&file));
        }
    }
    name_classes(dataset);
    return labels;
}

/* ---- the whole ------------------------------------------------------------------------------ */

static void find_others(PstDataset *dataset, const GPtrArray *files)
{
    g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < dataset->pictures->len; i++) {
        const PstLabelledPicture *picture = dataset->pictures->pdata[i];

        g_hash_table_add(known, picture->file);
        for (guint k = 0; k < picture->companions->len; k++)
            g_hash_table_add(known, picture->companions->pdata[k]);
    }
    for (guint i = 0; i < dataset->annotations->len; i++)
        g_hash_table_add(known, ((PstAnnotations *)dataset->annotations->pdata[i])->file);
    for (guint i = 0; i < files->len; i++) {
        if (!g_hash_table_contains(known, files->pdata[i]))
            g_ptr_array_add(dataset->others, g_strdup(files->pdata[i]));
    }
}

static gboolean read_layout(PstDataset *dataset, const GPtrArray *files, GError **error)
{
    g_autoptr(GHashTable) set = g_hash_table_new(g_str_hash, g_str_equal);
    GError *cause = NULL;

    for (guint i = 0; i < files->len; i++)
        g_hash_table_add(set, files->pdata[i]);
    dataset->layout = PST_LAYOUT_COCO;
    if (pst_coco_read(dataset, files, set, &cause))
        return TRUE;
    if (!cause) {
        dataset->layout = PST_LAYOUT_YOLO;
        if (read_yolo(dataset, files, set, &cause))
            return TRUE;
    }
    if (!cause) {
        g_ptr_array_set_size(dataset->pictures, 0);
        g_ptr_array_set_size(dataset->classes, 0);
        dataset->layout = PST_LAYOUT_FOLDERS;
        if (read_folders(dataset, files))
            return TRUE;
        g_set_error(&cause, PST_DATASET_ERROR, PST_DATASET_ERROR_LAYOUT,
                    _("%s: no labelled pictures; a folder for each class, images/ and labels/, or annotations/*.json"
                      " are understood"),
                    dataset->folder);
    }
    g_propagate_error(error, cause);
    return FALSE;
}

PstDataset *pst_dataset_open(const char *folder, GError **error)
{
    g_autoptr(PstDataset) dataset = g_new0(PstDataset, 1);
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);

    dataset->folder = g_strdup(folder);
    dataset->pictures = g_ptr_array_new_with_free_func(pst_labelled_picture_free);
    dataset->classes = g_ptr_array_new_with_free_func(g_free);
    dataset->annotations = g_ptr_array_new_with_free_func(pst_annotations_free);
    dataset->others = g_ptr_array_new_with_free_func(g_free);
    dataset->missing = g_ptr_array_new_with_free_func(g_free);
    if (!g_file_test(folder, G_FILE_TEST_IS_DIR)) {
        g_set_error(error, PST_DATASET_ERROR, PST_DATASET_ERROR_LAYOUT, _("%s: is no folder"), folder);
        return NULL;
    }
    list(folder, "", files);
    g_ptr_array_sort(files, compare);
    if (!read_layout(dataset, files, error))
        return NULL;
    find_others(dataset, files);
    return g_steal_pointer(&dataset);
}
