/* An old street after rain, late in the day: the sun comes in low from the left and the lamps are
 * already lit.
 *
 * Lengths are metres; x runs to the right, y up, and the street leads along -z, bending left. */
#include <stddef.h>

#include "house.h"
#include "path.h"
#include "shapes.h"

#define COUNT(list) ((int)(sizeof(list) / sizeof *(list)))

static const float half_street = 3.7f;

/* ---- The plan of the town ---- */

/* One plot: where along the street it starts is the end of the plot before it. */
typedef struct {
    float wide, walls, rise;
    int gabled, build, floors, bays, slate;
    Vec paint;
} Plot;

static const Vec green = { 0.035f, 0.085f, 0.055f }, blue = { 0.045f, 0.10f, 0.19f };
static const Vec red = { 0.22f, 0.03f, 0.025f }, brown = { 0.12f, 0.06f, 0.03f }, teal = { 0.04f, 0.16f, 0.16f };

#define OCHRE                                                                                                          \
    {                                                                                                                  \
        0.52f, 0.27f, 0.11f                                                                                            \
    }
#define ROSE                                                                                                           \
    {                                                                                                                  \
        0.58f, 0.28f, 0.20f                                                                                            \
    }
#define CREAM                                                                                                          \
    {                                                                                                                  \
        0.66f, 0.57f, 0.40f                                                                                            \
    }
#define SKY                                                                                                            \
    {                                                                                                                  \
        0.26f, 0.36f, 0.42f                                                                                            \
    }
#define BRICKS                                                                                                         \
    {                                                                                                                  \
        0.30f, 0.11f, 0.065f                                                                                           \
    }
#define WHITE                                                                                                          \
    {                                                                                                                  \
        0.66f, 0.62f, 0.54f                                                                                            \
    }
#define SAGE                                                                                                           \
    {                                                                                                                  \
        0.34f, 0.40f, 0.25f                                                                                            \
    }

/* A plot without walls is a garden. */
static const Plot left_plots[] = {
    { 7.4f, 6.6f, 3.2f, 0, PLASTER, 2, 3, 0, OCHRE }, { 5.6f, 6.4f, 3.6f, 1, TIMBER, 2, 2, 0, WHITE },
    { 7.4f, 0.0f, 0.0f, 0, PLASTER, 0, 0, 0, CREAM }, { 6.4f, 6.8f, 3.4f, 1, TIMBER, 2, 3, 1, CREAM },
    { 7.8f, 7.2f, 3.0f, 0, PLASTER, 2, 4, 0, ROSE },  { 6.0f, 6.4f, 3.6f, 1, BRICK, 2, 2, 0, BRICKS },
    { 8.0f, 7.0f, 3.2f, 0, PLASTER, 2, 4, 1, SKY },   { 7.0f, 6.5f, 3.6f, 1, PLASTER, 2, 3, 0, OCHRE },
    { 9.0f, 7.0f, 3.5f, 0, PLASTER, 2, 4, 0, CREAM },
};
static const Plot right_plots[] = {
    { 6.0f, 8.6f, 3.4f, 1, PLASTER, 3, 3, 0, ROSE },  { 5.2f, 8.2f, 3.9f, 1, TIMBER, 3, 2, 0, WHITE },
    { 7.2f, 8.9f, 2.9f, 0, PLASTER, 3, 4, 1, OCHRE }, { 5.4f, 6.6f, 3.9f, 1, BRICK, 2, 2, 0, BRICKS },
    { 6.6f, 8.8f, 3.6f, 1, PLASTER, 3, 3, 0, SKY },   { 7.0f, 7.2f, 3.0f, 0, TIMBER, 2, 3, 0, CREAM },
    { 6.4f, 8.4f, 3.8f, 1, PLASTER, 3, 3, 0, CREAM }, { 7.5f, 8.0f, 3.0f, 0, PLASTER, 3, 4, 1, ROSE },
    { 7.0f, 7.0f, 3.6f, 1, PLASTER, 2, 3, 0, SAGE },  { 8.0f, 7.4f, 3.4f, 0, TIMBER, 2, 4, 0, WHITE },
    { 8.0f, 8.0f, 3.8f, 1, PLASTER, 3, 3, 0, OCHRE },
};

static House houses[COUNT(left_plots) + COUNT(right_plots)];
static int house_count;

static float street_middle(float s)
{
    return -0.0016f * s * s;
}

