/* A folder of labelled pictures, in one of the layouts that trainers of classifiers and detectors read:
 *
 *   folders  [SPLIT/]CLASS/PICTURE                                    ImageFolder of torchvision
 *   yolo     images/[SPLIT/]PICTURE, labels/[SPLIT/]PICTURE.txt       or SPLIT/images, SPLIT/labels; data.yaml
 *   coco     annotations/NAME.json or NAME.json with "images", "annotations" and "categories"; pictures in SPLIT/,
 *            images/SPLIT/, images/ or beside them                    Lin et al., "Microsoft COCO", 2014
 *
 * Splits are known by name: train*; val*, valid*, test* and others are not for training. Without splits all is.
 */
#pragma once

#include <glib.h>
#include <jansson.h>

#define PST_DATASET_ERROR pst_dataset_error_quark()
GQuark pst_dataset_error_quark(void);

typedef enum {
    PST_DATASET_ERROR_LAYOUT, /* no layout that is known */
    PST_DATASET_ERROR_LABELS  /* labels that can't be read, or that contradict the pictures */
} PstDatasetError;

typedef enum { PST_LAYOUT_FOLDERS, PST_LAYOUT_YOLO, PST_LAYOUT_COCO } PstLayout;

/** "folders", "yolo", "coco". */
extern const char *const pst_layout_names[];

typedef struct {
    char *file;  /* below the dataset's folder, with / */
    char *split; /* "train", "val", ..., or "" */
    gboolean train;
    GArray *classes;       /* of int: what is on it, each once, ascending; empty: nothing labelled */
    GPtrArray *companions; /* char *: files of labels and masks of this picture alone, below the folder */
    int annotations;       /* of PstDataset.annotations, or -1 */
    json_int_t id;         /* in that */
} PstLabelledPicture;

/** A JSON file of COCO. */
typedef struct {
    char *file; /* below the dataset's folder */
    json_t *root;
    GHashTable *images, *of_image; /* of an image's id: its entry, and the annotations of it (GPtrArray of json_t) */
    json_int_t next_image, next_annotation; /* fresh ids */
} PstAnnotations;

typedef struct {
    PstLayout layout;
    char *folder;
    GPtrArray *pictures;    /* PstLabelledPicture, by name */
    GPtrArray *classes;     /* char *: names, UTF-8 */
    GPtrArray *annotations; /* PstAnnotations */
    GPtrArray *others;      /* char *: all other files, below the folder */
    GPtrArray *missing;     /* char *: pictures that labels speak of and that are not there */
} PstDataset;

/** Reads names and labels; pictures are not opened. Links to folders are not followed. NULL with PST_DATASET_ERROR, one
 *  line that names the file. */
PstDataset *pst_dataset_open(const char *folder, GError **error);
void pst_dataset_free(PstDataset *dataset);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstDataset, pst_dataset_free)
