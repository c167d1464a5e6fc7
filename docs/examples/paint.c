/* Paints a photograph:  paint PHOTO STYLE PAINTING
 *   cc paint.c -o paint $(pkg-config --cflags --libs pastiche)
 * STYLE is the name of a built-in style, a style file or a picture. */
#include <pastiche/pastiche.h>

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Pastiche) pastiche = argc == 4 ? pastiche_new(NULL, 0, &error) : NULL;
    g_autoptr(PasticheStyle) style = pastiche ? pastiche_style_read(pastiche, argv[2], NULL, &error) : NULL;
    g_autofree char *written = style ? pastiche_paint_file(pastiche, argv[1], style, argv[3], NULL, NULL, &error)
                                     : NULL;

    if (!written) {
        g_printerr("%s\n", error ? error->message : "usage: paint PHOTO STYLE PAINTING");
        return 1;
    }
    g_print("%s in the style %s\n", written, pastiche_style_name(style));
    return 0;
}
