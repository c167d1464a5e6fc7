/* Memory that is kept is not fetched anew. */
#include "engine/kernel/map.h"
#include "engine/base/memory.h"
#include "engine/picture/picture.h"

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

/* What was in a kept block doesn't show in the next picture, and a picture's block, which lies anywhere, is none for
 * a map. */
static void test_pictures(void)
{
    enum { SIDE = 2048 };
    const gsize floats = (gsize)3 * SIDE * SIDE;

    pst_memory_keep((gsize)256 << 20);
    for (int turn = 0; turn < 2; turn++) {
        long before = faults();
        PstPicture *picture = pst_picture_new(SIDE, SIDE, FALSE, NULL);

        for (gsize i = 0; i < floats; i++) {
            g_assert_cmpfloat(picture->rgb[i], ==, 0);
        }
        memset(picture->rgb, 1, floats * sizeof *picture->rgb);
        pst_picture_free(picture);
        if (turn == 1) {
            g_assert_cmpint(faults() - before, <, (long)(floats * sizeof(float) >> 21) / 4);
        }
    }
    float *map = pst_floats_new(floats);
    g_assert_cmpuint((guintptr)map & (((guintptr)2 << 20) - 1), ==, 0);
    pst_floats_free(map);
    pst_memory_keep(0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/memory/keep", test_keep);
    g_test_add_func("/memory/pictures", test_pictures);
    return g_test_run();
}
