/* The manifest of a batch: what was painted from what, as JSON, one object a line.
 *
 * A run appends to its manifest and each line is on the disk before the next photograph is begun, so that a run that
 * is killed leaves what it did. The next one goes on in the same file. Lines are of three kinds:
 *
 *   {"run": {...}}                                 a run begins: program, shard, recipe, model, instruction set
 *   {"status": "planned", "input", "output"}       a photograph that belongs to it
 *   {"status": "done" | "refused" | "retry", ...}  how that ended; of several such lines about an output the last one
 *                                                   counts
 *
 * docs/formats.md describes them. Manifests of all shards together are what one run would have written.
 */
#pragma once

#include <glib.h>

#define PST_JOB_MANIFEST_ERROR pst_job_manifest_error_quark()
GQuark pst_job_manifest_error_quark(void);

typedef enum {
    PST_JOB_MANIFEST_ERROR_READ,   /* can't be read */
    PST_JOB_MANIFEST_ERROR_WRITE,  /* can't be written */
    PST_JOB_MANIFEST_ERROR_FORMAT, /* a line is not what a manifest has */
    PST_JOB_MANIFEST_ERROR_BUSY,   /* another run is writing it */
    PST_JOB_MANIFEST_ERROR_NAME,   /* a file name is not UTF-8, which JSON can't hold */
} PstJobManifestError;

/** How a photograph ended. */
typedef enum {
    PST_MANIFEST_PLANNED,
    PST_MANIFEST_DONE,
    PST_MANIFEST_REFUSED, /* it can't be painted, however often it is tried */
    PST_MANIFEST_RETRY,   /* the machine had too little memory or disk, say: worth another try */
} PstManifestStatus;

/** What made the results of a run. Hashes are SHA-256 in small hexadecimal. */
typedef struct {
    char *program;      /* name and version */
    char *recipe;       /* hash of the recipe's text */
    char *model;        /* hash of the generator's weights */
    char *cpu;          /* the instruction set, as PASTICHE_CPU calls it: others round differently */
    guint shard, count; /* shard 1 .. count */
} PstManifestRun;

/** One photograph. */
typedef struct {
    PstManifestStatus status;
    char *input;       /* its path within the folder that was given, or the path that was given */
    char *output;      /* path of the result within the folder of results */
    char *input_hash;  /* or NULL: could not be read */
    char *output_hash; /* or NULL: there is none */
    char *reason;      /* why not, or NULL */
    PstManifestRun run;
} PstManifestRecord;

void pst_manifest_run_clear(PstManifestRun *run);
void pst_manifest_record_free(PstManifestRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstManifestRecord, pst_manifest_record_free)

/** A manifest that is being written. */
typedef struct PstManifest PstManifest;

/** Opens the manifest at `path`, new or to go on with, and begins a run. A last line that a killed run left half
 *  written is removed. The file is locked until it is freed. Errors of PST_JOB_MANIFEST_ERROR. */
PstManifest *pst_manifest_open(const char *path, const PstManifestRun *run, GError **error);
void pst_manifest_free(PstManifest *manifest);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstManifest, pst_manifest_free)

/** What is known about an output, or NULL; the manifest's. */
const PstManifestRecord *pst_manifest_find(const PstManifest *manifest, const char *output);

/** Appends a line about a photograph. The record's run is left out of account: it is this one. */
gboolean pst_manifest_add(PstManifest *manifest, const PstManifestRecord *record, GError **error);

/** Manifests of several runs, joined. */
typedef struct {
    GHashTable *records; /* output -> PstManifestRecord */
    GPtrArray *runs;     /* of PstManifestRun, in the order in which they were read */
} PstManifestJoint;

PstManifestJoint *pst_manifest_joint_new(void);
void pst_manifest_joint_free(PstManifestJoint *joint);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstManifestJoint, pst_manifest_joint_free)

/** Adds the manifest at `path`; of several that tell of the same output the last one added counts. A last line without
 *  an end is passed over. Errors of PST_JOB_MANIFEST_ERROR; what was read before them is kept. */
gboolean pst_manifest_joint_add(PstManifestJoint *joint, const char *path, GError **error);

/** The records in the order of their outputs' names; free the array, the records are the joint's. */
GPtrArray *pst_manifest_joint_list(const PstManifestJoint *joint);

/** A record as a line of JSON with its newline, owned by the caller. */
char *pst_manifest_line(const PstManifestRecord *record);
