#include "training_pictures.h"

#include "app/common/advice.h"
#include "app/common/batch.h"
#include "data_report.h"
#include "engine/finetune/style_training.h"
#include "engine/picture/reader.h"
#include "texture.h"
#include "thread_task.h"

#define SETTLE 250 /* milliseconds after a change of the pictures */
#define SIDE   192 /* of a thumbnail, pixels */

/* ---- one picture ---------------------------------------------------------------------------- */

struct _PstTrainingPicture {
    GObject parent_instance;
    char *path, *name;
    GdkTexture *texture;
};

G_DEFINE_FINAL_TYPE(PstTrainingPicture, pst_training_picture, G_TYPE_OBJECT)

enum { NAME = 1, TEXTURE, PICTURE_PROPERTIES };
static GParamSpec *picture_properties[PICTURE_PROPERTIES];

const char *pst_training_picture_name(PstTrainingPicture *picture)
{
    return picture->name;
}

static void pst_training_picture_get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
    PstTrainingPicture *picture = PST_TRAINING_PICTURE(object);

    if (id == NAME) {
        g_value_set_string(value, picture->name);
    } else {
        g_value_set_object(value, picture->texture);
    }
}

static void pst_training_picture_finalize(GObject *object)
{
    PstTrainingPicture *picture = PST_TRAINING_PICTURE(object);

    g_free(picture->path);
    g_free(picture->name);
    g_clear_object(&picture->texture);
    G_OBJECT_CLASS(pst_training_picture_parent_class)->finalize(object);
}

static void pst_training_picture_class_init(PstTrainingPictureClass *klass)
{
    const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

    G_OBJECT_CLASS(klass)->get_property = pst_training_picture_get_property;
    G_OBJECT_CLASS(klass)->finalize = pst_training_picture_finalize;
    picture_properties[NAME] = g_param_spec_string("name", NULL, NULL, NULL, flags);
    picture_properties[TEXTURE] = g_param_spec_object("texture", NULL, NULL, GDK_TYPE_TEXTURE, flags);
    g_object_class_install_properties(G_OBJECT_CLASS(klass), PICTURE_PROPERTIES, picture_properties);
}

static void pst_training_picture_init(PstTrainingPicture *picture)
{
}

static void read_thumbnail(GTask *task, gpointer source, gpointer path, GCancellable *cancellable)
{
    GError *error = NULL;
    g_autoptr(PstPicture) picture = pst_picture_read(path, NULL, cancellable, &error);
    g_autoptr(PstPicture) square = picture ? pst_picture_middle_square(picture, &error) : NULL;
    g_autoptr(PstPicture) small = square ? pst_picture_resize(square, SIDE, SIDE, cancellable, &error) : NULL;
    PstRaster *raster = small ? pst_raster_new(small, cancellable, &error) : NULL;

    pst_thread_task_return(task, raster, (GDestroyNotify)pst_raster_free, error);
}

/* The data check reports what can't be read. */
static void on_thumbnail(GObject *source, GAsyncResult *result, gpointer data)
{
    PstTrainingPicture *picture = PST_TRAINING_PICTURE(source);
    g_autoptr(PstRaster) raster = g_task_propagate_pointer(G_TASK(result), NULL);

    if (raster) {
        picture->texture = pst_texture_from_raster(raster);
        g_object_notify_by_pspec(source, picture_properties[TEXTURE]);
    }
}

static PstTrainingPicture *new_picture(const char *path, GCancellable *cancellable)
{
    PstTrainingPicture *picture = g_object_new(PST_TYPE_TRAINING_PICTURE, NULL);

    picture->path = g_strdup(path);
    picture->name = g_filename_display_basename(path);
    pst_thread_task_run(picture, cancellable, read_thumbnail, g_strdup(path), g_free, on_thumbnail, NULL);
    return picture;
}

/* ---- all of them ---------------------------------------------------------------------------- */

struct _PstTrainingPictures {
    GObject parent_instance;
    GPtrArray *items;       /* of PstTrainingPicture */
    GCancellable *reading;  /* thumbnails */
    GCancellable *checking; /* or NULL */
    guint timer;
    GPtrArray *report; /* or NULL */
    char *message;     /* or NULL */
};

static void list_model_init(GListModelInterface *interface);
G_DEFINE_FINAL_TYPE_WITH_CODE(PstTrainingPictures, pst_training_pictures, G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(G_TYPE_LIST_MODEL, list_model_init))

enum { CHECKING = 1, PROPERTIES };
static GParamSpec *properties[PROPERTIES];

