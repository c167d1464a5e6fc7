#include "light.h"

#include "engine/picture/oklab.h"

#include <math.h>

#define DARKEST  0.35 /* of the mean lightness, reached at amount 1 */
#define LIGHTEST 0.20
#define CONTRAST 0.6  /* logarithm, to either side */
#define CAST     0.04 /* deviation */
#define NOISE    0.05 /* most */
#define LOW      0.12 /* where the mean stays */
#define HIGH     0.90

PstLight pst_light_draw(PstRandom *random, double amount)
{
    PstLight light;

    light.exposure = (float)pst_random_uniform(random, -DARKEST * amount, LIGHTEST * amount);
    light.contrast = (float)exp(pst_random_uniform(random, -CONTRAST * amount, CONTRAST * amount / 2));
    light.chroma = (float)pst_random_uniform(random, 1 - amount, 1 + amount / 4);
    for (int i = 0; i < 2; i++)
        light.cast[i] = (float)(CAST * amount * pst_random_normal(random));
    light.noise = (float)pst_random_uniform(random, 0, NOISE * amount);
    return light;
}

void pst_light_apply(const PstLight *light, PstRandom *random, PstPicture *picture)
{
    gsize n = (gsize)picture->width * picture->height;
    double sum = 0;
    float mean, moved;

    for (gsize i = 0; i < n; i++) {
        float lab[3];

        pst_oklab(picture->rgb + 3 * i, lab);
        sum += lab[0];
    }
    mean = (float)(sum / (double)n);
    moved = CLAMP(mean + light->exposure, MIN(mean, LOW), MAX(mean, HIGH));
    for (gsize i = 0; i < n; i++) {
        float *rgb = picture->rgb + 3 * i, lab[3];

        pst_oklab(rgb, lab);
        lab[0] = moved + light->contrast * (lab[0] - mean);
        lab[1] = light->chroma * lab[1] + light->cast[0];
        lab[2] = light->chroma * lab[2] + light->cast[1];
        pst_oklab_to_srgb(lab, rgb);
        for (int c = 0; c < 3; c++) {
            float value = rgb[c] + light->noise * (float)pst_random_normal(random);

            rgb[c] = CLAMP(value, 0, 1);
        }
    }
}
