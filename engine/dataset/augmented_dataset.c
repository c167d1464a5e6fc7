#include "augmented_dataset.h"

#include "coco.h"

#include "engine/picture/reader.h"
#include "engine/picture/writer.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct {
    const PstDataset *dataset;
    const PstAugmentation *augmentation;
    const PstAugmentedSettings *settings;
    const PstModel *model;
    PstThreadPool *pool;
    PstAugmentedCount *count;
    GString *manifest;
    GHashTable *taken; /* names of files of the dataset and of copies */
    GCancellable *cancellable;
} Work;

/* ---- files ---------------------------------------------------------------------------------- */

static gboolean make_folder(const char *path, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(path);
    int code;

    if (g_mkdir_with_parents(folder, 0777) == 0)
        return TRUE;
    code = errno;
    g_set_error(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_PERMISSION, _("%s: the folder can't be made (%s)"), folder,
                g_strerror(code));
    return FALSE;
}

static gboolean write_bytes(const char *path, const void *data, gsize size, GError **error)
{
    g_autoptr(PstOutput) output = make_folder(path, error) ? pst_output_open(path, PST_CONFLICT_SKIP, error) : NULL;
    g_autofree char *written = output && pst_output_write(output, data, size, error) ? pst_output_commit(output, error)
                                                                                     : NULL;

    return written != NULL;
}

/* A file of the dataset as it is, under another name. */
static gboolean copy_file(const Work *work, const char *from, const char *to, GError **error)
{
    g_autofree char *source = g_build_filename(work->dataset->folder, from, NULL);
    g_autofree char *target = g_build_filename(work->settings->output, to, NULL);
    g_autoptr(GMappedFile) bytes = NULL;

    if (g_cancellable_set_error_if_cancelled(work->cancellable, error) ||
        !(bytes = g_mapped_file_new(source, FALSE, error)))
        return FALSE;
    return write_bytes(target, g_mapped_file_get_contents(bytes), g_mapped_file_get_length(bytes), error);
}

/* The dataset's own place is not that of the new one: a line of it would lead trainers back to the old pictures. */
static gboolean copy_yaml(const Work *work, const char *file, GError **error)
{
    g_autofree char *source = g_build_filename(work->dataset->folder, file, NULL), *text = NULL;
    g_autofree char *target = g_build_filename(work->settings->output, file, NULL);
    g_auto(GStrv) lines = NULL;
    g_autoptr(GString) kept = g_string_new(NULL);

    if (!g_file_get_contents(source, &text, NULL, error))
        return FALSE;
    lines = g_strsplit(text, "\n", 0);
    for (guint i = 0; lines[i]; i++) {
        if (!g_str_has_prefix(lines[i], "path:"))
            g_string_append_printf(kept, "%s%s", lines[i], lines[i + 1] ? "\n" : "");
    }
    return write_bytes(target, kept->str, kept->len, error);
}

/* "images/a.png": "images/a-copy2.png", further where that is taken. Labels follow by the same change. */
static char *name_copy(const Work *work, const char *file, int copy)
{
    const char *dot = strrchr(file, '.');
    g_autofree char *stem = g_strndup(file, (gsize)(dot - file));

    for (int extra = 0;; extra++) {
        g_autofree char *more = extra ? g_strdup_printf("-%d", extra + 1) : g_strdup("");
        char *name = g_strdup_printf("%s-copy%d%s%s", stem, copy + 1, more, dot);

        if (g_hash_table_add(work->taken, g_strdup(name)))
            return name;
        g_free(name);
    }
}

static char *companion_name(const char *companion, const char *picture, const char *copy)
{
    g_autofree char *old = g_path_get_basename(picture), *new = g_path_get_basename(copy);
    g_autofree char *folder = g_path_get_dirname(companion);
    const char *suffix = strrchr(companion, '.');

    *strrchr(old, '.') = *strrchr(new, '.') = '\0';
    return g_strdup_printf("%s/%s%s", folder, new, suffix);
}

/* ---- copies --------------------------------------------------------------------------------- */

