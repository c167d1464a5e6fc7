#include "manifest.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "engine/base/memory.h"

#define LARGEST ((goffset)1 << 30) /* bytes of a manifest: some millions of photographs */

struct PstManifest {
    char *path;
    int file;
    PstManifestRun run;
    PstManifestJoint *before; /* what the file held */
};

static const char *const statuses[] = { "planned", "done", "refused", "retry" };

G_DEFINE_QUARK(pst - manifest - error - quark, pst_job_manifest_error)

void pst_manifest_run_clear(PstManifestRun *run)
{
    g_clear_pointer(&run->program, g_free);
    g_clear_pointer(&run->recipe, g_free);
    g_clear_pointer(&run->model, g_free);
    g_clear_pointer(&run->cpu, g_free);
}

static PstManifestRun copy_run(const PstManifestRun *run)
{
    return (PstManifestRun){ .program = g_strdup(run->program),
                             .recipe = g_strdup(run->recipe),
                             .model = g_strdup(run->model),
                             .cpu = g_strdup(run->cpu),
                             .shard = run->shard,
                             .count = run->count };
}

static void free_run(gpointer data)
{
    pst_manifest_run_clear(data);
    g_free(data);
}

void pst_manifest_record_free(PstManifestRecord *record)
{
    if (!record)
        return;
    g_free(record->input);
    g_free(record->output);
    g_free(record->input_hash);
    g_free(record->output_hash);
    g_free(record->reason);
    pst_manifest_run_clear(&record->run);
    g_free(record);
}

/* ---- lines ------------------------------------------------------------------------------------- */

static void set_text(json_t *object, const char *key, const char *text)
{
    if (text)
        json_object_set_new(object, key, json_string(text));
}

static char *get_text(const json_t *object, const char *key)
{
    return g_strdup(json_string_value(json_object_get(object, key)));
}

static char *finish_line(json_t *object)
{
    char *text = json_dumps(object, JSON_COMPACT);
    char *line = g_strconcat(text, "\n", NULL);

    free(text);
    json_decref(object);
    return line;
}

static char *run_line(const PstManifestRun *run)
{
    json_t *object = json_object();
    g_autofree char *shard = g_strdup_printf("%u/%u", run->shard, run->count);

    set_text(object, "program", run->program);
    set_text(object, "shard", shard);
    set_text(object, "recipe_sha256", run->recipe);
    set_text(object, "model_sha256", run->model);
    set_text(object, "cpu", run->cpu);
    return finish_line(json_pack("{s:o}", "run", object));
}

char *pst_manifest_line(const PstManifestRecord *record)
{
    json_t *object = json_object();
    gboolean planned = record->status == PST_MANIFEST_PLANNED;

    set_text(object, "status", statuses[record->status]);
    set_text(object, "input", record->input);
    set_text(object, "output", record->output);
    set_text(object, "input_sha256", record->input_hash);
    set_text(object, "output_sha256", record->output_hash);
    set_text(object, "recipe_sha256", planned ? NULL : record->run.recipe);
    set_text(object, "model_sha256", planned ? NULL : record->run.model);
    set_text(object, "cpu", planned ? NULL : record->run.cpu);
    set_text(object, "reason", record->reason);
    return finish_line(object);
}

static PstManifestRun *parse_run(const json_t *object)
{
    const char *shard = json_string_value(json_object_get(object, "shard"));
    PstManifestRun *run = g_new0(PstManifestRun, 1);
    char *end = NULL;

    run->program = get_text(object, "program");
    run->recipe = get_text(object, "recipe_sha256");
    run->model = get_text(object, "model_sha256");
    run->cpu = get_text(object, "cpu");
    run->shard = shard ? (guint)g_ascii_strtoull(shard, &end, 10) : 0;
    run->count = end && *end == '/' ? (guint)g_ascii_strtoull(end + 1, NULL, 10) : 0;
    if (run->recipe && run->model && run->cpu && run->shard >= 1 && run->shard <= run->count)
        return run;
    free_run(run);
    return NULL;
}

