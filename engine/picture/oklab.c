#include "oklab.h"

#include <glib.h>
#include <math.h>

#define SLACK    1e-3f /* what rounding may put beyond sRGB */
#define HALVINGS 7

static float linear(float v)
{
    v = CLAMP(v, 0, 1);
    return v <= 0.04045f ? v / 12.92f : powf((v + 0.055f) / 1.055f, 2.4f);
}

static float encoded(float v)
{
    v = CLAMP(v, 0, 1);
    return v <= 0.0031308f ? 12.92f * v : 1.055f * powf(v, 1 / 2.4f) - 0.055f;
}

void pst_oklab(const float rgb[3], float lab[3])
{
    float r = linear(rgb[0]), g = linear(rgb[1]), b = linear(rgb[2]);
    float l = cbrtf(0.4122214708f * r + 0.5363325363f * g + 0.0514459929f * b);
    float m = cbrtf(0.2119034982f * r + 0.6806995451f * g + 0.1073969566f * b);
    float s = cbrtf(0.0883024619f * r + 0.2817188376f * g + 0.6299787005f * b);

    lab[0] = 0.2104542553f * l + 0.7936177850f * m - 0.0040720468f * s;
    lab[1] = 1.9779984951f * l - 2.4285922050f * m + 0.4505937099f * s;
    lab[2] = 0.0259040371f * l + 0.7827717662f * m - 0.8086757660f * s;
}

/* Linear light of the colour with its chroma `share` times. */
static void light_of(const float lab[3], float share, float light[3])
{
    float a = share * lab[1], b = share * lab[2], lightness = CLAMP(lab[0], 0, 1);
    float l = lightness + 0.3963377774f * a + 0.2158037573f * b;
    float m = lightness - 0.1055613458f * a - 0.0638541728f * b;
    float s = lightness - 0.0894841775f * a - 1.2914855480f * b;

    l *= l * l;
    m *= m * m;
    s *= s * s;
    light[0] = 4.0767416621f * l - 3.3077115913f * m + 0.2309699292f * s;
    light[1] = -1.2684380046f * l + 2.6097574011f * m - 0.3413193965f * s;
    light[2] = -0.0041960863f * l - 0.7034186147f * m + 1.7076147010f * s;
}

static gboolean is_within(const float light[3])
{
    return MIN(MIN(light[0], light[1]), light[2]) >= -SLACK && MAX(MAX(light[0], light[1]), light[2]) <= 1 + SLACK;
}

void pst_oklab_to_srgb(const float lab[3], float rgb[3])
{
    float light[3], low = 0, high = 1;

    light_of(lab, 1, light);
    if (!is_within(light)) {
        for (int i = 0; i < HALVINGS; i++) {
            float middle = (low + high) / 2;

            light_of(lab, middle, light);
            *(is_within(light) ? &low : &high) = middle;
        }
        light_of(lab, low, light);
    }
    for (int c = 0; c < 3; c++)
        rgb[c] = encoded(light[c]);
}