static void build(const Plot *plots, int count, float side, float s)
{
    const Vec colours[5] = { green, blue, red, brown, teal };
    for (int i = 0; i < count; i++) {
        const Plot *plot = &plots[i];
        float m = street_middle(s + 0.5f * plot->wide), bend = -0.0032f * (s + 0.5f * plot->wide);
        Vec across = normalise(vec(1.0f, 0.0f, bend)), out = scale(across, -side);
        Vec front = vec(m + side * half_street * across.x, 0.0f,
                        -(s + 0.5f * plot->wide) + side * half_street * across.z);
        float tall = 0.5f * (plot->walls + plot->rise + 1.6f), deep = 7.5f;
        if (plot->walls > 0.0f)
            houses[house_count++] = (House){ .origin = front,
                                             .cosine = out.z,
                                             .sine = -out.x,
                                             .wide = plot->wide,
                                             .deep = deep,
                                             .walls = plot->walls,
                                             .rise = plot->rise,
                                             .gabled = plot->gabled,
                                             .build = plot->build,
                                             .floors = plot->floors,
                                             .bays = plot->bays,
                                             .slate = plot->slate,
                                             .seed = i * 3 + (side > 0.0f ? 1 : 2),
                                             .paint = plot->paint,
                                             .middle = add(along(front, out, -0.5f * deep), vec(0.0f, tall, 0.0f)),
                                             .reach = sqrtf(tall * tall + square(0.5f * plot->wide + 0.45f) +
                                                            square(0.5f * deep + 1.2f)),
                                             .shutters = colours[(i * 2 + (side > 0.0f ? 0 : 1)) % 5] };
        s += plot->wide + 0.03f;
    }
}

/* ---- Light ---- */

static Vec sun;

static const Vec lanterns[] = { { -2.95f, 3.35f, -10.2f },
                                { 2.55f, 3.35f, -14.6f },
                                { -4.4f, 3.4f, -29.0f },
                                { 0.9f, 3.4f, -33.0f },
                                { -7.2f, 3.4f, -46.0f } };

static Vec sky(Vec d)
{
    float h = fmaxf(d.y, 0.0f), toward = 0.5f + 0.5f * dot(d, sun);
    Vec low = blend(vec(0.62f, 0.42f, 0.36f), vec(2.3f, 1.22f, 0.46f), square(toward));
    Vec high = blend(vec(0.06f, 0.14f, 0.38f), vec(0.16f, 0.27f, 0.50f), square(toward));
    Vec c = blend(low, high, powf(ramp(-0.05f, 0.62f, h), 0.7f));
    float reach = 1.0f / (h + 0.18f), x = d.x * reach * 1.15f + 2.7f, y = d.z * reach * 1.15f;
    x += 0.35f * noise2(x * 1.1f, y * 1.1f + 5.0f);
    float body = fractal2(x, y, 8, 0.57f) + 0.04f;
    float cover = ramp(0.01f, 0.20f, body);
    if (cover > 0.0f) {
        float thinner = fractal2(x - 0.11f, y - 0.09f, 6, 0.57f) + 0.04f;
        float lit = clamp(0.34f + 3.6f * (body - thinner), 0.0f, 1.0f);
        Vec shade = blend(vec(0.23f, 0.22f, 0.31f), vec(0.50f, 0.34f, 0.31f), toward * ramp(0.7f, 0.1f, h));
        Vec bright = blend(vec(1.02f, 0.66f, 0.46f), vec(1.95f, 1.18f, 0.56f), square(toward));
        c = blend(c, blend(shade, bright, lit * (1.0f - 0.35f * cover)), 0.92f * cover * ramp(0.02f, 0.14f, h));
    }
    float disc = dot(d, sun);
    return add(c, scale(vec(3.0f, 1.6f, 0.6f), expf((disc - 1.0f) * 90.0f)));
}

