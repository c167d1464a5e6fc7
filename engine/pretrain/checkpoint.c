#include "checkpoint.h"

#include <stdlib.h>
#include <string.h>

G_DEFINE_QUARK(pst-checkpoint-error-quark, pst_checkpoint_error);

static void set_number(PstTensorsWriter *writer, const char *key, int number)
{
    g_autofree char *text = g_strdup_printf("%d", number);

    pst_tensors_writer_set_metadata(writer, key, text);
}

gboolean pst_checkpoint_write(const char *path, const PstOptimiser *optimiser, const PstGeneratorWeights *weights,
                              int step, const char *recipe, const char *inputs, GError **error)
{
    g_autoptr(PstTensorsWriter) writer = pst_tensors_writer_new();

    pst_optimiser_write(optimiser, pst_parameters(), PST_PARAMETERS, writer);
    pst_generator_weights_add_frozen(weights, writer);
    pst_tensors_writer_set_metadata(writer, "format", "pastiche-checkpoint-1");
    set_number(writer, "step", step);
    pst_tensors_writer_set_metadata(writer, "recipe", recipe);
    pst_tensors_writer_set_metadata(writer, "inputs", inputs);
    return pst_tensors_writer_save(writer, path, error);
}

static gboolean check_metadata(const char *path, const PstTensors *tensors, int *step, const char *recipe,
                               const char *inputs, GError **error)
{
    const char *number = pst_tensors_metadata(tensors, "step");
    gint64 value = 0;

    if (!number || !g_ascii_string_to_signed(number, 10, 0, G_MAXINT, &value, NULL)) {
        g_set_error(error, PST_CHECKPOINT_ERROR, PST_CHECKPOINT_ERROR_STEP,
                    "%s: doesn't say which step it was made after", path);
        return FALSE;
    }
    if (g_strcmp0(recipe, pst_tensors_metadata(tensors, "recipe")) ||
        g_strcmp0(inputs, pst_tensors_metadata(tensors, "inputs"))) {
        gboolean same = !g_strcmp0(recipe, pst_tensors_metadata(tensors, "recipe"));

        g_set_error(error, PST_CHECKPOINT_ERROR, PST_CHECKPOINT_ERROR_OTHER, "%s: was made with %s", path,
                    same ? "another encoder, loss network, shallow loss network or style bank" : "another recipe");
        return FALSE;
    }
    *step = (int)value;
    return TRUE;
}

gboolean pst_checkpoint_read(const char *path, PstOptimiser *optimiser, PstGeneratorWeights *weights, int *step,
                             const char *recipe, const char *inputs, GError **error)
{
    g_autoptr(PstTensors) tensors = pst_tensors_read(path, NULL, error);

    return tensors && check_metadata(path, tensors, step, recipe, inputs, error) &&
           pst_optimiser_read(optimiser, pst_parameters(), PST_PARAMETERS, tensors, error) &&
           pst_generator_weights_get_frozen(weights, tensors, error);
}