static PstManifestRecord *parse_record(const json_t *object)
{
    const char *status = json_string_value(json_object_get(object, "status"));
    g_autoptr(PstManifestRecord) record = g_new0(PstManifestRecord, 1);
    guint place = 0;

    while (place < G_N_ELEMENTS(statuses) && g_strcmp0(status, statuses[place]) != 0)
        place++;
    record->status = (PstManifestStatus)place;
    record->input = get_text(object, "input");
    record->output = get_text(object, "output");
    record->input_hash = get_text(object, "input_sha256");
    record->output_hash = get_text(object, "output_sha256");
    record->reason = get_text(object, "reason");
    record->run.recipe = get_text(object, "recipe_sha256");
    record->run.model = get_text(object, "model_sha256");
    record->run.cpu = get_text(object, "cpu");
    if (place == G_N_ELEMENTS(statuses) || !record->input || !record->output ||
        (record->status == PST_MANIFEST_DONE && !(record->input_hash && record->output_hash)))
        return NULL;
    return g_steal_pointer(&record);
}

/* ---- joined ------------------------------------------------------------------------------------ */

PstManifestJoint *pst_manifest_joint_new(void)
{
    PstManifestJoint *joint = g_new(PstManifestJoint, 1);

    joint->records = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)pst_manifest_record_free);
    joint->runs = g_ptr_array_new_with_free_func(free_run);
    return joint;
}

void pst_manifest_joint_free(PstManifestJoint *joint)
{
    if (!joint)
        return;
    g_hash_table_unref(joint->records);
    g_ptr_array_unref(joint->runs);
    g_free(joint);
}

/* Takes the record over. */
static void put_record(PstManifestJoint *joint, PstManifestRecord *record)
{
    if (record->status == PST_MANIFEST_PLANNED && g_hash_table_contains(joint->records, record->output))
        pst_manifest_record_free(record);
    else
        g_hash_table_replace(joint->records, record->output, record);
}

static gboolean put_line(PstManifestJoint *joint, const char *line, gsize length)
{
    json_t *object = json_loadb(line, length, 0, NULL);
    const json_t *begun = json_object_get(object, "run");
    PstManifestRun *run = begun ? parse_run(begun) : NULL;
    PstManifestRecord *record = begun ? NULL : parse_record(object);

    if (run)
        g_ptr_array_add(joint->runs, run);
    if (record)
        put_record(joint, record);
    json_decref(object);
    return run || record;
}

/* Whole lines only; `*whole` is how many bytes they have. */
static gboolean put_text(PstManifestJoint *joint, const char *path, const char *text, gsize length, gsize *whole,
                         GError **error)
{
    guint number = 1;

    *whole = 0;
    for (const char *end; (end = memchr(text + *whole, '\n', length - *whole)); number++) {
        if (!put_line(joint, text + *whole, (gsize)(end - text) - *whole)) {
            g_set_error(error, PST_JOB_MANIFEST_ERROR, PST_JOB_MANIFEST_ERROR_FORMAT,
                        _("%s: line %u is not what a manifest has"), path, number);
            return FALSE;
        }
        *whole = (gsize)(end - text) + 1;
    }
    return TRUE;
}

gboolean pst_manifest_joint_add(PstManifestJoint *joint, const char *path, GError **error)
{
    g_autoptr(GError) reason = NULL;
    g_autofree char *text = NULL;
    gsize length, whole;
    GStatBuf status;

    if (g_stat(path, &status) == 0 && status.st_size > LARGEST) {
        g_set_error(error, PST_JOB_MANIFEST_ERROR, PST_JOB_MANIFEST_ERROR_FORMAT, _("%s: is too large for a manifest"),
                    path);
        return FALSE;
    }
    if (!g_file_get_contents(path, &text, &length, &reason)) {
        g_set_error(error, PST_JOB_MANIFEST_ERROR, PST_JOB_MANIFEST_ERROR_READ, _("%s: can't be read (%s)"), path,
                    reason->message);
        return FALSE;
    }
    return put_text(joint, path, text, length, &whole, error);
}

static int compare_outputs(gconstpointer a, gconstpointer b)
{
    return strcmp((*(PstManifestRecord *const *)a)->output, (*(PstManifestRecord *const *)b)->output);
}