static Beam beam(int lamp, Vec p, Dice *d)
{
    if (lamp == 0)
        return (Beam){ dice_cone(d, sun, 0.012f), 400.0f, vec(4.9f, 2.65f, 1.12f) };
    /* One lantern stands for all: each is chosen as often as it is bright at p. */
    float shares[COUNT(lanterns)], all = 0.0f;
    for (int i = 0; i < COUNT(lanterns); i++) {
        Vec to = sub(lanterns[i], p);
        all += shares[i] = 1.0f / (dot(to, to) + 0.1f);
    }
    float pick = dice(d) * all;
    int chosen = 0;
    while (chosen < COUNT(lanterns) - 1 && pick > shares[chosen])
        pick -= shares[chosen++];
    Vec spot = vec(dice(d) - 0.5f, dice(d) - 0.5f, dice(d) - 0.5f);
    Vec to = sub(along(lanterns[chosen], spot, 0.16f), p);
    float far = length(to);
    return (Beam){ scale(to, 1.0f / far), far - 0.32f, scale(vec(2.3f, 1.26f, 0.44f), all) };
}

/* ---- Foliage and the cat ---- */

typedef struct {
    Vec at;
    float radius;
    int seed;
} Leaves;

static const Leaves leaves[] = {
    { { -6.9f, 5.0f, -19.2f }, 2.3f, 1 },   { { -5.7f, 3.9f, -18.4f }, 1.4f, 2 },
    { { -7.8f, 6.7f, -20.2f }, 1.8f, 3 },   { { -5.5f, 4.2f, -21.0f }, 1.5f, 4 },
    { { -4.1f, 2.0f, -14.9f }, 0.6f, 5 },   { { -3.85f, 1.9f, -18.6f }, 0.8f, 6 },
    { { 3.25f, 0.85f, -8.7f }, 0.42f, 7 },  { { -3.15f, 0.78f, -7.3f }, 0.36f, 8 },
    { { 2.65f, 0.85f, -20.2f }, 0.42f, 9 }, { { -3.9f, 0.85f, -24.3f }, 0.45f, 10 },
    { { -9.3f, 4.6f, -62.0f }, 2.6f, 11 },  { { -10.5f, 6.3f, -63.0f }, 2.0f, 12 },
};

static float leaf_distance(const Leaves *l, Vec p)
{
    float clear_of = length(sub(p, l->at)) - l->radius * 1.15f;
    if (clear_of > 0.12f)
        return clear_of * 2.0f; /* the march halves its steps for the leaves' sake */
    Vec q = scale(sub(p, l->at), 1.0f / l->radius);
    q.x += 7.0f * (float)l->seed;
    float lumps = fractal3(scale(q, 2.2f), 2, 0.5f), fine = noise3(scale(p, 9.0f)) + 0.7f * noise3(scale(p, 21.0f));
    return length(sub(p, l->at)) - l->radius * (0.80f + 0.34f * lumps) + 0.085f * fine;
}

static const Vec cat_at = { 0.75f, 0.0f, -8.9f };

/* It sits with its back to us and watches the street. */
static float cat_distance(Vec p)
{
    p = sub(p, cat_at);
    turn(&p.x, &p.z, cosf(0.5f), sinf(0.5f));
    float d = ellipsoid(p, vec(0.0f, 0.13f, 0.02f), vec(0.125f, 0.14f, 0.15f));
    d = soft_min(d, capsule(p, vec(0.0f, 0.16f, 0.0f), vec(0.0f, 0.33f, -0.07f), 0.11f, 0.065f), 0.06f);
    d = soft_min(d, ellipsoid(p, vec(0.0f, 0.43f, -0.09f), vec(0.078f, 0.068f, 0.075f)), 0.03f);
    Vec e = vec(fabsf(p.x), p.y, p.z);
    d = soft_min(d, capsule(e, vec(0.045f, 0.46f, -0.09f), vec(0.066f, 0.535f, -0.085f), 0.030f, 0.004f), 0.015f);
    d = fminf(d, capsule(e, vec(0.05f, 0.26f, -0.13f), vec(0.05f, 0.02f, -0.15f), 0.032f, 0.026f));
    float tail = capsule(p, vec(0.05f, 0.035f, 0.13f), vec(0.24f, 0.03f, 0.17f), 0.033f, 0.028f);
    tail = soft_min(tail, capsule(p, vec(0.24f, 0.03f, 0.17f), vec(0.36f, 0.03f, 0.06f), 0.028f, 0.018f), 0.03f);
    d = soft_min(d, tail, 0.03f);
    return d + 0.004f * noise3(scale(p, 70.0f));
}

enum { GROUND, HOUSE, LEAF, CAT, STONES, POT, IRON, LANTERN, TOWER, SPIRE, BARK };

typedef struct {
    Strike strike;
    int kind, index;
} Found;

