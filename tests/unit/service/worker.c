/* The queue of the engine thread: order, slots, cancel, letting others in between, reports. */
#include "engine/service/worker.h"

/* What the jobs of a test did. They wait at their beginning until the test opens the gate: however busy the machine is,
 * all that the test pushes meanwhile is there when they go on.
 */
typedef struct {
    GString *log;
    int left;    /* jobs that are not done */
    int running; /* the first one has begun */
    int open;    /* the gate */
} Trace;

static void until(int *flag)
{
    while (!g_atomic_int_get(flag)) {
        g_usleep(1000);
    }
}

typedef struct {
    Trace *trace;
    char name;
    int steps; /* of 2 ms each */
    PstWorker *worker;
    char interrupt; /* pushed as a preview at the first step, or 0 */
} Task;

static void push(PstWorker *worker, Trace *trace, PstPriority priority, const char *slot, char name, int steps,
                 char interrupt);

static gpointer run(gpointer data, PstWorkerJob *job, GError **error)
{
    Task *task = data;

    g_atomic_int_set(&task->trace->running, TRUE);
    until(&task->trace->open);
    for (int i = 0; i < task->steps; i++) {
        g_usleep(2000);
        if (i == 0 && task->interrupt) {
            push(task->worker, task->trace, PST_PRIORITY_PREVIEW, NULL, task->interrupt, 1, 0);
        }
        if (g_cancellable_set_error_if_cancelled(pst_worker_job_cancellable(job), error)) {
            return NULL;
        }
        pst_worker_job_progress(job, (double)i / task->steps);
    }
    return GINT_TO_POINTER(task->name);
}

/* Capital letters are jobs that were cancelled. */
static void done(gpointer data, gpointer result, const GError *error)
{
    Task *task = data;

    g_assert_true((result == NULL) == (error != NULL));
    g_string_append_c(task->trace->log, error ? g_ascii_toupper(task->name) : task->name);
    g_atomic_int_add(&task->trace->left, -1);
}

static const PstWorkerJobClass klass = { run, NULL, done, g_free };

static void push(PstWorker *worker, Trace *trace, PstPriority priority, const char *slot, char name, int steps,
                 char interrupt)
{
    Task *task = g_new(Task, 1);

    *task = (Task){ trace, name, steps, worker, interrupt };
    g_atomic_int_inc(&trace->left);
    pst_worker_push(worker, &klass, priority, slot, task);
}

static void finish(Trace *trace, const char *expected)
{
    g_atomic_int_set(&trace->open, TRUE);
    while (g_atomic_int_get(&trace->left) > 0) {
        g_main_context_iteration(NULL, TRUE);
    }
    g_assert_cmpstr(trace->log->str, ==, expected);
    g_string_free(trace->log, TRUE);
}

static void test_order(void)
{
    g_autoptr(PstWorker) worker = pst_worker_new(NULL);
    Trace trace = { .log = g_string_new(NULL) };

    push(worker, &trace, PST_PRIORITY_PREVIEW, NULL, 'a', 1, 0);
    until(&trace.running);
    push(worker, &trace, PST_PRIORITY_THUMBNAIL, NULL, 't', 1, 0);
    push(worker, &trace, PST_PRIORITY_THUMBNAIL, NULL, 'u', 1, 0);
    push(worker, &trace, PST_PRIORITY_EXPORT, NULL, 'e', 1, 0);
    push(worker, &trace, PST_PRIORITY_PREVIEW, NULL, 'p', 1, 0);
    finish(&trace, "apetu");
}

static void test_newest_wins(void)
{
    g_autoptr(PstWorker) worker = pst_worker_new(NULL);
    Trace trace = { .log = g_string_new(NULL) };

    push(worker, &trace, PST_PRIORITY_PREVIEW, NULL, 'x', 1, 0);
    until(&trace.running);
    push(worker, &trace, PST_PRIORITY_PREVIEW, "preview", 'a', 500, 0);
    push(worker, &trace, PST_PRIORITY_PREVIEW, "preview", 'b', 500, 0);
    push(worker, &trace, PST_PRIORITY_PREVIEW, "preview", 'c', 2, 0);
    push(worker, &trace, PST_PRIORITY_PREVIEW, "other", 'd', 2, 0);
    finish(&trace, "ABxcd");
}

