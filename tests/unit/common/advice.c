/* Every code of the engine's errors has its advice; other errors have none. */
#include "app/common/advice.h"
#include "engine/finetune/style_checkpoint.h"
#include "engine/paint/recipe.h"
#include "engine/style/style.h"

#include <gio/gio.h>

static void test_all_codes(void)
{
    const struct {
        GQuark domain;
        int last;
    } all[] = {
        { PST_TENSORS_ERROR, PST_TENSORS_ERROR_WRITE },
        { PST_MODEL_ERROR, PST_MODEL_ERROR_MISSING },
        { PST_PICTURE_ERROR, PST_PICTURE_ERROR_IO },
        { PST_STYLE_ERROR, PST_STYLE_ERROR_VALUE },
        { PST_RECIPE_ERROR, PST_RECIPE_ERROR_STYLE },
        { PST_EXAMPLE_ERROR, PST_EXAMPLE_ERROR_MANY },
        { PST_STYLE_CHECKPOINT_ERROR, PST_STYLE_CHECKPOINT_ERROR_OTHER },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(all); i++) {
        for (int code = 0; code <= all[i].last; code++) {
            g_autoptr(GError) error = g_error_new_literal(all[i].domain, code, "a.file: reason");
            g_autofree char *text = pst_error_text(error);

            g_assert_nonnull(pst_advice(error));
            g_assert_true(g_str_has_prefix(text, "a.file: reason; "));
        }
    }
}

static void test_none(void)
{
    g_autoptr(GError) error = g_error_new_literal(G_IO_ERROR, G_IO_ERROR_FAILED, "it failed");
    g_autofree char *text = pst_error_text(error);

    g_assert_null(pst_advice(error));
    g_assert_cmpstr(text, ==, "it failed");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/advice/all-codes", test_all_codes);
    g_test_add_func("/advice/none", test_none);
    return g_test_run();
}