GPtrArray *pst_manifest_joint_list(const PstManifestJoint *joint)
{
    GPtrArray *list = g_ptr_array_new();
    GHashTableIter iter;
    gpointer record;

    g_hash_table_iter_init(&iter, joint->records);
    while (g_hash_table_iter_next(&iter, NULL, &record))
        g_ptr_array_add(list, record);
    g_ptr_array_sort(list, compare_outputs);
    return list;
}

/* ---- written ------------------------------------------------------------------------------------ */

static gboolean fail_write(const PstManifest *manifest, GError **error)
{
    g_set_error(error, PST_JOB_MANIFEST_ERROR, PST_JOB_MANIFEST_ERROR_WRITE, _("%s: can't be written (%s)"),
                manifest->path, g_strerror(errno));
    return FALSE;
}

/* Not synchronised each time: a kill loses nothing that write() took, and after a power cut the line is painted
 * anew. */
static gboolean append(const PstManifest *manifest, const char *line, GError **error)
{
    for (gsize left = strlen(line); left > 0;) {
        gssize written = write(manifest->file, line, left);

        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return fail_write(manifest, error);
        line += written;
        left -= (gsize)written;
    }
    return TRUE;
}

/* Reads what an earlier run left, and cuts off a line that it did not finish. */
static gboolean go_on(PstManifest *manifest, GError **error)
{
    off_t size = lseek(manifest->file, 0, SEEK_END);
    g_autofree char *text = NULL;
    gsize length, whole;

    if (size < 0)
        return fail_write(manifest, error);
    if (size == 0)
        return TRUE;
    if (size > LARGEST || !g_file_get_contents(manifest->path, &text, &length, NULL)) {
        g_set_error(error, PST_JOB_MANIFEST_ERROR, PST_JOB_MANIFEST_ERROR_READ, _("%s: can't be read as a manifest"),
                    manifest->path);
        return FALSE;
    }
    if (!put_text(manifest->before, manifest->path, text, length, &whole, error))
        return FALSE;
    if (whole == 0) {
        g_set_error(error, PST_JOB_MANIFEST_ERROR, PST_JOB_MANIFEST_ERROR_FORMAT,
                    _("%s: line %u is not what a manifest has"), manifest->path, 1U);
        return FALSE;
    }
    return ftruncate(manifest->file, (off_t)whole) == 0 || fail_write(manifest, error);
}

PstManifest *pst_manifest_open(const char *path, const PstManifestRun *run, GError **error)
{
    g_autoptr(PstManifest) manifest = g_new0(PstManifest, 1);
    g_autofree char *line = run_line(run);

    manifest->path = g_strdup(path);
    manifest->run = copy_run(run);
    manifest->before = pst_manifest_joint_new();
    manifest->file = g_open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (manifest->file < 0) {
        fail_write(manifest, error);
        return NULL;
    }
    if (flock(manifest->file, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        g_set_error(error, PST_JOB_MANIFEST_ERROR, PST_JOB_MANIFEST_ERROR_BUSY, _("%s: another run is writing it"),
                    path);
        return NULL;
    }
    return go_on(manifest, error) && append(manifest, line, error) ? g_steal_pointer(&manifest) : NULL;
}

void pst_manifest_free(PstManifest *manifest)
{
    if (!manifest)
        return;
    if (manifest->file >= 0)
        close(manifest->file);
    pst_manifest_run_clear(&manifest->run);
    pst_manifest_joint_free(manifest->before);
    g_free(manifest->path);
    g_free(manifest);
}

const PstManifestRecord *pst_manifest_find(const PstManifest *manifest, const char *output)
{
    return g_hash_table_lookup(manifest->before->records, output);
}

gboolean pst_manifest_add(PstManifest *manifest, const PstManifestRecord *record, GError **error)
{
    PstManifestRecord complete = *record; /* borrows */
    g_autofree char *line = NULL;

    if (!g_utf8_validate(record->input, -1, NULL) || !g_utf8_validate(record->output, -1, NULL)) {
        g_set_error(error, PST_JOB_MANIFEST_ERROR, PST_JOB_MANIFEST_ERROR_NAME,
                    _("%s: its name is not UTF-8, which a manifest can't hold"), record->input);
        return FALSE;
    }
    complete.run = manifest->run;
    line = pst_manifest_line(&complete);
    return append(manifest, line, error);
}
