/* A mountain lake at dusk: the last sun on the peaks, a hut with its lamp lit.
 *
 * Lengths are metres; x runs to the right, y up from the water, and the view goes along -z. Land is
 * a height over the plane, found by marching; trees and reeds are cut-out cards that face the
 * viewer; the hut is a signed distance. The water traces each of its mirrored rays again. */
#include "film.h"
#include "shapes.h"

#define FAR         30000.0f
#define COUNT(list) ((int)(sizeof(list) / sizeof *(list)))

static const Vec sun = { -0.89f, 0.16f, 0.42f };
static const Vec hut_at = { -33.0f, 2.6f, -112.0f };

typedef struct {
    float t;
    Vec colour; /* light that leaves the point towards the viewer */
} Seen;

/* ---- Sky ---- */

static Vec clouds(Vec sky, Vec d)
{
    /* A flat deck at height 1 over the viewer, drawn out along the wind. */
    float reach = 1.0f / (d.y + 0.06f);
    float x = d.x * reach * 0.62f + 3.1f, y = d.z * reach * 1.05f + 7.7f;
    float warp = fractal2(x * 0.8f + 9.0f, y * 0.8f, 3, 0.5f);
    x += 0.55f * warp;
    float body = fractal2(x, y, 8, 0.56f);
    float cover = ramp(-0.01f, 0.33f, body + 0.10f * fractal2(x * 0.21f, y * 0.21f + 4.0f, 2, 0.5f));
    /* Thinner towards the sun means lit from below on that side. */
    float toward = fractal2(x - 0.16f, y + 0.10f, 6, 0.56f);
    float lit = clamp(0.45f + 2.6f * (body - toward), 0.0f, 1.0f) * (1.0f - 0.55f * cover);
    float left = clamp(0.62f - 0.7f * d.x, 0.0f, 1.4f);
    Vec dark = blend(vec(0.17f, 0.16f, 0.27f), vec(0.42f, 0.26f, 0.30f), 0.5f * left);
    Vec glow = blend(vec(0.95f, 0.42f, 0.36f), vec(1.75f, 0.78f, 0.30f), clamp(left, 0.0f, 1.0f));
    Vec cloud = add(dark, scale(glow, lit * (0.5f + 0.6f * left)));
    return blend(sky, cloud, 0.93f * cover * ramp(0.0f, 0.10f, d.y));
}

static Vec moon(Vec sky, Vec d)
{
    Vec at = normalise(vec(0.245f, 0.285f, -1.0f));
    Vec off = sub(d, at);
    float r = length(off) / 0.0145f;
    Vec seas = scale(off, 170.0f);
    float face = 0.85f + 0.5f * fractal2(seas.x + 4.0f, seas.y, 4, 0.6f);
    /* Waxing: the sun stands on the left, so the right limb falls dark. */
    float phase = ramp(0.75f, 0.05f, off.x / 0.0145f + 0.25f * r * r);
    float disc = ramp(1.03f, 0.97f, r);
    sky = add(sky, scale(vec(0.9f, 0.82f, 0.7f), 0.16f * expf(-r * 0.35f)));
    return add(sky, scale(vec(2.2f, 2.05f, 1.75f), disc * face * (0.06f + phase)));
}

static Vec sky(Vec d)
{
    float h = fmaxf(d.y, 0.0f);
    float left = ramp(0.75f, -0.85f, d.x);
    Vec low = blend(vec(0.62f, 0.40f, 0.44f), vec(1.45f, 0.78f, 0.36f), left);
    Vec middle = blend(vec(0.34f, 0.30f, 0.47f), vec(0.78f, 0.50f, 0.47f), left);
    Vec high = vec(0.075f, 0.115f, 0.29f);
    Vec c = blend(blend(low, middle, ramp(0.0f, 0.20f, h)), high, ramp(0.08f, 0.56f, h));
    return clouds(moon(c, d), d);
}

/* Air between the viewer and what is seen: blue far away, warm towards the sun, and a mist that
 * lies on the water. */
