/* A still life by a window: fruit, a jug, a bottle, a cloth over an oak table.
 *
 * One unit is a decimetre; x runs to the right, y up from the table top, z towards the viewer. Each
 * body is a signed distance inside a bounding sphere, so that a ray marches only where it can hit.
 */
#include <stdlib.h>

#include "path.h"
#include "shapes.h"

#define COUNT(list) ((int)(sizeof(list) / sizeof *(list)))

enum { APPLE, PEAR, LEMON, ORANGE, GRAPES, BOWL, JUG, BOTTLE, CLOTH, TABLE, WALNUT, KINDS };

typedef struct {
    int kind;
    Vec at;
    float size, bound; /* bound: radius of a sphere about `at` that holds it all */
    float lean, spin;
    int seed;
} Body;

static const Body bodies[] = {
    { BOWL, { 0.55f, 0.0f, -0.1f }, 1.0f, 1.95f, 0.0f, 0.0f, 1 },
    { APPLE, { -0.05f, 0.98f, 0.35f }, 0.47f, 0.75f, 0.35f, 0.4f, 2 },
    { APPLE, { 1.05f, 1.02f, 0.30f }, 0.48f, 0.75f, -0.5f, 2.1f, 3 },
    { ORANGE, { 0.42f, 1.02f, -0.72f }, 0.50f, 0.55f, 0.2f, 0.0f, 4 },
    { PEAR, { 0.48f, 1.28f, 0.05f }, 0.50f, 1.25f, 0.42f, 0.3f, 5 },
    { ORANGE, { -0.45f, 1.02f, -0.45f }, 0.46f, 0.52f, 0.0f, 1.0f, 6 },
    { APPLE, { 1.30f, 1.02f, -0.55f }, 0.46f, 0.72f, 0.3f, 4.0f, 7 },
    { GRAPES, { 1.72f, 0.72f, 0.72f }, 1.0f, 1.35f, 0.0f, 0.0f, 8 },
    { LEMON, { -1.35f, 0.36f, 1.35f }, 0.36f, 0.62f, 1.35f, 0.5f, 9 },
    { LEMON, { -0.62f, 0.36f, 1.72f }, 0.36f, 0.62f, 1.45f, -0.9f, 10 },
    { APPLE, { 3.05f, 0.42f, 0.75f }, 0.47f, 0.75f, 0.25f, 3.0f, 11 },
    { PEAR, { 2.72f, 0.40f, -0.25f }, 0.46f, 1.20f, 0.12f, 1.3f, 12 },
    { WALNUT, { 0.72f, 0.19f, 1.95f }, 0.19f, 0.25f, 0.5f, 0.7f, 13 },
    { WALNUT, { 1.22f, 0.19f, 2.12f }, 0.20f, 0.25f, 1.2f, 1.9f, 14 },
    { JUG, { -1.95f, 0.0f, -0.35f }, 1.0f, 3.4f, 0.0f, -0.25f, 15 },
    { BOTTLE, { -0.72f, 0.0f, -1.35f }, 1.0f, 4.3f, 0.0f, 0.0f, 16 },
    { CLOTH, { 0.6f, -0.6f, 1.6f }, 1.0f, 4.4f, 0.0f, 0.0f, 17 },
};

/* Rows of a turned body's outline: height and radius. */
typedef struct {
    float y, r;
} Turned;

static const Turned jug_outline[] = {
    { 0.00f, 0.62f }, { 0.10f, 0.66f }, { 0.50f, 0.92f }, { 1.00f, 1.05f }, { 1.45f, 0.95f },
    { 1.90f, 0.66f }, { 2.25f, 0.50f }, { 2.60f, 0.50f }, { 2.90f, 0.60f }, { 3.00f, 0.64f },
};
static const Turned bottle_outline[] = {
    { 0.00f, 0.46f }, { 0.08f, 0.50f },  { 1.00f, 0.51f }, { 2.10f, 0.51f }, { 2.45f, 0.44f }, { 2.80f, 0.24f },
    { 3.10f, 0.17f }, { 3.60f, 0.155f }, { 3.66f, 0.19f }, { 3.78f, 0.19f }, { 3.82f, 0.16f },
};
static const Turned bowl_outline[] = {
    { 0.00f, 0.62f }, { 0.12f, 0.60f }, { 0.20f, 0.72f }, { 0.45f, 1.18f }, { 0.75f, 1.50f }, { 1.00f, 1.66f },
};