static GType item_type(GListModel *model)
{
    return PST_TYPE_TRAINING_PICTURE;
}

static guint item_count(GListModel *model)
{
    return PST_TRAINING_PICTURES(model)->items->len;
}

static gpointer get_item(GListModel *model, guint position)
{
    GPtrArray *items = PST_TRAINING_PICTURES(model)->items;

    return position < items->len ? g_object_ref(items->pdata[position]) : NULL;
}

static void list_model_init(GListModelInterface *interface)
{
    interface->get_item_type = item_type;
    interface->get_n_items = item_count;
    interface->get_item = get_item;
}

/* ---- the data check ------------------------------------------------------------------------- */

static void check(GTask *task, gpointer source, gpointer paths, GCancellable *cancellable)
{
    const PstStyleTraining training = { .pictures = paths, .plan = pst_style_plan(PST_QUALITY_QUICK) };
    GError *error = NULL;
    char *report = pst_style_check(&training, cancellable, &error);

    pst_thread_task_return(task, report, g_free, error);
}

static void on_checked(GObject *source, GAsyncResult *result, gpointer data)
{
    PstTrainingPictures *pictures = PST_TRAINING_PICTURES(source);
    g_autoptr(GError) error = NULL;
    g_autofree char *report = g_task_propagate_pointer(G_TASK(result), &error);

    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
        return;
    }
    g_clear_object(&pictures->checking);
    pictures->report = pst_data_report_read(report);
    pictures->message = error ? pst_error_text(error) : NULL;
    g_object_notify_by_pspec(source, properties[CHECKING]);
}

static gboolean on_settled(gpointer data)
{
    PstTrainingPictures *pictures = data;

    pictures->timer = 0;
    pictures->checking = g_cancellable_new();
    pst_thread_task_run(pictures, pictures->checking, check, pst_training_pictures_paths(pictures),
                        (GDestroyNotify)g_strfreev, on_checked, NULL);
    return G_SOURCE_REMOVE;
}

static void stop_checking(PstTrainingPictures *pictures)
{
    g_clear_handle_id(&pictures->timer, g_source_remove);
    if (pictures->checking) {
        g_cancellable_cancel(pictures->checking);
        g_clear_object(&pictures->checking);
    }
    g_clear_pointer(&pictures->report, g_ptr_array_unref);
    g_clear_pointer(&pictures->message, g_free);
}

static void check_again(PstTrainingPictures *pictures)
{
    stop_checking(pictures);
    if (pictures->items->len > 0) {
        pictures->timer = g_timeout_add(SETTLE, on_settled, pictures);
    }
    g_object_notify_by_pspec(G_OBJECT(pictures), properties[CHECKING]);
}

/* Folders of all kinds of pictures. */
static gboolean says_nothing(const char *folder)
{
    static const GUserDirectory common[] = { G_USER_DIRECTORY_PICTURES, G_USER_DIRECTORY_DOWNLOAD,
                                             G_USER_DIRECTORY_DESKTOP, G_USER_DIRECTORY_DOCUMENTS };

    for (gsize i = 0; i < G_N_ELEMENTS(common); i++) {
        if (g_strcmp0(folder, g_get_user_special_dir(common[i])) == 0) {
            return TRUE;
        }
    }
    return g_str_equal(folder, g_get_home_dir()) || g_str_equal(folder, g_get_tmp_dir()) || g_str_equal(folder, "/");
}

char *pst_training_pictures_guess_name(PstTrainingPictures *pictures)
{
    g_auto(GStrv) paths = pst_training_pictures_paths(pictures);
    g_autofree char *folder = paths[0] ? g_path_get_dirname(paths[0]) : NULL;
    g_autofree char *base = folder && !says_nothing(folder) ? g_filename_display_basename(folder) : NULL;
    g_autofree char *first = NULL;

    if (!base) {
        return NULL;
    }
    g_strstrip(g_strdelimit(base, "-_", ' '));
    first = g_utf8_strup(base, (gssize)(g_utf8_next_char(base) - base));
    return g_strconcat(first, g_utf8_next_char(base), NULL);
}

gboolean pst_training_pictures_is_checking(PstTrainingPictures *pictures)
{
    return pictures->timer != 0 || pictures->checking != NULL;
}

const GPtrArray *pst_training_pictures_report(PstTrainingPictures *pictures)
{
    return pictures->report;
}

const char *pst_training_pictures_message(PstTrainingPictures *pictures)
{
    return pictures->message;
}

/* ---- changes -------------------------------------------------------------------------------- */