static Vec air(Vec c, Vec d, float t, float height)
{
    float left = ramp(0.7f, -0.8f, d.x);
    Vec haze = blend(vec(0.24f, 0.25f, 0.42f), vec(0.72f, 0.46f, 0.42f), left);
    c = blend(c, haze, 0.88f * (1.0f - expf(-t / 13000.0f)));
    float mist = (1.0f - expf(-t / 2600.0f)) * expf(-fmaxf(height, 0.0f) / 95.0f);
    return blend(c, blend(haze, vec(0.52f, 0.46f, 0.54f), 0.5f), 0.42f * mist);
}

/* ---- Land ---- */

static float bump(float x, float s, float cx, float cs, float rx, float rs)
{
    return expf(-square((x - cx) / rx) - square((s - cs) / rs));
}

/* How much of a mountain stands at (x, s): the composition of the picture. */
static float massif(float x, float s)
{
    return 2300.0f * bump(x, s, 1350.0f, 8600.0f, 1350.0f, 2100.0f)  /* the peak */
           + 950.0f * bump(x, s, 3900.0f, 7400.0f, 1700.0f, 2400.0f) /* its shoulder */
           + 1150.0f * bump(x, s, -3300.0f, 6200.0f, 1500.0f, 2600.0f) +
           1450.0f * bump(x, s, -2300.0f, 12500.0f, 2300.0f, 2500.0f) +
           620.0f * bump(x, s, 2250.0f, 3700.0f, 1150.0f, 1000.0f) +
           520.0f * bump(x, s, -1900.0f, 3300.0f, 900.0f, 1100.0f) +
           1500.0f * bump(x, s, 900.0f, 16000.0f, 9000.0f, 1800.0f);
}

/* Banks close to the viewer, which the large landscape is too coarse for. */
static float banks(float x, float s)
{
    float h = 5.2f * bump(x, s, -24.0f, 26.0f, 13.0f, 16.0f);
    h = fmaxf(h, 5.4f * bump(x, s, 25.0f, 30.0f, 11.0f, 14.0f));
    h = fmaxf(h, 4.9f * bump(x, s, -46.0f, 118.0f, 33.0f, 19.0f));
    h = fmaxf(h, 14.0f * bump(x, s, -120.0f, 150.0f, 70.0f, 45.0f));
    h -= 12.0f * ramp(0.7f, 0.0f, h); /* a deep bed, over which rays may take long steps */
    return h - 1.6f + 0.55f * fractal2(x * 0.16f, s * 0.16f, 5, 0.55f);
}

static float height(float x, float s, int octaves)
{
    if (s < 260.0f)
        return banks(x, s);
    float shore = 180.0f * fractal2(x * 0.0016f, s * 0.0016f, 4, 0.5f);
    float sides = fabsf(x - 120.0f + 0.02f * s) - (330.0f + 0.20f * s);
    float inland = fmaxf(sides, s - 2500.0f) + shore;
    if (inland < 0.0f)
        return 0.5f * inland - 1.0f;
    float crest = ridges2(x * 0.00042f + 2.3f, s * 0.00042f + 0.4f, octaves);
    float h = 0.055f * inland * (1.0f + fractal2(x * 0.003f, s * 0.003f, 3, 0.5f));
    float summit = hypotf(x - 1250.0f, 0.8f * (s - 8300.0f)); /* drawn to one point */
    h = fminf(h, 260.0f) + 1300.0f * expf(-summit / 480.0f) * (0.6f + 0.6f * crest) +
        massif(x, s) * (0.30f + 1.05f * crest) * ramp(0.0f, 1500.0f, inland);
    if (octaves > 8) /* only shading is fine enough to see the gullies */
        h += 42.0f * ramp(250.0f, 900.0f, h) * (1.0f - 2.0f * ridges2(x * 0.004f + 9.0f, s * 0.004f, 6));
    return h;
}

/* Crowns of a wood, one cone in each cell; 0 between them and above the tree line. */
static float wood(float x, float s, float ground)
{
    if (ground > 620.0f || ground < 0.5f)
        return 0.0f;
    const float cell = 15.0f;
    int cx = (int)floorf(x / cell), cs = (int)floorf(s / cell);
    float dx = x / cell - (float)cx - 0.3f - 0.4f * lottery(cx, cs, 11);
    float ds = s / cell - (float)cs - 0.3f - 0.4f * lottery(cx, cs, 12);
    float line = 520.0f + 150.0f * noise2(x * 0.004f, s * 0.004f);
    float tall = (12.0f + 22.0f * lottery(cx, cs, 13)) * ramp(line, line - 160.0f, ground);
    return tall * fmaxf(0.0f, 1.0f - 1.7f * sqrtf(dx * dx + ds * ds));
}