static void note(const Work *work, json_t *line)
{
    g_autofree char *text = json_dumps(line, JSON_COMPACT);

    g_string_append_printf(work->manifest, "%s\n", text);
    json_decref(line);
}

/* Names of files may be no UTF-8. */
static json_t *text_or_null(const char *text)
{
    g_autofree char *valid = text ? g_utf8_make_valid(text, -1) : NULL;

    return valid ? json_string(valid) : json_null();
}

static gboolean write_copy(const Work *work, const PstLabelledPicture *original, const PstPicture *picture, int copy,
                           const PstAugmented *augmented, GError **error)
{
    g_autofree char *file = name_copy(work, original->file, copy);
    g_autofree char *path = g_build_filename(work->settings->output, file, NULL);
    const PstProvenanceStyle style = { augmented->style, augmented->licence };
    const PstProvenance provenance = { .program = "Pastiche " PASTICHE_VERSION,
                                       .styles = &style,
                                       .count = augmented->style != NULL,
                                       .enhanced = !augmented->style };
    const PstWriteOptions options = { .quality = work->settings->quality,
                                      .depth = picture->info.depth == 16 ? 16 : 8,
                                      .conflict = PST_CONFLICT_SKIP,
                                      .provenance = &provenance };

    if (!make_folder(path, error) || !pst_picture_write(picture, path, &options, NULL, work->cancellable, error))
        return FALSE;
    for (guint i = 0; i < original->companions->len; i++) {
        g_autofree char *companion = companion_name(original->companions->pdata[i], original->file, file);

        if (!copy_file(work, original->companions->pdata[i], companion, error))
            return FALSE;
    }
    if (original->annotations >= 0)
        pst_coco_add_copy(work->dataset->annotations->pdata[original->annotations], original, file);
    note(work, json_pack("{s:o, s:o, s:i, s:o, s:o, s:f, s:b, s:b, s:f, s:f}", "file", text_or_null(file), "from",
                         text_or_null(original->file), "copy", copy + 1, "style", text_or_null(augmented->style),
                         "licence", text_or_null(augmented->licence), "strength", augmented->strength, "relit",
                         augmented->relit, "adapted", augmented->adapted, "edges", augmented->structure.edges, "ssim",
                         augmented->structure.ssim));
    work->count->made++;
    return TRUE;
}

