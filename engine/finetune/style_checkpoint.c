#include "style_checkpoint.h"

#include <glib/gi18n-lib.h>

#define FORMAT "pastiche-style-training-2"

G_DEFINE_QUARK(pst-style-checkpoint-error-quark, pst_style_checkpoint_error);

gboolean pst_style_checkpoint_write(const char *path, const char *inputs, const PstFineTuning *tuning, GError **error)
{
    g_autoptr(PstTensorsWriter) writer = pst_tensors_writer_new();
    g_autofree char *steps = g_strdup_printf("%d", tuning->data.recipe->steps);

    pst_tensors_writer_set_metadata(writer, "format", FORMAT);
    pst_tensors_writer_set_metadata(writer, "inputs", inputs);
    pst_tensors_writer_set_metadata(writer, "steps", steps);
    pst_fine_tuning_write(tuning, writer);
    return pst_tensors_writer_save(writer, path, error);
}

PstTensors *pst_style_checkpoint_open(const char *path, const char *inputs, int *steps, GError **error)
{
    g_autoptr(PstTensors) tensors = NULL;
    const char *text;
    gint64 number;

    if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
        g_set_error(error, PST_STYLE_CHECKPOINT_ERROR, PST_STYLE_CHECKPOINT_ERROR_MISSING,
                    _("%s: is no training to go on with"), path);
        return NULL;
    }
    if (!(tensors = pst_tensors_read(path, NULL, error))) {
        return NULL;
    }
    text = pst_tensors_metadata(tensors, "steps");
    if (g_strcmp0(pst_tensors_metadata(tensors, "format"), FORMAT) ||
        g_strcmp0(pst_tensors_metadata(tensors, "inputs"), inputs) || !text ||
        !g_ascii_string_to_signed(text, 10, 1, 1000000, &number, NULL)) {
        g_set_error(error, PST_STYLE_CHECKPOINT_ERROR, PST_STYLE_CHECKPOINT_ERROR_OTHER,
                    _("%s: belongs to a training of other pictures, photographs or settings"), path);
        return NULL;
    }
    *steps = (int)number;
    return g_steal_pointer(&tensors);
}