static float relief(float x, float s, float t, int octaves)
{
    float h = height(x, s, octaves);
    return t < 6500.0f && s > 260.0f ? h + wood(x, s, h) : h;
}

static float march(Vec o, Vec d, float t, float limit)
{
    float gap = 0.0f;
    for (int i = 0; i < 260 && t < limit; i++) {
        Vec p = along(o, d, t);
        if (p.y > 3300.0f && d.y > 0.0f)
            return FAR;
        gap = p.y - relief(p.x, -p.z, t, t < 5000.0f ? 7 : 8);
        if (gap < 0.0004f * t)
            return t;
        t += fmaxf(gap * 0.42f, 0.0011f * t);
    }
    return t < limit && gap < 0.02f * t ? t : FAR; /* skimming a wood: let it catch */
}

static float sunlit(Vec p)
{
    /* Ridges out of the picture have already taken the sun from the lower slopes. */
    float light = ramp(330.0f, 760.0f, p.y + 130.0f * fractal2(p.x * 0.0011f, p.z * 0.0011f, 3, 0.5f));
    for (float t = 40.0f; t < 5000.0f && light > 0.01f; t += fmaxf(60.0f, 0.12f * t)) {
        Vec q = along(p, sun, t);
        light = fminf(light, clamp((q.y - height(q.x, -q.z, 5)) / (0.035f * t) + 0.6f, 0.0f, 1.0f));
    }
    return light;
}

static Vec land_colour(Vec p, Vec d, float t)
{
    float s = -p.z, e = fmaxf(0.0011f * t, 0.03f);
    float h = height(p.x, s, 10), tree = t < 6500.0f && s > 260.0f ? wood(p.x, s, h) : 0.0f;
    float hx = relief(p.x + e, s, t, 11) - relief(p.x - e, s, t, 11);
    float hs = relief(p.x, s + e, t, 11) - relief(p.x, s - e, t, 11);
    Vec n = normalise(vec(-hx, 2.0f * e, hs));
    float mottle = fractal2(p.x * 0.02f, s * 0.02f, 5, 0.6f);
    Vec ground;
    if (s < 260.0f) {
        float moss = fractal2(p.x * 0.9f, s * 0.9f, 6, 0.65f);
        ground = blend(vec(0.030f, 0.036f, 0.018f), vec(0.11f, 0.085f, 0.045f), ramp(-0.3f, 0.5f, moss));
        ground = blend(vec(0.035f, 0.03f, 0.028f), ground, ramp(0.05f, 0.45f, p.y));
    } else {
        float strata = noise2(h * 0.035f + 3.0f * mottle, p.x * 0.0007f);
        Vec rock = blend(vec(0.20f, 0.17f, 0.16f), vec(0.36f, 0.31f, 0.28f), 0.5f + 0.5f * strata);
        Vec meadow = blend(vec(0.075f, 0.085f, 0.035f), vec(0.16f, 0.12f, 0.055f), 0.5f + mottle);
        ground = blend(rock, meadow, ramp(0.62f, 0.80f, n.y) * ramp(1100.0f, 500.0f, h));
        float line = 520.0f + 150.0f * noise2(p.x * 0.004f, s * 0.004f);
        Vec needles = scale(
            blend(vec(0.018f, 0.030f, 0.020f), vec(0.05f, 0.056f, 0.026f), clamp(0.5f + mottle, 0.0f, 1.0f)),
            t < 6500.0f ? 0.35f + 0.05f * tree : 0.8f);
        ground = blend(ground, needles, ramp(line, line - 140.0f, h));
        /* Snow keeps to ledges; the line wanders with the wind. */
        float snow = ramp(0.48f, 0.66f, n.y + 0.18f * mottle) * ramp(780.0f, 1250.0f, h + 330.0f * mottle);
        ground = blend(ground, vec(0.86f, 0.88f, 0.93f), snow);
    }
    float facing = fmaxf(0.0f, dot(n, sun));
    Vec light = scale(vec(3.9f, 1.55f, 0.62f), facing > 0.0f && s > 260.0f ? facing * sunlit(p) : 0.0f);
    light = add(light, scale(vec(0.30f, 0.34f, 0.56f), 0.55f + 0.45f * n.y));
    light = add(light, scale(vec(0.75f, 0.40f, 0.22f), 0.5f * fmaxf(0.0f, dot(n, vec(-0.95f, 0.2f, 0.2f)))));
    if (s < 260.0f) { /* lamplight on the grass before the hut */
        Vec lamp = sub(add(hut_at, vec(2.0f, 1.5f, 4.0f)), p);
        light = add(light, scale(vec(9.0f, 3.6f, 0.9f), 1.0f / (1.0f + dot(lamp, lamp) * 0.25f)));
    }
    return air(mul(ground, light), d, t, p.y);
}

