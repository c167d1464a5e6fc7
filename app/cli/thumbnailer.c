/* pastiche-thumbnailer: the sample painting of a style file as a PNG, for file managers.
 *   pastiche-thumbnailer STYLE PNG SIDE */
#include <stdlib.h>

#include "engine/picture/reader.h"
#include "engine/picture/writer.h"
#include "engine/style/style.h"

enum { MOST = 1024 }; /* pixels a side */

/* A style of the user's may have none; then there is no thumbnail, which file managers know. */
static gboolean draw(const char *style_path, const char *png_path, int side, GError **error)
{
    const PstWriteOptions options = { .format = PST_FORMAT_PNG, .conflict = PST_CONFLICT_OVERWRITE };
    g_autoptr(PstStyle) style = pst_style_read(style_path, error);
    g_autoptr(PstPicture) sample = NULL;
    g_autoptr(PstPicture) drawn = NULL;

    if (!style) {
        return FALSE;
    }
    if (!style->thumbnail) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT, "%s: has no sample painting", style_path);
        return FALSE;
    }
    sample = pst_picture_read_bytes(style->thumbnail, style_path, NULL, NULL, error);
    drawn = sample ? pst_picture_fit_long_side(sample, MIN(side, MAX(sample->width, sample->height)), NULL, error)
                   : NULL;
    return drawn && pst_picture_write(drawn, png_path, &options, NULL, NULL, error);
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    int side = argc == 4 ? atoi(argv[3]) : 0;

    if (side < 1 || side > MOST) {
        g_printerr("pastiche-thumbnailer STYLE PNG SIDE; a side has 1 to %d pixels\n", MOST);
        return 2;
    }
    if (draw(argv[1], argv[2], side, &error)) {
        return EXIT_SUCCESS;
    }
    g_printerr("pastiche-thumbnailer: %s\n", error->message);
    return EXIT_FAILURE;
}
