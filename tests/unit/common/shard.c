/* Shards: each name is in exactly one of them, and they are about alike. */
#include "app/common/shard.h"

static void test_partition(void)
{
    for (guint count = 1; count <= 16; count += 5) {
        g_autofree guint *sizes = g_new0(guint, count + 1);

        for (int i = 0; i < 2000; i++) {
            g_autofree char *name = g_strdup_printf("folder/%d.jpg", i);
            guint owners = 0;

            for (guint index = 1; index <= count; index++) {
                const PstShard shard = { index, count };

                if (pst_shard_has(&shard, name)) {
                    owners++;
                    sizes[index]++;
                }
            }
            g_assert_cmpint(owners, ==, 1);
        }
        for (guint index = 1; index <= count; index++) {
            g_assert_cmpint(sizes[index], >, 2000 / count * 3 / 4);
            g_assert_cmpint(sizes[index], <, 2000 / count * 5 / 4 + 1);
        }
    }
}

static void test_parse(void)
{
    PstShard shard;

    g_assert_true(pst_shard_parse("3/7", &shard, NULL));
    g_assert_cmpint(shard.index, ==, 3);
    g_assert_cmpint(shard.count, ==, 7);
    g_setenv("OMPI_COMM_WORLD_RANK", "0", TRUE);
    g_setenv("OMPI_COMM_WORLD_SIZE", "2", TRUE);
    g_assert_true(pst_shard_parse("auto", &shard, NULL));
    g_assert_cmpint(shard.index, ==, 1);
    /* A job array goes first, and steps count. */
    g_setenv("SLURM_ARRAY_TASK_ID", "25", TRUE);
    g_setenv("SLURM_ARRAY_TASK_MIN", "5", TRUE);
    g_setenv("SLURM_ARRAY_TASK_MAX", "45", TRUE);
    g_setenv("SLURM_ARRAY_TASK_STEP", "10", TRUE);
    g_assert_true(pst_shard_parse("auto", &shard, NULL));
    g_assert_cmpint(shard.index, ==, 3);
    g_assert_cmpint(shard.count, ==, 5);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/shard/partition", test_partition);
    g_test_add_func("/shard/parse", test_parse);
    return g_test_run();
}
