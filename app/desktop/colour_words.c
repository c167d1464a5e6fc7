#include "colour_words.h"

#include <glib/gi18n.h>

#define LEAST_SHARE 0.125 /* of the picture's pixels */

enum { RED, ORANGE, YELLOW, GREEN, BLUE, VIOLET, BROWN, BLACK, WHITE, GREY, COLOURS };

static const char *const names[COLOURS] = { N_("red"),    N_("orange"), N_("yellow"), N_("green"), N_("blue"),
                                            N_("violet"), N_("brown"),  N_("black"),  N_("white"), N_("grey") };

/* By hue, saturation and value (Smith, "Color gamut transform pairs", 1978). */
static int name_of(const guchar *bgra)
{
    double red = bgra[2] / 255.0, green = bgra[1] / 255.0, blue = bgra[0] / 255.0;
    double most = MAX(red, MAX(green, blue)), least = MIN(red, MIN(green, blue)), range = most - least, hue;

    if (most < 0.2) {
        return BLACK;
    }
    if (range < 0.18 * most) {
        return most > 0.85 ? WHITE : GREY;
    }
    hue = most == red ? (green - blue) / range : most == green ? 2 + (blue - red) / range : 4 + (red - green) / range;
    hue = 60 * (hue < 0 ? hue + 6 : hue);
    if (hue < 48 && hue >= 12 && most < 0.62) {
        return BROWN;
    }
    return hue < 15 || hue >= 340 ? RED
           : hue < 42             ? ORANGE
           : hue < 70             ? YELLOW
           : hue < 165            ? GREEN
           : hue < 262            ? BLUE
                                  : VIOLET;
}

char *pst_colour_words(GdkTexture *texture)
{
    int width = texture ? gdk_texture_get_width(texture) : 0, height = texture ? gdk_texture_get_height(texture) : 0;
    g_autofree guchar *pixels = g_malloc((gsize)4 * width * height);
    GString *words = g_string_new(NULL);
    int counts[COLOURS] = { 0 };

    if (texture) {
        gdk_texture_download(texture, pixels, 4 * (gsize)width);
    }
    for (int i = 0; i < width * height; i++) {
        counts[name_of(pixels + 4 * i)]++;
    }
    for (int i = 0; i < COLOURS; i++) {
        if (texture && counts[i] >= LEAST_SHARE * width * height) {
            g_string_append_printf(words, "%s %s ", names[i], _(names[i]));
        }
    }
    return g_string_free(words, FALSE);
}