/* Catmull-Rom through the rows. */
static float outline(const Turned *rows, int count, float y)
{
    int i = 0;
    while (i < count - 2 && rows[i + 1].y < y)
        i++;
    float t = clamp((y - rows[i].y) / (rows[i + 1].y - rows[i].y), 0.0f, 1.0f);
    float p1 = rows[i].r, p2 = rows[i + 1].r, wide = rows[i + 1].y - rows[i].y;
    float m1 = i > 0 ? (p2 - rows[i - 1].r) / (rows[i + 1].y - rows[i - 1].y) * wide : p2 - p1;
    float m2 = i < count - 2 ? (rows[i + 2].r - p1) / (rows[i + 2].y - rows[i].y) * wide : p2 - p1;
    float t2 = t * t, t3 = t2 * t;
    return (2.0f * t3 - 3.0f * t2 + 1.0f) * p1 + (t3 - 2.0f * t2 + t) * m1 + (3.0f * t2 - 2.0f * t3) * p2 +
           (t3 - t2) * m2;
}

/* A vessel with a wall: the shell between two outlines, open at the top. */
static float vessel(Vec p, const Turned *rows, int count, float wall)
{
    float top = rows[count - 1].y, r = hypotf(p.x, p.z);
    float radius = outline(rows, count, clamp(p.y, 0.0f, top));
    float outer = (r - radius) * 0.72f;
    float inner = fmaxf(outer + wall, -(p.y - wall * 1.5f));
    float shell = fmaxf(fmaxf(outer, -p.y), -inner);
    return fmaxf(shell, p.y - top);
}

static float jug_distance(Vec p)
{
    Vec q = p;
    /* The lip is pulled out into a spout on the left. */
    float spout = ramp(2.3f, 3.0f, p.y) * expf(-square(p.z / 0.28f)) * ramp(0.0f, -0.5f, p.x);
    q.x += 0.26f * spout;
    q.y -= 0.10f * spout;
    float body = vessel(q, jug_outline, COUNT(jug_outline), 0.07f);
    /* An ear: half a stretched ring on the other side. */
    Vec e = sub(p, vec(0.62f, 1.95f, 0.0f));
    float ring = hypotf(e.x * 0.95f, e.y * 0.78f) - 0.66f;
    float ear = hypotf(ring, e.z * 0.75f) - 0.085f;
    ear = fmaxf(ear, -(e.x + 0.05f));
    return soft_min(body, ear * 0.8f, 0.12f);
}

static Vec berry(int i, float *radius)
{
    /* Berries wind down a bunch that hangs over the rim of the bowl and lies on the cloth. */
    float t = (float)i / 38.0f, angle = 2.4f * (float)i;
    float wide = 0.46f * sinf(PI * powf(t, 0.6f) * 0.88f + 0.25f);
    *radius = 0.150f + 0.03f * lottery(i, 0, 21);
    Vec spine = vec(-0.10f + 0.45f * t, 0.55f - 1.15f * t, -0.25f + 0.75f * sqrtf(t));
    Vec c = add(spine, vec(wide * cosf(angle), 0.45f * wide * sinf(1.7f * angle), wide * 0.7f * sinf(angle)));
    c.y = fmaxf(c.y, -0.72f + 0.05f + *radius);
    return c;
}

static Vec grapes[38];
static float grape_radius[38];

