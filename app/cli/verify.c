/* pastiche verify: joins the manifests of a job of many runs and tells what is missing. */
#include "app/common/manifest.h"
#include "command.h"
#include "console.h"
#include "options.h"

#include "engine/paint/recipe.h"
#include "engine/picture/inputs.h"
#include "engine/picture/output.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>

static const PstUsage usage = {
    .command = "pastiche verify",
    .parameters = N_("MANIFEST..."),
    .summary = N_("Joins the manifests of all runs of a job, and prints the photographs that are missing."),
    .description = N_("Prints the names of photographs that were planned and not painted, one a line, and says on\n"
                      "standard error what of them was refused and why, which shards left no manifest, and whether\n"
                      "recipes, networks or instruction sets were mixed.\n"
                      "\n"
                      "Examples:\n"
                      "  pastiche verify shard-*.jsonl --results painted/\n"
                      "  pastiche verify shard-*.jsonl -o all.jsonl\n"
                      "\n"
                      "Exit status: 0 all is there, 1 some were refused or do not fit, 2 wrong usage, 75 some are\n"
                      "missing that another try may paint."),
};

typedef struct {
    char *results, *output, **manifests;
    PstConflict conflict;
} Request;

/* What was found. */
typedef struct {
    guint done, refused, missing;
} Tally;

static gboolean read_all(const Request *request, PstManifestJoint *joint)
{
    gboolean sound = TRUE;

    for (int i = 0; request->manifests[i]; i++) {
        g_autoptr(GError) error = NULL;

        if (!pst_manifest_joint_add(joint, request->manifests[i], &error)) {
            pst_console_failure(error);
            sound = FALSE;
        }
    }
    return sound;
}

/* ---- runs --------------------------------------------------------------------------------------- */

/* The names of what the runs differ in, "avx2, avx512", or NULL where they are alike. */
static char *differences(const PstManifestJoint *joint, gsize offset)
{
    g_autoptr(GPtrArray) seen = g_ptr_array_new();

    for (guint i = 0; i < joint->runs->len; i++) {
        char *text = G_STRUCT_MEMBER(char *, joint->runs->pdata[i], offset);

        if (!g_ptr_array_find_with_equal_func(seen, text, g_str_equal, NULL))
            g_ptr_array_add(seen, text);
    }
    if (seen->len < 2)
        return NULL;
    g_ptr_array_add(seen, NULL);
    return g_strjoinv(", ", (char **)seen->pdata);
}

static gboolean check_runs(const PstManifestJoint *joint)
{
    g_autofree char *recipes = differences(joint, G_STRUCT_OFFSET(PstManifestRun, recipe));
    g_autofree char *models = differences(joint, G_STRUCT_OFFSET(PstManifestRun, model));
    g_autofree char *cpus = differences(joint, G_STRUCT_OFFSET(PstManifestRun, cpu));

    if (recipes)
        pst_console_error(_("the runs painted by different recipes; they are parts of different jobs"));
    if (models)
        pst_console_error(_("the runs painted with different networks; they are parts of different jobs"));
    if (cpus)
        pst_console_error(_("warning: the runs used different instruction sets (%s), which round differently; set"
                            " PASTICHE_CPU to the least of them for the same bytes everywhere"),
                          cpus);
    return !recipes && !models;
}

/* Shards that left no manifest; what they were to paint is not known. */
static guint count_lacking(const PstManifestJoint *joint)
{
    const PstManifestRun *first = joint->runs->len ? joint->runs->pdata[0] : NULL;
    guint count = first ? first->count : 0, lacking = 0;
    g_autofree gboolean *there = g_new0(gboolean, count + 1);

    for (guint i = 0; i < joint->runs->len; i++) {
        const PstManifestRun *run = joint->runs->pdata[i];

        if (run->count == count)
            there[run->shard] = TRUE;
        else if (run->count > 1)
            pst_console_error(_("there are shards of %u and of %u; give the manifests of one job"), count, run->count);
    }
    for (guint i = 1; i <= count; i++) {
        if (!there[i]) {
            lacking++;
            pst_console_error(_("shard %u of %u left no manifest"), i, count);
        }
    }
    return lacking;
}

