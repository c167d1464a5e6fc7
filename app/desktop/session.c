#include "session.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "engine/paint/recipe.h"
#include "engine/picture/output.h"
#include "kept_look.h"
#include "kept_tray.h"

#define DELAY  400 /* milliseconds after a change */
#define GROUP  "session"
#define SUFFIX ".session"
#define CLOSED "closed-" /* before the name, of a window that was closed */

#define KEPT_RESULTS  20  /* of them, the newest */
#define NAMED_PHOTOS  3   /* of those that are gone */
#define LONGEST_VIDEO 1e6 /* seconds */

struct PstSession {
    PstDocument *document;
    PstTray *tray;
    PstStyleList *styles;
    char *path;
    guint timer;
    gboolean results_changed, tray_changed;
};

static char *folder_path(void)
{
    return g_build_filename(g_get_user_state_dir(), "pastiche", NULL);
}

/* Results and tray lie in files of their own, which are written less often. */
static char *results_path(const char *path)
{
    return g_strconcat(path, ".results", NULL);
}

static char *tray_path(const char *path)
{
    return g_strconcat(path, ".tray", NULL);
}

/* Paintings that were dropped, used or not: a look of each. */
static void set_dropped(GKeyFile *file, PstStyleList *styles)
{
    GListModel *list = G_LIST_MODEL(styles);

    for (guint i = 0, number = 0; i < g_list_model_get_n_items(list); i++) {
        g_autoptr(PstStyleItem) item = g_list_model_get_item(list, i);
        g_autofree char *group = NULL;
        g_autoptr(PstLook) alone = NULL;

        if (pst_style_item_origin(item) != PST_STYLE_DROPPED) {
            continue;
        }
        group = g_strdup_printf("style-%u", number++);
        alone = pst_look_new();
        pst_look_add_style(alone, 0, pst_style_item_id(item), pst_style_item_style(item), 1);
        pst_kept_look_set(file, group, alone);
    }
}

static void set_results(GKeyFile *file, GListModel *results)
{
    for (guint i = 0; i < MIN(g_list_model_get_n_items(results), KEPT_RESULTS); i++) {
        g_autoptr(PstResult) result = g_list_model_get_item(results, i);
        g_autofree char *group = g_strdup_printf("result-%u", i), *picture = NULL;
        gsize size;
        const guchar *data = g_bytes_get_data(pst_result_png(result), &size);

        picture = g_base64_encode(data, size);
        pst_kept_look_set(file, group, pst_result_look(result));
        g_key_file_set_string(file, group, "picture", picture);
    }
}

static void save_results(PstSession *session)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autofree char *path = results_path(session->path);

    set_results(file, pst_document_results(session->document));
    g_key_file_save_to_file(file, path, NULL);
    session->results_changed = FALSE;
}

/* All but results and tray. */
static void fill(GKeyFile *file, PstDocument *document, PstStyleList *styles)
{
    g_key_file_set_string(file, GROUP, "photo", pst_document_path(document));
    if (pst_document_video(document)) {
        g_key_file_set_double(file, GROUP, "time", pst_document_video_time(document));
    }
    pst_kept_look_set(file, GROUP, pst_document_look(document));
    set_dropped(file, styles);
}

static gboolean save(gpointer data)
{
    PstSession *session = data;
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autofree char *folder = folder_path();

    session->timer = 0;
    if (!pst_document_path(session->document)) {
        pst_session_forget(session->path);
        return G_SOURCE_REMOVE;
    }
    fill(file, session->document, session->styles);
    /* A session that can't be kept is no reason to disturb anybody. */
    if (g_mkdir_with_parents(folder, 0700) == 0) {
        g_key_file_save_to_file(file, session->path, NULL);
        if (session->results_changed) {
            save_results(session);
        }
        if (session->tray_changed) {
            g_autofree char *tray = tray_path(session->path);

            session->tray_changed = FALSE;
            pst_kept_tray_write(session->tray, tray);
        }
    }
    return G_SOURCE_REMOVE;
}

static void on_change(PstSession *session)
{
    if (session->timer == 0) {
        session->timer = g_timeout_add(DELAY, save, session);
    }
}

static void on_results(PstSession *session)
{
    session->results_changed = TRUE;
    on_change(session);
}

static void on_tray(PstSession *session)
{
    session->tray_changed = TRUE;
    on_change(session);
}