/* ---- Trees and reeds ---- */

typedef struct {
    float x, s, tall;
    int seed;
} Tree;

static const Tree trees[] = {
    { -12.6f, 25.0f, 15.5f, 1 },   { -17.8f, 31.0f, 19.5f, 2 },   { -10.2f, 27.5f, 8.2f, 3 },
    { -21.5f, 36.0f, 17.0f, 4 },   { -14.9f, 38.0f, 12.5f, 5 },   { -8.6f, 24.5f, 3.4f, 6 },
    { 16.4f, 33.0f, 9.6f, 7 },     { 19.3f, 38.0f, 14.5f, 8 },    { 13.9f, 31.0f, 3.6f, 9 },
    { -50.0f, 121.0f, 17.0f, 10 }, { -44.5f, 124.0f, 20.5f, 11 }, { -40.0f, 123.0f, 15.0f, 12 },
    { -56.5f, 122.0f, 21.0f, 13 }, { -63.0f, 126.0f, 18.0f, 14 }, { -70.0f, 130.0f, 22.0f, 15 },
    { -27.5f, 118.0f, 11.0f, 16 }, { -23.5f, 119.5f, 7.5f, 17 },  { -48.0f, 112.0f, 9.0f, 18 },
    { -36.5f, 126.0f, 18.5f, 19 }, { -31.0f, 125.0f, 14.5f, 20 }, { -53.5f, 127.0f, 23.0f, 21 },
    { -78.0f, 133.0f, 21.0f, 22 }, { -86.0f, 137.0f, 25.0f, 23 }, { -60.0f, 131.0f, 24.0f, 24 },
};

/* A spruce seen from the side, u across in [-1, 1] and v up in [0, 1]: 0 where air shows through,
 * else how bright the spray of needles is. */
static float spruce(float u, float v, int seed, float tall)
{
    float wide = fabsf(u);
    if (v < 0.0f || v > 1.0f)
        return 0.0f;
    if (wide < 0.035f * (1.05f - v) && v < 0.9f)
        return 0.10f;
    float q = v + 0.16f * wide + 0.012f * noise2(u * 9.0f, v * 40.0f + (float)seed);
    float tier = q * (9.0f + tall * 0.75f);
    int side = u < 0.0f ? 1 : 2, row = (int)floorf(tier);
    float f = tier - (float)row;
    float limb = powf(1.0f - clamp(v, 0.0f, 1.0f), 0.85f) * (0.58f + 0.42f * lottery(row, seed, side));
    limb *= ramp(0.02f, 0.12f, v); /* the lowest boughs are short: grazed, shaded */
    if (wide > limb * (1.0f - 0.42f * f))
        return 0.0f;
    float spray = noise2(u * tall * 3.2f + (float)seed, v * tall * 5.5f + wide * 9.0f);
    spray = 0.6f * spray + 0.4f * noise2(u * tall * 8.0f, v * tall * 13.0f + (float)(7 * seed));
    if (spray > 0.62f - 0.55f * f * wide / (limb + 0.01f))
        return 0.0f;
    return (0.35f + 0.65f * (1.0f - f)) * (0.75f + 0.5f * spray);
}