static gboolean has_path(gconstpointer picture, gconstpointer path)
{
    return g_str_equal(((const PstTrainingPicture *)picture)->path, path);
}

static void add_file(PstTrainingPictures *pictures, const char *path)
{
    guint count = pictures->items->len;

    if (count < PST_STYLE_IMAGES_MOST && !g_ptr_array_find_with_equal_func(pictures->items, path, has_path, NULL)) {
        g_ptr_array_add(pictures->items, new_picture(path, pictures->reading));
        g_list_model_items_changed(G_LIST_MODEL(pictures), count, 0, 1);
    }
}

static void add_folder(PstTrainingPictures *pictures, const char *path)
{
    const PstBatchSettings settings = { .output = path, .label = "style", .conflict = PST_CONFLICT_UNIQUE };
    g_autoptr(PstBatch) batch = pst_batch_new((const char *[]){ path, NULL }, &settings, NULL);

    for (guint i = 0; batch && i < batch->items->len; i++) {
        add_file(pictures, ((const PstBatchItem *)batch->items->pdata[i])->input);
    }
}

void pst_training_pictures_add(PstTrainingPictures *pictures, const char *path)
{
    g_autofree char *absolute = g_canonicalize_filename(path, NULL);
    guint before = pictures->items->len;

    if (g_file_test(absolute, G_FILE_TEST_IS_DIR)) {
        add_folder(pictures, absolute);
    } else {
        add_file(pictures, absolute);
    }
    if (pictures->items->len > before) {
        check_again(pictures);
    }
}

static void remove_at(PstTrainingPictures *pictures, guint position)
{
    g_ptr_array_remove_index(pictures->items, position);
    g_list_model_items_changed(G_LIST_MODEL(pictures), position, 1, 0);
}

void pst_training_pictures_remove(PstTrainingPictures *pictures, PstTrainingPicture *picture)
{
    guint position;

    if (g_ptr_array_find(pictures->items, picture, &position)) {
        remove_at(pictures, position);
        check_again(pictures);
    }
}

void pst_training_pictures_keep(PstTrainingPictures *pictures, const char *const *names)
{
    guint before = pictures->items->len;

    for (guint i = before; i-- > 0;) {
        if (!g_strv_contains(names, pst_training_picture_name(pictures->items->pdata[i]))) {
            remove_at(pictures, i);
        }
    }
    if (pictures->items->len < before) {
        check_again(pictures);
    }
}

GStrv pst_training_pictures_paths(PstTrainingPictures *pictures)
{
    GStrv paths = g_new0(char *, pictures->items->len + 1);

    for (guint i = 0; i < pictures->items->len; i++) {
        paths[i] = g_strdup(((const PstTrainingPicture *)pictures->items->pdata[i])->path);
    }
    return paths;
}

static void pst_training_pictures_get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
    g_value_set_boolean(value, pst_training_pictures_is_checking(PST_TRAINING_PICTURES(object)));
}

static void pst_training_pictures_dispose(GObject *object)
{
    PstTrainingPictures *pictures = PST_TRAINING_PICTURES(object);

    g_cancellable_cancel(pictures->reading);
    stop_checking(pictures);
    G_OBJECT_CLASS(pst_training_pictures_parent_class)->dispose(object);
}

static void pst_training_pictures_finalize(GObject *object)
{
    PstTrainingPictures *pictures = PST_TRAINING_PICTURES(object);

    g_ptr_array_unref(pictures->items);
    g_object_unref(pictures->reading);
    G_OBJECT_CLASS(pst_training_pictures_parent_class)->finalize(object);
}

static void pst_training_pictures_class_init(PstTrainingPicturesClass *klass)
{
    G_OBJECT_CLASS(klass)->get_property = pst_training_pictures_get_property;
    G_OBJECT_CLASS(klass)->dispose = pst_training_pictures_dispose;
    G_OBJECT_CLASS(klass)->finalize = pst_training_pictures_finalize;
    properties[CHECKING] = g_param_spec_boolean("checking", NULL, NULL, FALSE,
                                                G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
    g_object_class_install_properties(G_OBJECT_CLASS(klass), PROPERTIES, properties);
}

static void pst_training_pictures_init(PstTrainingPictures *pictures)
{
    pictures->items = g_ptr_array_new_with_free_func(g_object_unref);
    pictures->reading = g_cancellable_new();
}

PstTrainingPictures *pst_training_pictures_new(void)
{
    return g_object_new(PST_TYPE_TRAINING_PICTURES, NULL);
}