/* Marches a signed distance inside a sphere; `which` chooses the leaves, -1 the cat. */
static int march(int which, Vec at, float bound, Vec o, Vec d, float *nearest)
{
    Vec to = sub(at, o);
    float middle = dot(to, d), miss = bound * bound - (dot(to, to) - middle * middle);
    if (miss < 0.0f)
        return 0;
    float t = fmaxf(middle - sqrtf(miss), 0.0f), end = fminf(middle + sqrtf(miss), *nearest);
    for (int i = 0; i < 70 && t < end; i++) {
        Vec p = along(o, d, t);
        float gap = which < 0 ? cat_distance(p) : leaf_distance(&leaves[which], p);
        if (gap < 0.003f) {
            *nearest = t;
            return 1;
        }
        t += fmaxf(gap * (which < 0 ? 0.8f : 0.5f), 0.006f);
    }
    return 0;
}

static Vec slope(int which, Vec p)
{
    Vec n = vec(0.0f, 0.0f, 0.0f);
    static const Vec corners[4] = { { 1, -1, -1 }, { -1, -1, 1 }, { -1, 1, -1 }, { 1, 1, 1 } };
    for (int i = 0; i < 4; i++) {
        Vec q = along(p, corners[i], 0.004f);
        n = along(n, corners[i], which < 0 ? cat_distance(q) : leaf_distance(&leaves[which], q));
    }
    return normalise(n);
}

/* ---- The church ---- */

static const Vec church = { -7.6f, 0.0f, -82.0f };

static int meet_church(Vec o, Vec d, Found *f)
{
    int hit = 0;
    Vec p = sub(o, church);
    if (!passes(p, d, vec(4.0f, 19.0f, -4.0f), 23.0f, f->strike.t))
        return 0;
    Span tower = span_whole(f->strike.t);
    span_box(&tower, p, d, vec(-3.3f, 0.0f, -3.3f), vec(3.3f, 22.0f, 3.3f));
    if (span_hit(&tower, &f->strike, 0))
        f->kind = TOWER, hit = 1;
    Span cornice = span_whole(f->strike.t);
    span_box(&cornice, p, d, vec(-3.6f, 21.5f, -3.6f), vec(3.6f, 22.1f, 3.6f));
    if (span_hit(&cornice, &f->strike, 1))
        f->kind = TOWER, hit = 1;
    Span nave = span_whole(f->strike.t);
    span_box(&nave, p, d, vec(2.0f, 0.0f, -14.0f), vec(14.0f, 16.0f, -2.0f));
    span_clip(&nave, p, d, normalise(vec(0.0f, 1.0f, 1.15f)), 5.6f);
    if (span_hit(&nave, &f->strike, 0))
        f->kind = TOWER, hit = 1;
    Span spire = span_whole(f->strike.t); /* eight sides, drawn up to a point */
    for (int i = 0; i < 8; i++) {
        float a = (float)i * PI / 4.0f;
        Vec n = normalise(vec(cosf(a), 0.23f, sinf(a)));
        span_clip(&spire, p, d, n, dot(n, vec(0.0f, 38.5f, 0.0f)));
    }
    span_clip(&spire, p, d, vec(0.0f, -1.0f, 0.0f), -22.1f);
    if (span_hit(&spire, &f->strike, 0))
        f->kind = SPIRE, hit = 1;
    return hit;
}