PstSession *pst_session_new(PstDocument *document, PstTray *tray, PstStyleList *styles)
{
    static guint count;
    PstSession *session = g_new0(PstSession, 1);
    g_autofree char *folder = folder_path();
    g_autofree char *name = g_strdup_printf("%ld-%u" SUFFIX, (long)getpid(), ++count);

    session->document = document;
    session->tray = tray;
    session->styles = styles;
    session->path = g_build_filename(folder, name, NULL);
    g_signal_connect_swapped(document, "look-changed", G_CALLBACK(on_change), session);
    g_signal_connect_swapped(document, "notify::photo-name", G_CALLBACK(on_change), session);
    g_signal_connect_swapped(pst_document_results(document), "items-changed", G_CALLBACK(on_results), session);
    g_signal_connect_swapped(tray, "changed", G_CALLBACK(on_tray), session);
    return session;
}

/* Under a name that tells of no process. */
static void close_session(PstSession *session)
{
    g_autofree char *folder = folder_path(), *base = g_path_get_basename(session->path);
    g_autofree char *name = g_strconcat(CLOSED, base, NULL), *path = g_build_filename(folder, name, NULL);
    g_autofree char *results = results_path(session->path), *closed_results = results_path(path);
    g_autofree char *tray = tray_path(session->path), *closed_tray = tray_path(path);

    if (g_rename(session->path, path) == 0) {
        g_rename(results, closed_results);
        g_rename(tray, closed_tray);
    }
}

void pst_session_free(PstSession *session)
{
    g_signal_handlers_disconnect_by_data(session->document, session);
    g_signal_handlers_disconnect_by_data(pst_document_results(session->document), session);
    g_signal_handlers_disconnect_by_data(session->tray, session);
    if (session->timer != 0) {
        g_source_remove(session->timer);
        save(session);
    }
    close_session(session);
    g_free(session->path);
    g_free(session);
}

/* The process that a session's name begins with. */
static gboolean is_alive(const char *name)
{
    long process = strtol(name, NULL, 10);

    return process > 0 && (kill((pid_t)process, 0) == 0 || errno == EPERM);
}

char *pst_session_find(void)
{
    g_autofree char *folder = folder_path();
    g_autoptr(GDir) directory = g_dir_open(folder, 0, NULL);
    g_autofree char *latest = NULL;
    gint64 latest_time = 0;
    const char *name;

    while (directory && (name = g_dir_read_name(directory))) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        GStatBuf status;

        if (!g_str_has_suffix(name, SUFFIX) || is_alive(name) || g_stat(path, &status) != 0) {
            continue;
        }
        if (latest && status.st_mtime < latest_time) {
            pst_session_forget(path);
            continue;
        }
        if (latest) {
            pst_session_forget(latest);
        }
        g_free(latest);
        latest = g_steal_pointer(&path);
        latest_time = status.st_mtime;
    }
    return g_steal_pointer(&latest);
}

/* The photograph, or where it is gone the first of the tray that is not; or NULL. */
static char *find_photo(const char *photo, const char *session)
{
    g_autofree char *tray = tray_path(session);

    return g_file_test(photo, G_FILE_TEST_IS_REGULAR) ? g_strdup(photo) : pst_kept_tray_first(tray);
}

char *pst_session_name(const char *path)
{
    g_autoptr(GKeyFile) file = pst_kept_file_load(path);
    g_autofree char *photo = file ? g_key_file_get_string(file, GROUP, "photo", NULL) : NULL;
    g_autofree char *there = photo ? find_photo(photo, path) : NULL;

    return there ? g_filename_display_basename(there) : NULL;
}

static void get_dropped(GKeyFile *file, PstStyleList *styles)
{
    for (guint i = 0;; i++) {
        g_autofree char *group = g_strdup_printf("style-%u", i);
        g_autoptr(PstLook) alone = pst_kept_look_get(file, group, NULL);

        if (!alone) {
            return;
        }
        if (alone->regions[0].count == 1) {
            pst_style_list_add_style(styles, alone->regions[0].styles[0].id, alone->regions[0].styles[0].style);
        }
    }
}

static PstResult *get_result(GKeyFile *file, const char *group)
{
    g_autoptr(PstLook) look = pst_kept_look_get(file, group, NULL);
    g_autofree char *text = g_key_file_get_string(file, group, "picture", NULL);
    g_autoptr(GBytes) bytes = NULL;
    g_autoptr(GdkTexture) texture = NULL;

    if (look && text) {
        gsize size;
        guchar *data = g_base64_decode(text, &size);

        bytes = g_bytes_new_take(data, size);
        texture = gdk_texture_new_from_bytes(bytes, NULL);
    }
    return texture ? pst_result_new(look, texture) : NULL;
}