static gboolean make_copies(const Work *work, const PstLabelledPicture *original, const PstPicture *photo,
                            GError **error)
{
    for (int copy = 0; copy < work->settings->copies; copy++) {
        g_auto(PstAugmented) augmented = { 0 };
        g_autoptr(PstPicture)
            picture = pst_augmentation_copy(work->augmentation, photo, original->file, copy, work->model, work->pool,
                                            &augmented, work->cancellable, error);

        if (!picture)
            return FALSE;
        if (augmented.structure.edges < work->augmentation->structure) {
            note(work, json_pack("{s:b, s:o, s:i, s:f}", "dropped", TRUE, "from", text_or_null(original->file), "copy",
                                 copy + 1, "edges", augmented.structure.edges));
            work->count->dropped++;
        } else if (!write_copy(work, original, picture, copy, &augmented, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean add_picture(const Work *work, const PstLabelledPicture *original, GError **error)
{
    g_autofree char *path = g_build_filename(work->dataset->folder, original->file, NULL);
    g_autoptr(PstPicture) photo = NULL;
    g_autoptr(GError) cause = NULL;

    if (!copy_file(work, original->file, original->file, error))
        return FALSE;
    for (guint i = 0; i < original->companions->len; i++) {
        if (!copy_file(work, original->companions->pdata[i], original->companions->pdata[i], error))
            return FALSE;
    }
    work->count->originals++;
    if (!original->train)
        return TRUE;
    photo = pst_picture_read(path, NULL, work->cancellable, &cause);
    if (photo)
        return make_copies(work, original, photo, error);
    if (g_error_matches(cause, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return FALSE;
    }
    work->count->failed++;
    if (work->settings->failed)
        work->settings->failed(cause, work->settings->data);
    return TRUE;
}

/* ---- the whole ------------------------------------------------------------------------------ */

static gboolean refuse(GError **error, const char *subject, const char *reason)
{
    g_set_error(error, PST_DATASET_ERROR, PST_DATASET_ERROR_LAYOUT, "%s: %s", subject, reason);
    return FALSE;
}

/* A new folder, or an empty one, that is no part of the dataset. */
static gboolean check_output(const PstDataset *dataset, const char *output, GError **error)
{
    g_autofree char *inner = g_canonicalize_filename(output, NULL);
    g_autofree char *outer = g_canonicalize_filename(dataset->folder, NULL);
    g_autofree char *within = g_strconcat(outer, "/", NULL);
    g_autoptr(GDir) directory = NULL;

    if (strcmp(inner, outer) == 0 || g_str_has_prefix(inner, within))
        return refuse(error, output, _("lies within the dataset; give another folder"));
    if (!g_file_test(output, G_FILE_TEST_EXISTS))
        return TRUE;
    directory = g_dir_open(output, 0, NULL);
    if (!directory || g_dir_read_name(directory))
        return refuse(error, output, _("is there already; give a new folder, or an empty one"));
    return TRUE;
}

static void reserve_names(const Work *work)
{
    for (guint i = 0; i < work->dataset->pictures->len; i++) {
        const PstLabelledPicture *picture = work->dataset->pictures->pdata[i];

        g_hash_table_add(work->taken, g_strdup(picture->file));
    }
    for (guint i = 0; i < work->dataset->others->len; i++)
        g_hash_table_add(work->taken, g_strdup(work->dataset->others->pdata[i]));
}

static gboolean write_annotations(const Work *work, GError **error)
{
    for (guint i = 0; i < work->dataset->annotations->len; i++) {
        const PstAnnotations *annotations = work->dataset->annotations->pdata[i];
        g_autofree char *path = g_build_filename(work->settings->output, annotations->file, NULL);
        g_autofree char *text = json_dumps(annotations->root, JSON_COMPACT);

        if (!write_bytes(path, text, strlen(text), error))
            return FALSE;
    }
    return TRUE;
}

static gboolean write_all(const Work *work, GError **error)
{
    const GPtrArray *pictures = work->dataset->pictures, *others = work->dataset->others;
    g_autofree char *manifest = g_build_filename(work->settings->output, PST_AUGMENTED_MANIFEST, NULL);

    for (guint i = 0; i < pictures->len; i++) {
        const PstLabelledPicture *picture = pictures->pdata[i];

        if (work->settings->progress)
            work->settings->progress(picture->file, (double)i / pictures->len, work->settings->data);
        if (!add_picture(work, picture, error))
            return FALSE;
    }
    for (guint i = 0; i < others->len; i++) {
        const char *file = others->pdata[i];
        gboolean yaml = g_str_has_suffix(file, ".yaml") || g_str_has_suffix(file, ".yml");

        /* That of an earlier augmentation says nothing of this one. */
        if (strcmp(file, PST_AUGMENTED_MANIFEST) == 0)
            continue;
        if (yaml ? !copy_yaml(work, file, error) : !copy_file(work, file, file, error))
            return FALSE;
    }
    return write_annotations(work, error) && write_bytes(manifest, work->manifest->str, work->manifest->len, error);
}

gboolean pst_augmented_dataset_write(const PstDataset *dataset, const PstAugmentation *augmentation,
                                     const PstAugmentedSettings *settings, const PstModel *model, PstThreadPool *pool,
                                     PstAugmentedCount *count, GCancellable *cancellable, GError **error)
{
    g_autoptr(GString) manifest = g_string_new(NULL);
    g_autoptr(GHashTable) taken = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    const Work work = { dataset, augmentation, settings, model, pool, count, manifest, taken, cancellable };

    *count = (PstAugmentedCount){ 0 };
    if (!check_output(dataset, settings->output, error))
        return FALSE;
    reserve_names(&work);
    return write_all(&work, error);
}