static Surface church_surface(Vec p, Vec n, int kind)
{
    Vec q = sub(p, church);
    float across = fabsf(n.z) > 0.5f ? q.x : q.z;
    if (kind == SPIRE)
        return surface_glossy(
            scale(vec(0.12f, 0.20f, 0.17f), 0.8f + 0.5f * fractal2(atan2f(q.x, q.z) * 6.0f, q.y * 0.8f, 4, 0.6f)),
            0.03f, 0.4f);
    float row = floorf(q.y / 0.55f),
          stone = lottery((int)floorf(across / 0.9f + 0.5f * fmodf(row, 2.0f)), (int)row, 61);
    Vec c = scale(vec(0.50f, 0.43f, 0.33f),
                  0.75f + 0.3f * stone + 0.25f * fractal2(across * 0.5f, q.y * 0.4f, 4, 0.6f));
    Surface s = surface_matt(c);
    float r = hypotf(across, q.y - 14.2f);
    if (fabsf(q.x) < 3.4f && r < 1.35f) { /* the clock, lit from within */
        float angle = atan2f(across, q.y - 14.2f), hour = angle * 6.0f / PI;
        int mark = r > 1.0f && r < 1.2f && fabsf(hour - roundf(hour)) < 0.12f;
        int hands = (r < 1.0f && fabsf(sinf(angle + 0.35f)) * r < 0.06f && cosf(angle + 0.35f) > 0.0f) ||
                    (r < 0.7f && fabsf(sinf(angle - 3.6f)) * r < 0.08f && cosf(angle - 3.6f) > 0.0f);
        s.albedo = vec(0.3f, 0.28f, 0.24f);
        s.emission = mark || hands || r > 1.25f ? vec(0.0f, 0.0f, 0.0f) : vec(1.5f, 1.1f, 0.55f);
        if (r > 1.25f)
            s.albedo = vec(0.06f, 0.05f, 0.04f);
    }
    float u = fabsf(fabsf(across) - 1.2f), v = q.y - 18.9f; /* two belfry arches on each face */
    if (fabsf(q.x) < 3.4f && u < 0.62f && v > -1.8f && (v < 0.6f || hypotf(u, v - 0.6f) < 0.62f))
        s.albedo = scale(vec(0.03f, 0.028f, 0.03f), 1.0f + 2.0f * ramp(0.3f, 0.0f, fabsf(v * 3.0f - roundf(v * 3.0f))));
    return s;
}

/* ---- Meeting ---- */

static int box_found(Vec o, Vec d, Vec low, Vec high, Found *f, int kind, int index)
{
    Span span = span_whole(f->strike.t);
    span_box(&span, o, d, low, high);
    if (!span_hit(&span, &f->strike, 0))
        return 0;
    f->kind = kind;
    f->index = index;
    return 1;
}

/* Nearest thing on a ray; `any` is content with the first one found, as a shadow is. */
static int find(Vec o, Vec d, Found *f, int any)
{
    int hit = 0;
    if (d.y < 0.0f && -o.y / d.y < f->strike.t) {
        *f = (Found){ { -o.y / d.y, { 0.0f, 1.0f, 0.0f }, 0 }, GROUND, 0 };
        hit = 1;
    }
    for (int i = 0; i < house_count; i++) {
        const House *house = &houses[i];
        if (passes(o, d, house->middle, house->reach, f->strike.t) &&
            house_meet(house, house_point(house, o), house_direction(house, d), &f->strike)) {
            f->kind = HOUSE;
            f->index = i;
            hit = 1;
            if (any)
                return 1;
        }
    }
    hit |= box_found(o, d, vec(-4.75f, 0.0f, -21.6f), vec(-4.35f, 1.8f, -13.9f), f, STONES, 0);
    for (int i = 0; i < COUNT(leaves); i++)
        if (march(i, leaves[i].at, leaves[i].radius * 1.25f, o, d, &f->strike.t)) {
            f->kind = LEAF;
            f->index = i;
            hit = 1;
        }
    for (int i = 6; i < 10; i++) {
        Vec c = leaves[i].at;
        if (!passes(o, d, c, 1.0f, f->strike.t))
            continue;
        hit |= box_found(o, d, vec(c.x - 0.22f, 0.1f, c.z - 0.22f), vec(c.x + 0.22f, 0.55f, c.z + 0.22f), f, POT, 0);
    }
    hit |= box_found(o, d, vec(-7.0f, 0.0f, -19.4f), vec(-6.6f, 4.5f, -19.0f), f, BARK, 0);
    for (int i = 0; i < COUNT(lanterns); i++) {
        Vec c = lanterns[i];
        if (!passes(o, d, c, 1.7f, f->strike.t))
            continue;
        float wall = c.x + (i % 2 ? 1.6f : -1.6f);
        hit |= box_found(o, d, vec(c.x - 0.12f, c.y - 0.2f, c.z - 0.12f), vec(c.x + 0.12f, c.y + 0.18f, c.z + 0.12f), f,
                         LANTERN, i);
        hit |= box_found(o, d, vec(c.x - 0.16f, c.y + 0.18f, c.z - 0.16f), vec(c.x + 0.16f, c.y + 0.25f, c.z + 0.16f),
                         f, IRON, i);
        hit |= box_found(o, d, vec(fminf(c.x, wall), c.y + 0.32f, c.z - 0.025f),
                         vec(fmaxf(c.x, wall), c.y + 0.37f, c.z + 0.025f), f, IRON, i);
        hit |= box_found(o, d, vec(c.x - 0.02f, c.y + 0.25f, c.z - 0.02f), vec(c.x + 0.02f, c.y + 0.34f, c.z + 0.02f),
                         f, IRON, i);
    }
    if (march(-1, add(cat_at, vec(0.05f, 0.25f, 0.0f)), 0.46f, o, d, &f->strike.t))
        f->kind = CAT, hit = 1;
    return hit | meet_church(o, d, f);
}