static GListModel *get_results(GKeyFile *file)
{
    GListStore *results = g_list_store_new(PST_TYPE_RESULT);

    for (guint i = 0; file && i < KEPT_RESULTS; i++) {
        g_autofree char *group = g_strdup_printf("result-%u", i);
        g_autoptr(PstResult) result = get_result(file, group);

        if (result) {
            g_list_store_append(results, result);
        }
    }
    return G_LIST_MODEL(results);
}

/* ---- sessions of versions before 0.2: settings by name, and a group for each region ----------------- */

static double get_number(GKeyFile *file, PstLookSetting setting)
{
    const PstLookNumber *range = &pst_look_numbers[setting];
    g_autoptr(GError) error = NULL;
    double value = g_key_file_get_double(file, GROUP, range->key, &error);

    return error || !(value >= range->least && value <= range->most) ? range->usual : value;
}

static void get_region(GKeyFile *file, PstLook *look, int index, GError **missing)
{
    g_autofree char *group = g_strdup_printf("region-%d", index);
    g_autofree char *text = g_key_file_get_string(file, group, "recipe", NULL);
    g_autofree char *mask = g_key_file_get_string(file, group, "mask", NULL);
    g_autoptr(PstLook) own = text ? pst_recipe_parse_draft(text, strlen(text), "session", NULL) : NULL;
    PstLookRegion *region = &look->regions[index];

    if (own) {
        pst_kept_look_settle(own, file, group, *missing ? NULL : missing);
    }
    for (int k = 0; own && k < own->regions[0].count; k++) {
        const PstLookStyle *style = &own->regions[0].styles[k];

        pst_look_add_style(look, index, style->id, style->style, style->weight);
    }
    if (mask) {
        g_clear_pointer(&region->mask, pst_mask_unref);
        region->mask = pst_mask_from_text(mask);
    }
    if (index > 0 && !region->mask) {
        region->mask = pst_mask_new();
    }
}

static PstLook *get_old_look(GKeyFile *file, GError **missing)
{
    PstLook *look = pst_look_new();
    int count = CLAMP(g_key_file_get_integer(file, GROUP, "regions", NULL), 1, PST_LOOK_REGIONS);

    for (int i = 0; i < count; i++) {
        if (i > 0) {
            pst_look_add_region(look);
        }
        get_region(file, look, i, missing);
    }
    look->strength = get_number(file, PST_LOOK_STRENGTH);
    look->detail = get_number(file, PST_LOOK_DETAIL);
    look->stroke = get_number(file, PST_LOOK_STROKE);
    look->keep_colours = g_key_file_get_boolean(file, GROUP, "keep-colours", NULL);
    return look;
}

static PstLook *get_any_look(GKeyFile *file, GError **missing)
{
    PstLook *look = pst_kept_look_get(file, GROUP, missing);

    return look ? look : get_old_look(file, missing);
}

PstLook *pst_session_look(const char *path)
{
    g_autoptr(GKeyFile) file = pst_kept_file_load(path);
    g_autoptr(GError) missing = NULL;

    return file ? get_any_look(file, &missing) : NULL;
}

gboolean pst_session_was_closed(const char *path)
{
    g_autofree char *base = g_path_get_basename(path);

    return g_str_has_prefix(base, CLOSED);
}

/* Of a video: the frame that was open. */
static double get_time(GKeyFile *file)
{
    double seconds = g_key_file_get_double(file, GROUP, "time", NULL);

    return seconds > 0 && seconds < LONGEST_VIDEO ? seconds : 0;
}

static void resume(GKeyFile *file, GKeyFile *results_file, const char *photo, PstDocument *document,
                   PstStyleList *styles)
{
    g_autoptr(GError) missing = NULL;
    g_autoptr(PstLook) look = get_any_look(file, &missing);
    g_autoptr(GListModel) results = get_results(results_file);

    get_dropped(file, styles);
    pst_document_resume(document, photo, get_time(file), look, results);
    if (missing) {
        pst_document_tell(document, missing->message);
    }
}

