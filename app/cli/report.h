/* What commands that make files of photographs or videos print: for people, or as JSON lines for other programs.
 *
 * To people: the paths of results on standard output; errors and warnings on standard error, and, if that is a
 * terminal, the progress and a closing line. As JSON: everything as events on standard output, one object
 * a line, and nothing on standard error.
 */
#pragma once

#include "engine/paint/export.h"
#include "style_argument.h"

typedef struct PstReport PstReport;

/** `statistics` adds a line about each painting, and it or `plans` one before. */
PstReport *pst_report_new(gboolean json, gboolean statistics, gboolean plans);
void pst_report_free(PstReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstReport, pst_report_free)

/** The work begins: `photos` photographs of `work` in all, in pixels say; `others` files are left alone. The styles
 *  took `style_seconds` to be encoded. */
void pst_report_start(PstReport *report, guint photos, double work, guint others, const GPtrArray *styles,
                      double style_seconds, int threads);

/** The recipe was saved at `path`; `asked` is the path that was asked for. */
void pst_report_recipe(PstReport *report, const char *path, const char *asked);

/** Another file was written at `path`. */
void pst_report_file(PstReport *report, const char *path);

/** The next photograph; `work` is its part of the work. */
void pst_report_photo(PstReport *report, const char *input, double work);
/** How it will be painted. */
void pst_report_plan(PstReport *report, const PstExportPlan *plan);
/** How much of it is done, 0 .. 1. */
void pst_report_progress(PstReport *report, double share);
/** And how it ended. */
void pst_report_painted(PstReport *report, const char *output, const PstExportEffort *effort);
void pst_report_skipped(PstReport *report, const char *output);
void pst_report_failed(PstReport *report, const GError *error);

/** Something that keeps a style or a folder out, or the whole work from beginning. */
void pst_report_problem(PstReport *report, const GError *error);
/** A warning: the work goes on. */
void pst_report_warning(PstReport *report, const char *message);

/** The same about a file; as PstExportSettings has it. */
void pst_report_file_warning(const char *file, const char *warning, gpointer report);

/** Something worth knowing that is no warning. */
void pst_report_note(PstReport *report, const char *message);

/** The closing words, and the exit status they mean. `signal` is the signal that ended the work, or 0. */
int pst_report_finish(PstReport *report, int signal);
