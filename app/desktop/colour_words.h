/* Colours as words, to search for pictures by them. */
#pragma once

#include <gdk/gdk.h>

/** The colours that a picture is full of, in English and in the user's language: "blue Blau gold Gold "; owned by the
 *  caller. A colour counts from an eighth of the picture on. NULL gives "". */
char *pst_colour_words(GdkTexture *texture);