/* Setts in slightly arched courses, worn round; rain stands in the hollows. */
static Surface cobbles(Vec p, Vec *n)
{
    float x = p.x - street_middle(-p.z), s = -p.z + 0.022f * x * x;
    const float wide = 0.21f, tall = 0.155f;
    float row = floorf(s / tall), u = x / wide + 0.5f * fmodf(fabsf(row), 2.0f);
    u += 0.15f * noise2(row * 3.1f, u * 0.7f);
    float column = floorf(u), fu = u - column - 0.5f, fv = s / tall - row - 0.5f;
    float tone = lottery((int)column, (int)row, 71), joint = fmaxf(fabsf(fu), fabsf(fv));
    float dome = powf(fabsf(fu) * 2.0f, 3.0f), dome2 = powf(fabsf(fv) * 2.0f, 3.0f);
    float hollow = fractal2(p.x * 0.55f, p.z * 0.42f, 4, 0.55f) + 0.16f * ramp(2.6f, 3.4f, fabsf(x)) +
                   0.10f * expf(-x * x);
    float flood = ramp(0.05f, 0.16f, hollow - 0.22f * (0.5f - joint)); /* the tops of stones stay out longest */
    float grit = fractal2(p.x * 14.0f, p.z * 14.0f, 3, 0.6f);
    Vec stone = blend(vec(0.22f, 0.205f, 0.20f), vec(0.46f, 0.41f, 0.36f), tone);
    stone = scale(stone, (0.85f + 0.3f * grit) * ramp(0.5f, 0.42f, joint));
    stone = add(stone, scale(vec(0.035f, 0.04f, 0.02f), ramp(0.42f, 0.49f, joint)));
    float lean = lottery((int)column, (int)row, 72) - 0.5f, lean2 = lottery((int)column, (int)row, 73) - 0.5f;
    Vec bumpy = vec((fu > 0.0f ? 0.75f : -0.75f) * dome + 0.13f * lean + 0.06f * grit, 1.0f,
                    (fv > 0.0f ? -0.75f : 0.75f) * dome2 + 0.13f * lean2);
    float far = ramp(8.0f, 40.0f, -p.z); /* there, bumps smaller than a pixel only make roughness */
    bumpy = blend(bumpy, vec(0.0f, 1.0f, 0.0f), 0.75f * far);
    *n = normalise(blend(bumpy, vec(0.006f * grit, 1.0f, 0.006f * noise2(p.x * 6.0f, p.z * 6.0f)), flood));
    Vec wet = scale(stone, mix(0.85f, 0.35f, flood));
    return surface_glossy(wet, mix(0.045f, 0.03f, flood), mix(0.2f + 0.2f * far, 0.012f, flood));
}