/* The top follows the table; past its edge the cloth hangs. Folds start at the edge and widen. */
static float folds(Vec p)
{
    float warp = 0.35f * fractal2(p.x * 0.7f, p.z * 0.7f + 5.0f, 3, 0.5f);
    float hang = ramp(2.2f, 2.75f, p.z) * ramp(0.25f, -0.9f, p.y);
    float crease = noise2((p.x + 0.35f * p.z) * 1.1f + 2.0f * warp, 0.4f * p.z - 0.2f * p.x);
    float lying = powf(1.0f - fabsf(crease), 4.0f) * 0.13f + 0.04f * (1.0f + warp * 2.0f);
    float wave = 0.10f + 0.13f * sinf(p.x * 4.1f + 2.5f * warp + 0.5f * p.y) + 0.05f * sinf(p.x * 9.0f + 4.0f * warp);
    return mix(lying * ramp(-0.2f, 0.9f, p.z), wave, hang);
}

static const Vec table_middle = { 0.0f, -0.16f, -0.3f };
static const Vec table_half = { 7.5f, 0.10f, 2.9f };

static float table_distance(Vec p)
{
    return box(sub(p, table_middle), table_half) - 0.06f;
}

static float cloth_distance(Vec p)
{
    float sheet = box(sub(p, table_middle), table_half) - 0.085f - folds(p);
    sheet = fabsf(sheet) - 0.012f;
    float x = p.x - 0.75f, z = p.z - 1.9f;
    turn(&x, &z, cosf(0.12f), sinf(0.12f));
    float edge = 0.03f * sinf(p.x * 3.0f + p.z * 4.0f);
    float cut = fmaxf(fabsf(x) - 2.35f + edge, -(z + 2.05f) + edge);
    cut = fmaxf(cut, -1.55f - p.y + 0.25f * sinf(p.x * 1.3f));
    return fmaxf(sheet * 0.62f, cut);
}

static Vec body_space(const Body *b, Vec p)
{
    p = sub(p, b->at);
    turn(&p.x, &p.z, cosf(b->spin), sinf(b->spin));
    turn(&p.x, &p.y, cosf(b->lean), sinf(b->lean));
    return p;
}

/* Distance in the body's own space; *part is 1 on a stalk. */
static float distance(const Body *b, Vec p, int *part)
{
    float d, s = b->size;
    *part = 0;
    switch (b->kind) {
    case APPLE: {
        float r = length(p), tip = acosf(clamp(p.y / (r + 1e-6f), -1.0f, 1.0f));
        float lobes = 0.018f * cosf(5.0f * atan2f(p.z, p.x)) * ramp(1.2f, 2.6f, tip);
        float radius = s * (1.0f - 0.40f * expf(-square(tip / 0.42f)) - 0.22f * expf(-square((PI - tip) / 0.3f)) -
                            0.05f * tip + lobes);
        d = (r - radius) * 0.75f;
        float stalk = capsule(p, vec(0.0f, 0.5f * s, 0.0f), vec(0.12f, 1.25f * s, 0.05f), 0.022f, 0.034f);
        *part = stalk < d;
        return fminf(d, stalk);
    }
    case PEAR: {
        float belly = length(vec(p.x, p.y * 1.02f, p.z)) - s;
        float neck = length(sub(p, vec(0.06f, 1.42f * s, 0.0f))) - 0.44f * s;
        d = soft_min(belly, neck, 0.85f * s);
        float stalk = capsule(p, vec(0.06f, 1.75f * s, 0.0f), vec(0.20f, 2.35f * s, 0.04f), 0.024f, 0.034f);
        *part = stalk < d;
        return fminf(d * 0.9f, stalk);
    }
    case LEMON: {
        float body = length(vec(p.x, p.y * 0.76f, p.z)) - s;
        float tips = fminf(length(sub(p, vec(0.0f, 1.38f * s, 0.0f))) - 0.20f * s,
                           length(sub(p, vec(0.0f, -1.28f * s, 0.0f))) - 0.25f * s);
        return 0.8f * (soft_min(body, tips, 0.5f * s));
    }
    case ORANGE:
        return length(vec(p.x, p.y * 1.05f, p.z)) - s;
    case GRAPES:
        d = 9.0f;
        for (int i = 0; i < COUNT(grapes); i++)
            d = fminf(d, length(sub(p, grapes[i])) - grape_radius[i]);
        return d;
    case WALNUT: {
        float seam = expf(-square(p.x / 0.03f)) * 0.02f;
        float wrinkles = 0.018f * fractal3(scale(p, 14.0f), 2, 0.5f);
        return (length(vec(p.x, p.y * 0.88f, p.z)) - s - seam - wrinkles) * 0.7f;
    }
    case BOWL:
        return vessel(p, bowl_outline, COUNT(bowl_outline), 0.09f);
    case JUG:
        return jug_distance(p);
    case BOTTLE: {
        float r = hypotf(p.x, p.z), top = bottle_outline[COUNT(bottle_outline) - 1].y;
        d = (r - outline(bottle_outline, COUNT(bottle_outline), clamp(p.y, 0.0f, top))) * 0.7f;
        return fmaxf(d, fmaxf(-p.y, p.y - top));
    }
    case CLOTH:
        return cloth_distance(add(p, b->at));
    default:
        return table_distance(p);
    }
}