static void see_trees(Vec o, Vec d, Seen *seen)
{
    for (int i = 0; i < COUNT(trees); i++) {
        const Tree *tree = &trees[i];
        float t = (-tree->s - o.z) / d.z;
        if (t <= 0.01f || t >= seen->t)
            continue;
        Vec p = along(o, d, t);
        float wide = 0.21f * tree->tall, u = (p.x - tree->x) / wide;
        if (fabsf(u) > 1.0f)
            continue;
        float v = (p.y - fmaxf(banks(tree->x, tree->s), 0.0f) + 0.3f) / tree->tall;
        float shade = spruce(u, v, tree->seed, tree->tall);
        if (shade <= 0.0f)
            continue;
        float rim = ramp(0.1f, -0.75f, u);
        Vec c = scale(vec(0.016f, 0.026f, 0.025f), 0.5f + 1.1f * shade);
        c = add(c, scale(vec(0.115f, 0.060f, 0.026f), shade * rim));
        Vec lamp = sub(add(hut_at, vec(2.0f, 2.0f, 3.0f)), p);
        c = add(c, scale(vec(0.10f, 0.05f, 0.012f), 14.0f * shade / (6.0f + dot(lamp, lamp))));
        *seen = (Seen){ t, air(c, d, t, p.y) };
    }
}

/* Blades in rows along the near banks; each bends its own way. */
static void see_reeds(Vec o, Vec d, Seen *seen)
{
    for (int row = 0; row < 14; row++) {
        float s = 17.5f + 1.15f * (float)row, t = (-s - o.z) / d.z;
        if (t <= 0.01f || t >= seen->t)
            continue;
        Vec p = along(o, d, t);
        if (p.y > 3.5f)
            continue;
        const float gap = 0.085f;
        for (int k = -5; k <= 5; k++) {
            int cell = (int)floorf(p.x / gap) + k;
            float root = ((float)cell + lottery(cell, row, 31)) * gap;
            float ground = banks(root, s);
            float clump = noise2(root * 0.55f, s * 0.7f);
            if (ground < -0.35f || ground > 1.1f || clump < -0.15f)
                continue;
            float tall = (0.45f + 0.9f * lottery(cell, row, 32)) * (0.6f + 0.8f * clump);
            float v = (p.y - fmaxf(ground, -0.1f)) / tall;
            if (v < 0.0f || v > 1.0f)
                continue;
            float lean = (lottery(cell, row, 33) - 0.42f) * 0.75f * v * v;
            if (fabsf(p.x - root - lean) > 0.017f * (1.05f - v))
                continue;
            float tone = lottery(cell, row, 34);
            Vec c = blend(vec(0.030f, 0.036f, 0.016f), vec(0.17f, 0.115f, 0.055f), tone * v);
            *seen = (Seen){ t, scale(c, 0.35f + 0.9f * v) };
            break;
        }
    }
}

/* ---- Hut ---- */

enum { LOGS, ROOF, STONE, PLANK };

static Vec hut_space(Vec p)
{
    p = sub(p, hut_at);
    turn(&p.x, &p.z, cosf(0.5f), sinf(0.5f));
    return p;
}

/* Distance in the hut's own space: floor at 0, gable towards the viewer. */
static float hut_distance(Vec p, int *part)
{
    float logs = box(sub(p, vec(0.0f, 1.5f, 0.0f)), vec(2.9f, 1.5f, 3.8f));
    float gable = fmaxf(fmaxf(p.y - 5.3f + 1.0f * fabsf(p.x), 2.6f - p.y) * 0.7f, fabsf(p.z) - 3.8f);
    logs = fminf(logs, fmaxf(gable, fabsf(p.x) - 2.9f));
    logs += 0.05f * fabsf(sinf(p.y * PI / 0.34f));
    Vec r = vec(fabsf(p.x), p.y - 5.45f, p.z);
    turn(&r.x, &r.y, 0.7071f, 0.7071f);
    float roof = box(sub(r, vec(2.6f, 0.0f, 0.0f)), vec(2.75f, 0.13f, 4.7f));
    float chimney = box(sub(p, vec(1.3f, 4.9f, -1.0f)), vec(0.42f, 1.5f, 0.42f));
    float stone = fminf(chimney, box(sub(p, vec(0.0f, -0.6f, 0.0f)), vec(3.05f, 0.65f, 3.95f)));
    float plank = box(sub(p, vec(4.6f, -1.75f, 7.5f)), vec(0.75f, 0.09f, 6.0f));
    Vec post = vec(fabsf(p.x - 4.6f) - 0.68f, p.y + 2.3f, p.z - 3.0f * roundf(p.z / 3.0f));
    if (p.z > 2.0f && p.z < 13.6f)
        plank = fminf(plank, fmaxf(hypotf(post.x, post.z) - 0.11f, fabsf(post.y) - 1.15f));
    float d = fminf(fminf(logs, roof), fminf(stone, plank));
    *part = d == logs ? LOGS : d == roof ? ROOF : d == stone ? STONE : PLANK;
    return d;
}

