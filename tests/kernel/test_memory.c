/* Memory that is kept is not fetched anew. */
#include "map.h"
#include "memory.h"

#include <string.h>
#include <sys/resource.h>

#define FLOATS ((gsize)24 << 20)

static long faults(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_minflt;
}

/* Page faults of a map that comes and goes. */
static long faults_of_a_map(void)
{
    long before = faults();
    float *floats = pst_floats_new(FLOATS);

    memset(floats, 1, FLOATS * sizeof *floats);
    pst_floats_free(floats);
    return faults() - before;
}

static void test_keep(void)
{
    const long pages = (long)(FLOATS * sizeof(float) >> 21); /* of 2 MiB, the largest */

    faults_of_a_map();
    g_assert_cmpint(faults_of_a_map(), >=, pages);
    pst_memory_keep((gsize)256 << 20);
    faults_of_a_map();
    g_assert_cmpint(faults_of_a_map(), <, pages / 4);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/memory/keep", test_keep);
    return g_test_run();
}