/* ---- Surfaces ---- */

static Vec oak(Vec p)
{
    float board = floorf((p.z + 0.35f) / 1.25f);
    float x = p.x + 7.0f * lottery((int)board, 0, 41), z = p.z + 3.0f * p.y;
    float warp = fractal2(x * 0.35f, z * 1.6f + 9.0f * board, 4, 0.5f);
    float ring = sinf((z * 5.0f + 7.0f * warp) * 3.0f);
    float fibre = fractal2(x * 1.6f, z * 42.0f, 3, 0.6f);
    Vec c = blend(vec(0.165f, 0.075f, 0.030f), vec(0.36f, 0.19f, 0.085f), 0.5f + 0.32f * ring + 0.3f * fibre);
    float gap = fabsf((p.z + 0.35f) / 1.25f - board - 0.5f);
    return scale(c, (0.8f + 0.4f * lottery((int)board, 1, 41)) * ramp(0.497f, 0.488f, gap));
}

/* A pomegranate in a pointed frame, mirrored about its axis, rows set off by half. */
static float damask(float x, float y)
{
    float row = floorf(y);
    x += 0.5f * (fmodf(fabsf(row), 2.0f));
    float u = fabsf(x - floorf(x) - 0.5f), v = y - row - 0.5f;
    float frame = fabsf(u - 0.44f * powf(fabsf(cosf(PI * v)), 0.8f));
    float angle = atan2f(u, v + 0.16f), r = hypotf(u, v + 0.16f);
    float petals = r - 0.20f - 0.10f * cosf(5.0f * angle) * cosf(0.5f * angle);
    float heart = hypotf(u * 1.25f, v + 0.02f) - 0.07f;
    float leaf = hypotf((u - 0.17f) * 1.0f + 0.3f * v, (v - 0.27f) * 0.6f) - 0.055f;
    float pattern = fmaxf(ramp(0.035f, 0.02f, frame), ramp(0.01f, -0.01f, fabsf(petals) - 0.022f));
    pattern = fmaxf(pattern, ramp(0.01f, -0.01f, heart));
    return fmaxf(pattern, ramp(0.01f, -0.01f, leaf));
}

static Surface wall_surface(Vec p, Vec *n)
{
    float worn = fractal2(p.x * 0.9f, p.y * 0.9f, 5, 0.55f), weave = noise2(p.x * 60.0f, p.y * 9.0f);
    float pattern = damask(p.x * 0.52f + 0.15f, p.y * 0.40f + 0.1f) * (0.75f + 0.5f * worn);
    Vec c = blend(vec(0.075f, 0.135f, 0.135f), vec(0.30f, 0.27f, 0.16f), clamp(pattern, 0.0f, 1.0f) * 0.75f);
    c = scale(c, 0.95f + 0.22f * worn + 0.06f * weave);
    *n = normalise(vec(0.02f * weave, 0.02f * worn, 1.0f));
    return surface_glossy(c, 0.025f * pattern, 0.5f);
}