static Surface surface_of(const Found *f, Vec p, Vec *n)
{
    float tone = fractal3(scale(p, 6.0f), 4, 0.6f);
    Surface s;
    switch (f->kind) {
    case GROUND:
        return cobbles(p, n);
    case LEAF: {
        *n = normalise(
            add(slope(f->index, p),
                scale(vec(noise3(scale(p, 23.0f)), noise3(scale(p, 27.0f)), noise3(scale(p, 25.0f))), 0.6f)));
        float gold = ramp(-0.3f, 0.7f, tone + 0.4f * noise3(scale(p, 1.1f)));
        s = surface_matt(blend(vec(0.075f, 0.125f, 0.025f), vec(0.30f, 0.22f, 0.035f), gold));
        if (f->index >= 4 && f->index < 10 && cells2(p.x * 11.0f + p.z * 5.0f, p.y * 11.0f).number > 0.72f)
            s.albedo = f->index % 2 ? vec(0.66f, 0.10f, 0.16f) : vec(0.72f, 0.55f, 0.62f);
        s.soft = 0.3f;
        return s;
    }
    case CAT: {
        *n = slope(-1, p);
        float stripes = ramp(-0.1f, 0.35f, sinf(p.y * 75.0f + 4.0f * noise3(scale(p, 14.0f))));
        s = surface_matt(blend(vec(0.45f, 0.20f, 0.06f), vec(0.17f, 0.065f, 0.02f), stripes));
        s.soft = 0.2f;
        return s;
    }
    case STONES: {
        Cells cells = cells2(p.z * 2.0f, p.y * 3.2f);
        float joint = ramp(0.02f, 0.14f, cells.second - cells.nearest);
        return surface_matt(scale(vec(0.34f, 0.29f, 0.23f),
                                  (0.55f + 0.6f * cells.number) * (0.35f + 0.65f * joint) * (1.0f + 0.4f * tone)));
    }
    case POT:
        return surface_matt(scale(vec(0.42f, 0.17f, 0.085f), 1.0f + 0.4f * tone));
    case BARK:
        return surface_matt(scale(vec(0.12f, 0.085f, 0.06f), 1.0f + 0.8f * tone));
    case LANTERN: {
        Vec q = sub(p, lanterns[f->index]);
        float across = fabsf(n->x) > 0.5f ? q.z : q.x;
        s = surface_matt(vec(0.02f, 0.02f, 0.022f));
        if (fabsf(across) < 0.098f && fabsf(q.y + 0.01f) < 0.165f)
            s.emission = scale(vec(9.5f, 5.2f, 1.8f), 0.5f + expf(-dot(q, q) * 20.0f));
        return s;
    }
    case TOWER:
    case SPIRE:
        return church_surface(p, *n, f->kind);
    default:
        return surface_glossy(vec(0.02f, 0.02f, 0.022f), 0.05f, 0.3f);
    }
}

static int meet(Vec o, Vec d, float limit, int inside, Hit *hit)
{
    (void)inside;
    Found f = { { limit, { 0.0f, 1.0f, 0.0f }, 0 }, GROUND, 0 };
    if (!find(o, d, &f, 0))
        return 0;
    Vec p = along(o, d, f.strike.t), n = f.strike.normal;
    *hit = (Hit){ .t = f.strike.t, .point = p, .body = f.kind == LEAF ? f.index : -1 };
    if (f.kind == HOUSE) {
        const House *house = &houses[f.index];
        hit->surface = house_surface(house, house_point(house, p), f.strike.part, &n);
        n = house_world_direction(house, n);
    } else {
        hit->surface = surface_of(&f, p, &n);
    }
    /* A roughened normal may not turn away from who sees it: paths would leak through. */
    float facing = dot(n, d);
    if (facing > -0.02f)
        n = normalise(along(n, d, -facing - 0.02f));
    hit->normal = n;
    return 1;
}

static float clear(Vec o, Vec d, float limit, int spare)
{
    (void)spare;
    Found f = { { limit, { 0.0f, 1.0f, 0.0f }, 0 }, GROUND, 0 };
    return find(o, d, &f, 1) ? 0.0f : 1.0f;
}

static const World world = { meet, clear, sky, beam, 2, 3 };

static Glimpse sight(const Camera *camera, float x, float y, Dice *d)
{
    /* The film is shifted up against the lens, so that walls stay upright. */
    Vec o = camera->eye, ray = camera_ray(camera, x, y + 0.56f);
    Glimpse g = path_trace(&world, o, ray, d);
    if (g.depth > 0.0f) {
        float left = clamp(0.45f - 1.4f * ray.x, 0.0f, 1.0f);
        Vec haze = blend(vec(0.50f, 0.42f, 0.42f), vec(1.15f, 0.72f, 0.40f), left);
        float thick = 0.70f * (1.0f - expf(-g.depth / 175.0f));
        g.light = blend(g.light, haze, thick);
        g.albedo = scale(g.albedo, 1.0f - thick);
    }
    return g;
}

int main(int count, char **words)
{
    sun = normalise(vec(-0.56f, 0.40f, -0.60f));
    build(left_plots, COUNT(left_plots), -1.0f, 1.0f);
    build(right_plots, COUNT(right_plots), 1.0f, 1.6f);
    Camera camera = camera_at(vec(0.55f, 1.85f, 0.0f), vec(0.25f, 1.85f, -10.0f), 47.0f);
    Development development = { .exposure = 1.15f, .glow = 0.07f, .saturation = 1.18f };
    return film_main(count, words, sight, &camera, 800, 1.5f, 25, development);
}