/* ---- photographs -------------------------------------------------------------------------------- */

static gboolean result_fits(const char *folder, const PstManifestRecord *record)
{
    g_autofree char *path = g_build_filename(folder, record->output, NULL);
    g_autofree char *hash = pst_recipe_hash(path, NULL);

    if (g_strcmp0(hash, record->output_hash) == 0)
        return TRUE;
    pst_console_error(hash ? _("%s: is not what the manifest tells of") : _("%s: is not there"), path);
    return FALSE;
}

static void check_record(const Request *request, const PstManifestRecord *record, Tally *tally)
{
    if (record->status == PST_MANIFEST_REFUSED) {
        tally->refused++;
        pst_console_error(_("%s: was refused (%s)"), record->input, record->reason ? record->reason : "");
        return;
    }
    if (record->status == PST_MANIFEST_DONE && (!request->results || result_fits(request->results, record))) {
        tally->done++;
        return;
    }
    tally->missing++;
    pst_console_path(record->input);
}

/* ---- the joined manifest ------------------------------------------------------------------------ */

static gboolean write_all(PstOutput *output, const GPtrArray *records, GError **error)
{
    for (guint i = 0; i < records->len; i++) {
        g_autofree char *line = pst_manifest_line(records->pdata[i]);

        if (!pst_output_write(output, line, strlen(line), error))
            return FALSE;
    }
    return TRUE;
}

static gboolean write_joined(const Request *request, const GPtrArray *records)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PstInputs) inputs = pst_inputs_new();
    g_autoptr(PstOutput) output = NULL;
    g_autofree char *written = NULL;

    for (int i = 0; request->manifests[i]; i++)
        pst_inputs_add(inputs, request->manifests[i]);
    if (pst_inputs_spare(inputs, request->output, &error) &&
        (output = pst_output_open(request->output, request->conflict, &error)) && write_all(output, records, &error))
        written = pst_output_commit(output, &error);
    if (error)
        pst_console_failure(error);
    else if (strcmp(written, request->output) != 0)
        pst_console_error(_("%s: is there already; the manifest is in %s"), request->output, written);
    return written != NULL;
}

static int run(const Request *request)
{
    g_autoptr(PstManifestJoint) joint = pst_manifest_joint_new();
    g_autoptr(GPtrArray) records = NULL;
    Tally tally = { 0 };
    gboolean sound = read_all(request, joint);
    guint lacking;
    int status;

    sound &= check_runs(joint);
    lacking = count_lacking(joint);
    records = pst_manifest_joint_list(joint);
    for (guint i = 0; i < records->len; i++)
        check_record(request, records->pdata[i], &tally);
    if (request->output)
        sound &= write_joined(request, records);
    pst_console_error(_("%u painted, %u refused, %u missing"), tally.done, tally.refused, tally.missing);
    status = pst_console_finish();
    if (!sound)
        return PST_EXIT_FAILED;
    if (tally.missing || lacking)
        return PST_EXIT_RETRY;
    return tally.refused ? PST_EXIT_FAILED : status;
}

int pst_command_verify(int argc, char **argv)
{
    static Request request;
    static char *conflict;
    g_autoptr(GError) error = NULL;
    const GOptionEntry entries[] = {
        { "results", 0, 0, G_OPTION_ARG_FILENAME, &request.results,
          N_("Also check that the results lie in this folder and are unchanged"), N_("FOLDER") },
        { "output", 'o', 0, G_OPTION_ARG_FILENAME, &request.output, N_("Write the joined manifest there"), N_("FILE") },
        PST_OPTION_CONFLICT(&conflict),
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &request.manifests, NULL, NULL },
        G_OPTION_ENTRY_NULL
    };
    int status;

    if (!pst_options_parse(&usage, entries, NULL, argc, argv, &status))
        return status;
    if (!request.manifests) {
        g_set_error_literal(&error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("a manifest is missing"));
        return pst_options_fail(&usage, error);
    }
    return pst_option_conflict(conflict, &request.conflict, &error) ? run(&request) : pst_options_fail(&usage, error);
}