static Surface apple_surface(const Body *b, Vec p)
{
    float around = atan2f(p.z, p.x), high = p.y / b->size;
    float streak = fractal2(around * 9.0f, high * 1.3f + 3.0f * (float)b->seed, 4, 0.6f);
    float blush = ramp(-0.65f, 0.45f, cosf(around + (float)b->seed) * 0.75f + 0.65f * streak + 0.15f);
    Vec green = b->seed == 7 ? vec(0.42f, 0.50f, 0.07f) : vec(0.62f, 0.46f, 0.08f);
    Vec c = blend(green, vec(0.50f, 0.025f, 0.02f), blush);
    float dots = cells2(around * 7.0f, high * 7.0f).nearest;
    c = blend(vec(0.75f, 0.6f, 0.32f), c, ramp(0.05f, 0.09f, dots));
    c = blend(c, vec(0.30f, 0.26f, 0.06f), ramp(0.55f, 0.25f, hypotf(p.x, p.z) / b->size) * 0.8f);
    Surface s = surface_glossy(c, 0.045f, 0.10f);
    s.soft = 0.18f;
    return s;
}

static Surface glaze(Vec c, float roughness)
{
    return surface_glossy(c, 0.055f, roughness);
}

static Surface surface_of(const Body *b, Vec p, int part, Vec world_point, Vec *n)
{
    Surface s;
    if (part)
        return surface_matt(vec(0.10f, 0.062f, 0.03f));
    switch (b->kind) {
    case APPLE:
        return apple_surface(b, p);
    case PEAR: {
        float freckle = cells2(atan2f(p.z, p.x) * 9.0f, p.y * 18.0f).nearest;
        float mottle = fractal3(scale(p, 3.0f), 4, 0.55f);
        Vec c = blend(vec(0.50f, 0.46f, 0.085f), vec(0.62f, 0.28f, 0.07f), ramp(-0.1f, 0.5f, mottle + 0.5f * p.x));
        c = blend(vec(0.26f, 0.17f, 0.06f), c, ramp(0.08f, 0.16f, freckle));
        s = surface_glossy(c, 0.03f, 0.28f);
        s.soft = 0.22f;
        return s;
    }
    case LEMON:
    case ORANGE: {
        float k = b->kind == ORANGE ? 26.0f : 30.0f;
        Vec q = scale(p, k);
        *n = normalise(
            add(*n, scale(vec(noise3(q), noise3(add(q, vec(9.0f, 0.0f, 0.0f))), noise3(add(q, vec(0.0f, 9.0f, 0.0f)))),
                          0.13f)));
        float mottle = fractal3(scale(p, 3.0f), 3, 0.5f);
        Vec c = b->kind == ORANGE ? blend(vec(0.78f, 0.24f, 0.012f), vec(0.82f, 0.36f, 0.02f), 0.5f + mottle)
                                  : blend(vec(0.80f, 0.56f, 0.03f), vec(0.72f, 0.62f, 0.08f), 0.5f + mottle);
        s = surface_glossy(c, 0.04f, 0.22f);
        s.soft = 0.25f;
        return s;
    }
    case GRAPES: {
        float bloom = ramp(-0.2f, 0.5f, fractal3(scale(p, 5.0f), 3, 0.5f));
        int i = 0;
        for (int k = 1; k < COUNT(grapes); k++)
            if (length(sub(p, grapes[k])) - grape_radius[k] < length(sub(p, grapes[i])) - grape_radius[i])
                i = k;
        Vec c = blend(vec(0.085f, 0.012f, 0.055f), vec(0.16f, 0.02f, 0.05f), lottery(i, 3, 21));
        s = surface_glossy(blend(c, vec(0.16f, 0.15f, 0.26f), 0.5f * bloom), 0.045f, 0.08f + 0.25f * bloom);
        s.soft = 0.45f;
        return s;
    }
    case WALNUT:
        return surface_glossy(
            blend(vec(0.20f, 0.11f, 0.05f), vec(0.42f, 0.26f, 0.13f), 0.5f + fractal3(scale(p, 12.0f), 3, 0.5f)), 0.03f,
            0.4f);
    case BOWL: {
        float around = atan2f(p.z, p.x), r = hypotf(p.x, p.z);
        Vec white = vec(0.72f, 0.72f, 0.69f), blue = vec(0.035f, 0.075f, 0.30f);
        float v = (p.y - 0.58f) / 0.26f, u = around * 14.0f / (2.0f * PI);
        float cell = u - floorf(u) - 0.5f;
        float flower = hypotf(cell * 1.0f, v * 0.42f);
        float petal = 0.26f + 0.11f * cosf(5.0f * atan2f(v * 0.42f, cell));
        float ink = fmaxf(ramp(0.03f, 0.0f, fabsf(flower - petal) - 0.035f), ramp(0.10f, 0.06f, flower));
        ink = fmaxf(ink, ramp(0.03f, 0.015f, fabsf(p.y - 0.94f)));
        ink = fmaxf(ink, ramp(0.016f, 0.008f, fabsf(p.y - 0.26f)));
        ink *= ramp(-0.15f, 0.1f, r - outline(bowl_outline, COUNT(bowl_outline), p.y) + 0.05f);
        ink *= 0.8f + 0.35f * fractal2(around * 20.0f, p.y * 20.0f, 2, 0.5f);
        return glaze(blend(white, blue, clamp(ink, 0.0f, 1.0f)), 0.03f);
    }
    case JUG: {
        /* Ochre slip, poured on and run down over the bare clay. */
        float around = atan2f(p.z, p.x);
        float run = 0.95f + 0.30f * noise2(around * 2.2f, 0.0f) + 0.16f * noise2(around * 6.0f, 4.0f);
        float slip = ramp(run - 0.02f, run + 0.03f, p.y);
        float speckle = ramp(0.25f, 0.6f, fractal3(scale(p, 16.0f), 2, 0.6f));
        Vec clay = blend(vec(0.30f, 0.125f, 0.06f), vec(0.22f, 0.09f, 0.05f), 0.5f + fractal3(scale(p, 6.0f), 4, 0.6f));
        Vec cream = blend(vec(0.60f, 0.47f, 0.27f), vec(0.33f, 0.20f, 0.09f), 0.6f * speckle);
        cream = blend(vec(0.22f, 0.13f, 0.05f), cream, ramp(0.0f, 0.16f, p.y - run));
        s = surface_glossy(blend(clay, cream, slip), mix(0.02f, 0.055f, slip), mix(0.5f, 0.05f, slip));
        *n = normalise(along(*n, vec(0.0f, sinf(p.y * 30.0f + noise2(around, p.y)), 0.0f), 0.02f));
        return s;
    }
    case BOTTLE: {
        if (p.y > 3.25f) /* sealed with wax */
            return surface_glossy(vec(0.20f, 0.016f, 0.014f), 0.04f, 0.18f);
        if (p.y > 0.55f && p.y < 1.6f && cosf(atan2f(p.z, p.x) - 1.75f) > 0.1f) {
            float edge = fminf(fminf(p.y - 0.55f, 1.6f - p.y), 0.3f);
            float line = ramp(0.02f, 0.01f, fabsf(edge - 0.07f));
            float writing = p.y > 0.95f && p.y < 1.25f
                                ? ramp(0.15f, 0.3f, noise2(p.x * 16.0f, floorf(p.y * 9.0f) * 7.0f))
                                : 0.0f;
            Vec paper = scale(vec(0.62f, 0.53f, 0.36f), 0.9f + 0.2f * fractal3(scale(p, 5.0f), 4, 0.6f));
            return surface_matt(blend(paper, vec(0.14f, 0.05f, 0.03f), fmaxf(line, 0.7f * writing)));
        }
        s = surface_glossy(vec(0.0f, 0.0f, 0.0f), 0.05f, 0.0f);
        s.glass = vec(0.10f, 0.32f, 0.06f);
        return s;
    }
    case CLOTH: {
        Vec q = world_point;
        float thread = sinf(q.x * 150.0f) * sinf((q.z - q.y) * 150.0f);
        Vec c = scale(vec(0.70f, 0.66f, 0.57f), 0.95f + 0.05f * thread);
        float x = q.x - 0.75f, z = q.z - 1.9f;
        turn(&x, &z, cosf(0.12f), sinf(0.12f));
        float border = fminf(2.35f - fabsf(x), fminf(z + 2.05f, q.y + 1.45f));
        float stripe = fmaxf(ramp(0.035f, 0.02f, fabsf(border - 0.30f)), ramp(0.015f, 0.008f, fabsf(border - 0.40f)));
        c = blend(c, vec(0.36f, 0.035f, 0.03f), 0.85f * stripe);
        s = surface_matt(c);
        s.soft = 0.12f;
        return s;
    }
    default:
        return surface_matt(vec(0.5f, 0.5f, 0.5f));
    }
}