static void test_cancel(void)
{
    g_autoptr(PstWorker) worker = pst_worker_new(NULL);
    Trace trace = { .log = g_string_new(NULL) };
    gint64 since;

    push(worker, &trace, PST_PRIORITY_EXPORT, "export/1", 'a', 5000, 0);
    push(worker, &trace, PST_PRIORITY_EXPORT, "export/2", 'b', 5000, 0);
    push(worker, &trace, PST_PRIORITY_EXPORT, "thumbnail", 'c', 1, 0);
    until(&trace.running);
    since = g_get_monotonic_time();
    pst_worker_cancel(worker, "export/", TRUE);
    finish(&trace, "BAc");
    g_test_message("cancelled within %.0f ms", (double)(g_get_monotonic_time() - since) / 1000);
}

/* A preview does not wait for the end of an export, nor does an export for the end of a thumbnail. */
static void test_between(void)
{
    g_autoptr(PstWorker) worker = pst_worker_new(NULL);
    Trace trace = { .log = g_string_new(NULL) };

    push(worker, &trace, PST_PRIORITY_EXPORT, NULL, 'e', 100, 'p');
    push(worker, &trace, PST_PRIORITY_THUMBNAIL, NULL, 't', 1, 0);
    finish(&trace, "pet");
}

static void test_end(void)
{
    PstWorker *worker = pst_worker_new(NULL);
    Trace trace = { .log = g_string_new(NULL) };

    for (char name = 'a'; name <= 'e'; name++) {
        push(worker, &trace, PST_PRIORITY_EXPORT, NULL, name, 5000, 0);
    }
    until(&trace.running);
    trace.open = TRUE;
    pst_worker_free(worker);
    while (g_main_context_iteration(NULL, FALSE)) {
    }
    g_assert_cmpint(trace.left, ==, 0);
    g_assert_cmpuint(trace.log->len, ==, 5);
    for (char *p = trace.log->str; *p; p++) {
        g_assert_true(g_ascii_isupper(*p));
    }
    g_string_free(trace.log, TRUE);
}

/* Progress is coalesced and rises; parts come in order, before the end. */
typedef struct {
    double share;
    int reports, parts;
    int ended; /* the job, on its thread */
    gboolean over;
} Reports;

static void on_part(gpointer data, gpointer part)
{
    Reports *reports = data;

    g_assert_cmpint(GPOINTER_TO_INT(part), ==, ++reports->parts);
    g_assert_false(reports->over);
}

static gpointer run_reports(gpointer data, PstWorkerJob *job, GError **error)
{
    Reports *reports = data;

    for (int i = 1; i <= 1000; i++) {
        pst_worker_job_progress(job, i / 1000.0);
        if (i % 100 == 0) {
            pst_worker_job_post(job, on_part, GINT_TO_POINTER(i / 100), NULL);
        }
    }
    g_atomic_int_set(&reports->ended, TRUE);
    return data;
}

static void on_progress(gpointer data, double share, double seconds_left)
{
    Reports *reports = data;

    g_assert_false(reports->over);
    g_assert_cmpfloat(share, >=, reports->share);
    reports->share = share;
    reports->reports++;
}

static void on_over(gpointer data, gpointer result, const GError *error)
{
    ((Reports *)data)->over = TRUE;
}

static const PstWorkerJobClass reports_class = { run_reports, on_progress, on_over, NULL };

static void test_reports(void)
{
    g_autoptr(PstWorker) worker = pst_worker_new(NULL);
    Reports reports = { 0 };

    pst_worker_push(worker, &reports_class, PST_PRIORITY_EXPORT, NULL, &reports);
    until(&reports.ended); /* nobody listens meanwhile */
    while (!reports.over) {
        g_main_context_iteration(NULL, TRUE);
    }
    while (g_main_context_iteration(NULL, FALSE)) {
    }
    g_assert_cmpint(reports.parts, ==, 10);
    g_assert_cmpint(reports.reports, <=, 2);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/worker/order", test_order);
    g_test_add_func("/worker/newest-wins", test_newest_wins);
    g_test_add_func("/worker/cancel", test_cancel);
    g_test_add_func("/worker/between", test_between);
    g_test_add_func("/worker/end", test_end);
    g_test_add_func("/worker/reports", test_reports);
    return g_test_run();
}