static int window_pane(float x, float y, float cx, float cy, float wide, float tall)
{
    float u = fabsf(x - cx), v = fabsf(y - cy);
    return u < wide && v < tall ? (u > 0.045f && v > 0.045f ? 2 : 1) : 0;
}

static Vec hut_colour(Vec p, Vec n, int part)
{
    float grain = noise2(p.y * 14.0f + p.x * 2.0f, p.z * 2.0f + p.x * 1.3f);
    Vec c;
    if (part == LOGS) {
        int front = window_pane(p.x, p.y, -1.35f, 1.65f, 0.62f, 0.55f);
        int loft = window_pane(p.x, p.y, 0.0f, 3.75f, 0.4f, 0.4f);
        int side = window_pane(p.z, p.y, 0.9f, 1.65f, 0.7f, 0.55f);
        int pane = p.z > 3.6f ? (front > loft ? front : loft) : fabsf(p.x) > 2.7f ? side : 0;
        if (pane == 2)
            return scale(vec(6.5f, 2.9f, 0.75f), 0.75f + 0.35f * noise2(p.x * 3.0f, p.y * 3.0f));
        c = pane ? vec(0.06f, 0.04f, 0.03f) : scale(vec(0.135f, 0.080f, 0.048f), 0.85f + 0.4f * grain);
        if (p.z > 3.6f && fabsf(p.x - 1.0f) < 0.5f && p.y < 2.1f)
            c = vec(0.07f, 0.035f, 0.02f);
    } else if (part == ROOF) {
        float row = p.y * 2.6f;
        float shingle = lottery((int)floorf(row), (int)floorf(p.z * 3.0f + 0.5f * floorf(row)), 5);
        c = scale(vec(0.085f, 0.075f, 0.07f), 0.6f + 0.7f * shingle);
    } else if (part == STONE) {
        Cells cells = cells2(p.x * 2.0f + p.z * 2.0f, p.y * 2.6f);
        c = scale(vec(0.16f, 0.15f, 0.145f),
                  (0.5f + 0.6f * cells.number) * ramp(0.0f, 0.15f, cells.second - cells.nearest));
    } else {
        c = scale(vec(0.15f, 0.12f, 0.10f), 0.6f + 0.5f * lottery((int)floorf(p.z * 4.0f), 0, 8));
    }
    Vec light = scale(vec(0.36f, 0.36f, 0.52f), 0.65f + 0.35f * n.y);
    light = add(light, scale(vec(1.25f, 0.62f, 0.34f), fmaxf(0.0f, -0.9f * n.x + 0.2f * n.y + 0.2f * n.z)));
    return mul(c, light);
}

static void see_hut(Vec o, Vec d, Seen *seen)
{
    Vec middle = along(sub(hut_at, o), vec(1.0f, 1.0f, 5.0f), 1.0f);
    float nearest = dot(middle, d), miss = dot(middle, middle) - nearest * nearest;
    if (miss > 150.0f || nearest < 0.0f)
        return;
    int part;
    float t = fmaxf(nearest - 13.0f, 0.0f);
    for (int i = 0; i < 90 && t < nearest + 13.0f && t < seen->t; i++) {
        Vec p = hut_space(along(o, d, t));
        float gap = hut_distance(p, &part);
        if (gap < 0.004f) {
            int other;
            const float e = 0.01f;
            Vec n = normalise(vec(hut_distance(vec(p.x + e, p.y, p.z), &other) - gap,
                                  hut_distance(vec(p.x, p.y + e, p.z), &other) - gap,
                                  hut_distance(vec(p.x, p.y, p.z + e), &other) - gap));
            *seen = (Seen){ t, air(hut_colour(p, n, part), d, t, p.y + 4.0f) };
            return;
        }
        t += gap * 0.8f;
    }
}