/* ---- Light and rays ---- */

/* A casement on the left: four panes on a plane x = const. */
static const Vec window_low = { -6.4f, 1.6f, -0.9f };
static const Vec window_high = { -6.4f, 6.4f, 3.9f };

static Vec window_light(float y, float z)
{
    float u = (z - window_low.z) / (window_high.z - window_low.z);
    float v = (y - window_low.y) / (window_high.y - window_low.y);
    if (u < 0.0f || u > 1.0f || v < 0.0f || v > 1.0f)
        return vec(0.0f, 0.0f, 0.0f);
    if (fabsf(u - 0.5f) < 0.03f || fabsf(v - 0.45f) < 0.025f)
        return vec(0.15f, 0.13f, 0.1f);
    return scale(blend(vec(1.0f, 0.80f, 0.58f), vec(0.92f, 0.95f, 1.0f), v), 19.0f);
}

static Vec beyond(Vec d)
{
    (void)d; /* the room behind the viewer: plaster in half light */
    float side = 0.5f + 0.5f * d.x;
    return scale(blend(vec(0.26f, 0.24f, 0.22f), vec(0.30f, 0.20f, 0.12f), side), 0.95f + 0.35f * d.y);
}

static Beam beam(int lamp, Vec p, Dice *d)
{
    (void)lamp;
    float y = mix(window_low.y, window_high.y, dice(d)), z = mix(window_low.z, window_high.z, dice(d));
    Vec to = sub(vec(window_low.x, y, z), p);
    float far = length(to);
    Vec direction = scale(to, 1.0f / far);
    float area = (window_high.y - window_low.y) * (window_high.z - window_low.z);
    float share = area * fmaxf(0.0f, -direction.x) / (far * far * PI);
    return (Beam){ direction, far - 0.01f, scale(window_light(y, z), share) };
}

