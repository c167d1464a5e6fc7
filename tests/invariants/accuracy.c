/* Paints a picture for accuracy.py: writes width and height (int32), the photograph, the style's statistics and the
 * painting (float32). A style of a picture goes to OUTPUT.style.
 *
 *     accuracy ENCODER GENERATOR PICTURE STYLE WIDTH HEIGHT OUTPUT
 */
#include <stdio.h>
#include <stdlib.h>

#include "engine/picture/reader.h"
#include "engine/style/style.h"
#include "tests/paint.h"

static PstStyle *style_of_picture(const PstModel *model, PstThreadPool *pool, const char *path, const char *output,
                                  GError **error)
{
    g_autoptr(PstPicture) picture = pst_picture_read(path, NULL, NULL, error);
    g_autoptr(PstStyle) style = picture ? pst_style_from_picture(model, pool, picture, 0, "style", NULL, error) : NULL;
    g_autofree char *file = g_strconcat(output, PST_STYLE_SUFFIX, NULL);

    /* What a calibration finds, in plain C, would take minutes. */
    for (int i = 0; style && i < PST_STYLE_CHANNELS; i++) {
        style->correction[i] = (i % 2 ? 0.1f : -0.1f) * style->statistics[PST_STYLE_CHANNELS + i];
    }
    return style && pst_style_write(style, file, error) ? g_steal_pointer(&style) : NULL;
}

static gboolean run(char **argv, GError **error)
{
    g_autoptr(PstModel) model = pst_model_load(argv[1], argv[2], error);
    g_autoptr(PstPicture) picture = model ? pst_picture_read(argv[3], NULL, NULL, error) : NULL;
    g_autoptr(PstThreadPool) pool = pst_thread_pool_new(0);
    gboolean is_file = g_str_has_suffix(argv[4], PST_STYLE_SUFFIX);
    g_autoptr(PstStyle) style = NULL;
    gint32 size[2] = { atoi(argv[5]), atoi(argv[6]) };

    if (picture) {
        style = is_file ? pst_style_read(argv[4], error) : style_of_picture(model, pool, argv[4], argv[7], error);
    }
    g_autoptr(PstPicture) photo = style ? pst_picture_resize(picture, size[0], size[1], NULL, error) : NULL;
    g_autoptr(PstPicture) painted = photo ? paint_picture(model, pool, photo, style, NULL, NULL, NULL, NULL, error)
                                          : NULL;

    if (!painted) {
        return FALSE;
    }
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    guint values = 3 * size[0] * size[1] * sizeof(float);
    g_byte_array_append(bytes, (guint8 *)size, sizeof size);
    g_byte_array_append(bytes, (guint8 *)photo->rgb, values);
    g_byte_array_append(bytes, (guint8 *)style->statistics, sizeof style->statistics);
    g_byte_array_append(bytes, (guint8 *)painted->rgb, values);
    return g_file_set_contents(argv[7], (char *)bytes->data, bytes->len, error);
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;

    if (argc != 8) {
        g_printerr("usage: accuracy ENCODER GENERATOR PICTURE STYLE WIDTH HEIGHT OUTPUT\n");
        return 1;
    }
    if (!run(argv, &error)) {
        g_printerr("%s\n", error->message);
        return 1;
    }
    return 0;
}
