#include "coco.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static gboolean refuse(GError **error, const char *folder, const char *file, const char *reason)
{
    g_set_error(error, PST_DATASET_ERROR, PST_DATASET_ERROR_LABELS, "%s/%s: %s", folder, file, reason);
    return FALSE;
}

static PstAnnotations *annotations_new(const char *file, json_t *root)
{
    PstAnnotations *annotations = g_new0(PstAnnotations, 1);

    annotations->file = g_strdup(file);
    annotations->root = root;
    annotations->next_image = annotations->next_annotation = 1;
    annotations->images = g_hash_table_new(g_direct_hash, g_direct_equal);
    annotations->of_image = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL,
                                                  (GDestroyNotify)g_ptr_array_unref);
    return annotations;
}

void pst_annotations_free(gpointer data)
{
    PstAnnotations *annotations = data;

    g_hash_table_unref(annotations->images);
    g_hash_table_unref(annotations->of_image);
    g_free(annotations->file);
    json_decref(annotations->root);
    g_free(annotations);
}

static gboolean is_coco(const json_t *root)
{
    return json_is_array(json_object_get(root, "images")) && json_is_array(json_object_get(root, "annotations")) &&
           json_is_array(json_object_get(root, "categories"));
}

/* "annotations/instances_train2017.json": "train2017". */
static char *split_of(const char *file)
{
    g_autofree char *base = g_path_get_basename(file);
    const char *const names[] = { "train", "val", "test" };

    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        const char *found = strstr(base, names[i]);

        if (found)
            return g_strndup(found, strcspn(found, "._-"));
    }
    return g_strdup("");
}

/* Where a picture that the annotations call `name` lies, or NULL. */
static char *find(GHashTable *set, const char *annotations, const char *split, const char *name)
{
    g_autofree char *folder = g_path_get_dirname(annotations), *root = g_path_get_dirname(folder);
    const char *const bases[] = { strcmp(root, ".") == 0 ? "" : root, strcmp(folder, ".") == 0 ? "" : folder };

    for (guint i = 0; i < G_N_ELEMENTS(bases); i++) {
        const char *const places[][2] = { { split, "" }, { "images", split }, { "images", "" }, { "", "" } };

        for (guint k = 0; k < G_N_ELEMENTS(places); k++) {
            g_autofree char *path = g_build_path("/", bases[i], places[k][0], places[k][1], name, NULL);
            const char *below = path;

            while (*below == '/')
                below++;
            if (g_hash_table_contains(set, below))
                return g_strdup(below);
        }
    }
    return NULL;
}

static GHashTable *read_categories(PstDataset *dataset, const json_t *root)
{
    GHashTable *numbers = g_hash_table_new(g_direct_hash, g_direct_equal);
    json_t *category;
    size_t i;

    json_array_foreach(json_object_get(root, "categories"), i, category) {
        const char *name = json_string_value(json_object_get(category, "name"));
        json_int_t id = json_integer_value(json_object_get(category, "id"));
        guint number;

        if (!g_ptr_array_find_with_equal_func(dataset->classes, name ? name : "", g_str_equal, &number)) {
            number = dataset->classes->len;
            g_ptr_array_add(dataset->classes, g_strdup(name ? name : ""));
        }
        g_hash_table_insert(numbers, GSIZE_TO_POINTER((gsize)id), GUINT_TO_POINTER(number + 1));
    }
    return numbers;
}

static void index_annotation(PstAnnotations *annotations, json_int_t image, json_t *entry)
{
    GPtrArray *list = g_hash_table_lookup(annotations->of_image, GSIZE_TO_POINTER((gsize)image));

    if (!list) {
        list = g_ptr_array_new();
        g_hash_table_insert(annotations->of_image, GSIZE_TO_POINTER((gsize)image), list);
    }
    g_ptr_array_add(list, entry);
}