static int march(const Body *b, Vec o, Vec d, float limit, float sign, float *where, int *part)
{
    Vec to = sub(b->at, o);
    float middle = dot(to, d), miss = b->bound * b->bound - (dot(to, to) - middle * middle);
    if (miss < 0.0f)
        return 0;
    float half = sqrtf(miss), t = fmaxf(middle - half, 0.0f), end = fminf(middle + half, limit);
    Vec p = body_space(b, along(o, d, t)), step = sub(body_space(b, along(o, d, t + 1.0f)), p);
    for (int i = 0; i < 96 && t < end; i++) {
        float gap = sign * distance(b, p, part);
        if (gap < 0.0008f) {
            *where = t;
            return 1;
        }
        gap = fmaxf(gap, 0.001f);
        t += gap;
        p = along(p, step, gap);
    }
    return 0;
}

static Vec slope(const Body *b, Vec p)
{
    const float e = 0.0015f;
    int part;
    Vec n = vec(0.0f, 0.0f, 0.0f);
    static const Vec corners[4] = { { 1, -1, -1 }, { -1, -1, 1 }, { -1, 1, -1 }, { 1, 1, 1 } };
    for (int i = 0; i < 4; i++)
        n = along(n, corners[i], distance(b, body_space(b, along(p, corners[i], e)), &part));
    return normalise(n);
}

