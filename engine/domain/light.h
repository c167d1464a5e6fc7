/* Another light on the same things, drawn at random: brighter or darker, harder or softer, warmer or colder, more or
 * less colourful, down to grey. In Oklab, and linear; and the noise of a camera in that light.
 */
#pragma once

#include "engine/base/random.h"
#include "engine/picture/picture.h"

typedef struct {
    float exposure; /* added to the mean lightness, -1..1 */
    float contrast; /* differences from the mean lightness, times this */
    float chroma;   /* colours times this; 0: grey */
    float cast[2];  /* added to the colours */
    float noise;    /* deviation of sRGB-encoded values */
} PstLight;

/** Draws a light; `amount` 0..1, how far it may be from the picture's own. */
PstLight pst_light_draw(PstRandom *random, double amount);

/** Puts a picture into a light, in place. The noise is drawn from `random`. */
void pst_light_apply(const PstLight *light, PstRandom *random, PstPicture *picture);