static void tell_gone(PstDocument *document, GPtrArray *gone)
{
    g_autofree char *names = NULL, *text = NULL;
    guint count = gone->len;

    if (count > 0) {
        g_ptr_array_set_size(gone, (int)MIN(count, NAMED_PHOTOS));
        g_ptr_array_add(gone, NULL);
        names = g_strjoinv(", ", (char **)gone->pdata);
        text = g_strdup_printf(g_dngettext(GETTEXT_PACKAGE, "%u photo is not where it was: %s%s",
                                           "%u photos are not where they were: %s%s", count),
                               count, names, count > NAMED_PHOTOS ? "…" : "");
        pst_document_tell(document, text);
    }
}

/* Takes in the tray's photographs; the name of each that is gone is told. The look of the one at `path`, or NULL. */
static PstLook *restore_tray(PstTray *tray, const char *file, const char *path, PstDocument *document)
{
    g_autoptr(GPtrArray) gone = g_ptr_array_new_with_free_func(g_free), items = pst_kept_tray_read(file, gone);
    PstLook *look = NULL;

    if (items) {
        pst_tray_restore(tray, items);
        tell_gone(document, gone);
    }
    for (guint i = 0; items && i < items->len; i++) {
        if (g_strcmp0(pst_tray_item_path(items->pdata[i]), path) == 0 && pst_tray_item_look(items->pdata[i])) {
            look = pst_look_ref(pst_tray_item_look(items->pdata[i]));
        }
    }
    return look;
}

gboolean pst_session_restore(const char *path, PstDocument *document, PstTray *tray, PstStyleList *styles)
{
    g_autoptr(GKeyFile) file = pst_kept_file_load(path);
    g_autofree char *photo = file ? g_key_file_get_string(file, GROUP, "photo", NULL) : NULL;
    g_autofree char *there = photo ? find_photo(photo, path) : NULL;
    g_autofree char *name = results_path(path), *tray_name = tray_path(path);
    g_autoptr(GKeyFile) results = pst_kept_file_load(name);
    g_autoptr(PstLook) look = NULL;

    if (!photo) {
        return FALSE;
    }
    if (!there || g_str_equal(there, photo)) {
        resume(file, results, photo, document, styles);
        look = tray ? restore_tray(tray, tray_name, NULL, document) : NULL;
    } else {
        get_dropped(file, styles);
        look = tray ? restore_tray(tray, tray_name, there, document) : NULL;
        if (look) {
            pst_document_resume(document, there, 0, look, NULL);
        } else {
            pst_document_open(document, there);
        }
    }
    pst_session_forget(path);
    return TRUE;
}

gboolean pst_project_write(PstDocument *document, PstStyleList *styles, const char *path, GError **error)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autoptr(PstInputs) inputs = pst_inputs_new();
    g_autoptr(PstOutput) output = NULL;
    g_autofree char *text = NULL, *written = NULL;
    gsize length;

    if (!pst_document_path(document)) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                    _("%s: a project needs a photo that is a file; export the picture first"), path);
        return FALSE;
    }
    pst_document_add_inputs(inputs);
    if (!pst_inputs_spare(inputs, path, error)) {
        return FALSE;
    }
    fill(file, document, styles);
    set_results(file, pst_document_results(document));
    text = g_key_file_to_data(file, &length, NULL);
    if (!(output = pst_output_open(path, PST_CONFLICT_OVERWRITE, error)) ||
        !pst_output_write(output, text, length, error)) {
        return FALSE;
    }
    written = pst_output_commit(output, error);
    return written != NULL;
}

gboolean pst_project_open(const char *path, PstDocument *document, PstStyleList *styles, GError **error)
{
    g_autoptr(GKeyFile) file = pst_kept_file_load(path);
    g_autofree char *photo = file ? g_key_file_get_string(file, GROUP, "photo", NULL) : NULL;

    if (!photo) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _("%s: is no project of this program"), path);
        return FALSE;
    }
    if (!g_file_test(photo, G_FILE_TEST_EXISTS)) {
        g_autofree char *folder = g_path_get_dirname(path), *base = g_path_get_basename(photo);
        char *beside = g_build_filename(folder, base, NULL);

        g_free(photo);
        photo = beside;
    }
    if (!g_file_test(photo, G_FILE_TEST_EXISTS)) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _("%s: its photo is gone; put it back as %s"), path,
                    photo);
        return FALSE;
    }
    resume(file, file, photo, document, styles);
    return TRUE;
}

void pst_session_forget(const char *path)
{
    g_autofree char *results = results_path(path), *tray = tray_path(path);

    g_remove(path);
    g_remove(results);
    g_remove(tray);
}