static const Body table = { TABLE, { 0.0f, 0.0f, 0.0f }, 1.0f, 99.0f, 0.0f, 0.0f, 0 };
static const float wall_z = -2.9f;

static int meet(Vec o, Vec d, float limit, int inside, Hit *hit)
{
    float t = limit;
    int found = 0, body = -1, part = 0;
    if (d.z < 0.0f && (wall_z - o.z) / d.z < t) {
        t = (wall_z - o.z) / d.z;
        body = -2;
        found = 1;
    }
    if (d.x < 0.0f && o.x > window_low.x) {
        float w = (window_low.x - o.x) / d.x;
        Vec p = along(o, d, w);
        if (w < t && window_light(p.y, p.z).x > 0.0f) {
            *hit = (Hit){ w, p, vec(1.0f, 0.0f, 0.0f), -3, surface_matt(vec(0.3f, 0.3f, 0.3f)) };
            hit->surface.emission = window_light(p.y, p.z);
            t = w;
            body = -3;
            found = 1;
        }
    }
    float where;
    int which;
    if (d.y < 0.0f || o.y < 0.1f)
        if (march(&table, o, d, t, 1.0f, &where, &which)) {
            t = where;
            body = COUNT(bodies);
            found = 1;
        }
    for (int i = 0; i < COUNT(bodies); i++)
        if (march(&bodies[i], o, d, t, i == inside ? -1.0f : 1.0f, &where, &which)) {
            t = where;
            body = i;
            part = which;
            found = 1;
        }
    if (!found || body == -3)
        return found;
    Vec p = along(o, d, t), n = vec(0.0f, 0.0f, 1.0f);
    Surface s;
    if (body == -2) {
        s = wall_surface(p, &n);
    } else if (body == COUNT(bodies)) {
        n = slope(&table, p);
        float fibre = fractal2(p.x * 1.6f, p.z * 42.0f, 2, 0.6f);
        n = normalise(along(n, vec(0.0f, 0.0f, 1.0f), 0.03f * fibre));
        s = surface_glossy(oak(p), 0.035f, 0.16f + 0.08f * fibre);
    } else {
        n = slope(&bodies[body], p);
        s = surface_of(&bodies[body], body_space(&bodies[body], p), part, p, &n);
    }
    *hit = (Hit){ t, p, n, body, s };
    return 1;
}

static float clear(Vec o, Vec d, float limit, int spare)
{
    float where;
    int part;
    if (o.y < 0.0f && march(&table, o, d, limit, 1.0f, &where, &part))
        return 0.0f;
    float left = 1.0f;
    for (int i = 0; i < COUNT(bodies); i++)
        if (i != spare && march(&bodies[i], o, d, limit, 1.0f, &where, &part)) {
            if (bodies[i].kind != BOTTLE)
                return 0.0f;
            left = 0.18f; /* wine in green glass lets a little through */
        }
    return left;
}

static const World world = { meet, clear, beyond, beam, 1, 5 };

static Glimpse sight(const Camera *camera, float x, float y, Dice *d)
{
    return path_trace(&world, camera->eye, camera_ray(camera, x, y), d);
}

int main(int count, char **words)
{
    for (int i = 0; i < COUNT(grapes); i++)
        grapes[i] = berry(i, &grape_radius[i]);
    Camera camera = camera_at(vec(0.6f, 3.1f, 11.5f), vec(0.45f, 1.05f, 0.0f), 34.0f);
    Development development = { .exposure = 1.0f, .glow = 0.05f, .saturation = 1.1f };
    return film_main(count, words, sight, &camera, 1200, 2.0f / 3.0f, 16, development);
}