/* Smoke drifts from the chimney to the right, thinner as it goes. */
static Vec smoke(Vec o, Vec d, Seen seen)
{
    float t = (hut_at.z - o.z) / d.z;
    if (t <= 0.0f || t > seen.t + 4.0f)
        return seen.colour;
    Vec p = sub(along(o, d, t), add(hut_at, vec(1.6f, 6.4f, 0.0f)));
    if (p.y < 0.0f || p.y > 30.0f)
        return seen.colour;
    float path = 0.022f * p.y * p.y + 0.9f * noise2(p.y * 0.22f, 3.0f) * p.y * 0.16f;
    float width = 0.3f + 0.10f * p.y;
    float wisp = expf(-square((p.x - path) / width)) * expf(-p.y / 11.0f);
    wisp *= 0.55f + 0.6f * fractal2(p.x * 0.8f, p.y * 0.5f, 4, 0.55f);
    return blend(seen.colour, vec(0.46f, 0.42f, 0.52f), clamp(0.6f * wisp, 0.0f, 0.7f));
}

/* ---- Everything ---- */

static Vec look(Vec o, Vec d, float from, float until)
{
    Seen seen = { until, vec(0.0f, 0.0f, 0.0f) };
    float t = march(o, d, from, until);
    if (t < until)
        seen = (Seen){ t, land_colour(along(o, d, t), d, t) };
    else if (until >= FAR)
        seen.colour = sky(d);
    see_hut(o, d, &seen);
    see_trees(o, d, &seen);
    see_reeds(o, d, &seen);
    seen.colour = smoke(o, d, seen);
    return seen.t < until || until >= FAR ? seen.colour : vec(-1.0f, 0.0f, 0.0f);
}

static Vec water_normal(Vec p, float t)
{
    /* Gusts roughen long streaks and leave mirrors between them. */
    float gust = ramp(-0.35f, 0.55f, fractal2(p.x * 0.004f, p.z * 0.017f, 3, 0.5f));
    float strength = (0.008f + 0.036f * gust) * (0.35f + 0.65f * expf(-t / 260.0f));
    float fine = ramp(130.0f, 20.0f, t);
    float a = fractal2(p.x * 0.22f, p.z * 0.5f, 4, 0.6f) + fine * 0.5f * noise2(p.x * 2.3f, p.z * 4.1f);
    float b = fractal2(p.x * 0.20f + 40.0f, p.z * 0.55f, 4, 0.6f) + fine * 0.5f * noise2(p.x * 2.1f + 9.0f, p.z * 4.3f);
    return normalise(vec(strength * 0.7f * a, 1.0f, strength * 1.5f * b));
}

static Vec view(Vec o, Vec d)
{
    if (d.y > -0.0005f)
        return look(o, d, 12.0f, FAR);
    float t = -o.y / d.y;
    Vec near = look(o, d, 12.0f, t);
    if (near.x >= 0.0f)
        return near;
    Vec p = along(o, d, t), n = water_normal(p, t);
    Vec up = mirror(d, n);
    up = normalise(vec(up.x, fabsf(up.y) + 0.001f, up.z));
    float facing = clamp(-dot(d, n), 0.0f, 1.0f);
    float share = 0.02f + 0.98f * powf(1.0f - facing, 5.0f);
    share = clamp(share * 1.25f, 0.0f, 0.94f);
    Vec c = blend(vec(0.010f, 0.026f, 0.036f), look(along(p, up, 0.02f), up, 0.5f, FAR), share);
    return air(c, d, t, 120.0f);
}

static Glimpse sight(const Camera *camera, float x, float y, Dice *d)
{
    (void)d;
    return (Glimpse){ .light = view(camera->eye, camera_ray(camera, x, y)) };
}

int main(int count, char **words)
{
    Camera camera = camera_at(vec(0.0f, 5.2f, 0.0f), vec(0.0f, 8.5f, -60.0f), 52.0f);
    Development development = { .exposure = 0.80f, .glow = 0.09f, .saturation = 1.2f };
    return film_main(count, words, sight, &camera, 1200, 2.0f / 3.0f, 9, development);
}