static gboolean take(PstDataset *dataset, PstAnnotations *annotations, GHashTable *set, GError **error)
{
    g_autoptr(GHashTable) numbers = read_categories(dataset, annotations->root);
    g_autoptr(GHashTable) pictures = g_hash_table_new(g_direct_hash, g_direct_equal);
    g_autofree char *split = split_of(annotations->file);
    json_t *entry;
    size_t i;

    json_array_foreach(json_object_get(annotations->root, "images"), i, entry) {
        const char *name = json_string_value(json_object_get(entry, "file_name"));
        json_t *id = json_object_get(entry, "id");
        g_autofree char *file = name ? find(set, annotations->file, split, name) : NULL;
        PstLabelledPicture *picture;

        if (!name || !json_is_integer(id))
            return refuse(error, dataset->folder, annotations->file, _("an image without a file name or a number"));
        if (!file) {
            g_ptr_array_add(dataset->missing, g_strdup(name));
            continue;
        }
        picture = pst_dataset_add(dataset, file, split);
        picture->annotations = (int)dataset->annotations->len - 1;
        picture->id = json_integer_value(id);
        annotations->next_image = MAX(annotations->next_image, picture->id + 1);
        g_hash_table_insert(annotations->images, GSIZE_TO_POINTER((gsize)picture->id), entry);
        g_hash_table_insert(pictures, GSIZE_TO_POINTER((gsize)picture->id), picture);
    }
    json_array_foreach(json_object_get(annotations->root, "annotations"), i, entry) {
        json_int_t id = json_integer_value(json_object_get(entry, "image_id"));
        json_int_t category = json_integer_value(json_object_get(entry, "category_id"));
        PstLabelledPicture *picture = g_hash_table_lookup(pictures, GSIZE_TO_POINTER((gsize)id));
        guint number = GPOINTER_TO_UINT(g_hash_table_lookup(numbers, GSIZE_TO_POINTER((gsize)category)));

        if (!number)
            return refuse(error, dataset->folder, annotations->file, _("an annotation of a category that isn't there"));
        annotations->next_annotation = MAX(annotations->next_annotation,
                                           json_integer_value(json_object_get(entry, "id")) + 1);
        if (picture) {
            pst_labelled_picture_add_class(picture, (int)number - 1);
            index_annotation(annotations, id, entry);
        }
    }
    return TRUE;
}

gboolean pst_coco_read(PstDataset *dataset, const GPtrArray *files, GHashTable *set, GError **error)
{
    for (guint i = 0; i < files->len; i++) {
        const char *file = files->pdata[i];
        g_autofree char *path = g_build_filename(dataset->folder, file, NULL);
        json_auto_t *root = NULL;
        PstAnnotations *annotations;
        json_error_t problem;

        if (!g_str_has_suffix(file, ".json"))
            continue;
        root = json_load_file(path, JSON_REJECT_DUPLICATES, &problem);
        if (!root && g_str_has_prefix(file, "annotations/"))
            return refuse(error, dataset->folder, file, problem.text);
        if (!is_coco(root))
            continue;
        annotations = annotations_new(file, g_steal_pointer(&root));
        g_ptr_array_add(dataset->annotations, annotations);
        if (!take(dataset, annotations, set, error))
            return FALSE;
    }
    return dataset->annotations->len > 0;
}

/* The copy's name in the annotations has the folders that the picture's has. */
static char *name_like(const char *name, const char *file)
{
    g_autofree char *folder = g_path_get_dirname(name), *base = g_path_get_basename(file);

    return strcmp(folder, ".") == 0 ? g_strdup(base) : g_build_path("/", folder, base, NULL);
}

void pst_coco_add_copy(PstAnnotations *annotations, const PstLabelledPicture *picture, const char *file)
{
    const json_t *entry = g_hash_table_lookup(annotations->images, GSIZE_TO_POINTER((gsize)picture->id));
    const GPtrArray *list = g_hash_table_lookup(annotations->of_image, GSIZE_TO_POINTER((gsize)picture->id));
    json_t *copy = json_deep_copy(entry);
    json_int_t id = annotations->next_image++;
    g_autofree char *name = name_like(json_string_value(json_object_get(entry, "file_name")), file);

    json_object_set_new(copy, "id", json_integer(id));
    json_object_set_new(copy, "file_name", json_string(name));
    json_array_append_new(json_object_get(annotations->root, "images"), copy);
    for (guint i = 0; list && i < list->len; i++) {
        copy = json_deep_copy(list->pdata[i]);
        json_object_set_new(copy, "id", json_integer(annotations->next_annotation++));
        json_object_set_new(copy, "image_id", json_integer(id));
        json_array_append_new(json_object_get(annotations->root, "annotations"), copy);
    }
}
