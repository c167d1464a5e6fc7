#include "house.h"

enum { WALL, ROOF, CHIMNEY, PAVEMENT, REVEAL, PANE, FRAME, SHUTTER, SILL, FLOWERS, DOOR, STEP };

#define RECESS 0.16f

/* ---- Clipping ---- */

Span span_whole(float limit)
{
    return (Span){ 0.0f, limit, { 0.0f, 1.0f, 0.0f } };
}

void span_clip(Span *span, Vec o, Vec d, Vec n, float k)
{
    float speed = dot(n, d), gap = k - dot(n, o);
    if (fabsf(speed) < 1e-9f) {
        if (gap < 0.0f)
            span->out = -1.0f;
    } else if (speed > 0.0f) {
        span->out = fminf(span->out, gap / speed);
    } else if (gap / speed > span->in) {
        span->in = gap / speed;
        span->normal = n;
    }
}

void span_box(Span *span, Vec o, Vec d, Vec low, Vec high)
{
    span_clip(span, o, d, vec(1.0f, 0.0f, 0.0f), high.x);
    span_clip(span, o, d, vec(-1.0f, 0.0f, 0.0f), -low.x);
    span_clip(span, o, d, vec(0.0f, 1.0f, 0.0f), high.y);
    span_clip(span, o, d, vec(0.0f, -1.0f, 0.0f), -low.y);
    span_clip(span, o, d, vec(0.0f, 0.0f, 1.0f), high.z);
    span_clip(span, o, d, vec(0.0f, 0.0f, -1.0f), -low.z);
}

int span_hit(const Span *span, Strike *strike, int part)
{
    if (span->in >= span->out || span->in <= 0.0f || span->in >= strike->t)
        return 0;
    *strike = (Strike){ span->in, span->normal, part };
    return 1;
}

static int box_hit(Vec o, Vec d, Vec low, Vec high, Strike *strike, int part)
{
    Span span = span_whole(strike->t);
    span_box(&span, o, d, low, high);
    return span_hit(&span, strike, part);
}

/* ---- Spaces ---- */

Vec house_direction(const House *h, Vec v)
{
    turn(&v.x, &v.z, h->cosine, -h->sine);
    return v;
}

Vec house_world_direction(const House *h, Vec v)
{
    turn(&v.x, &v.z, h->cosine, h->sine);
    return v;
}

Vec house_point(const House *h, Vec p)
{
    return house_direction(h, sub(p, h->origin));
}

/* ---- The plan of the front ---- */

typedef struct {
    Vec low, high; /* of the opening in the plane of the front */
    int door, number;
} Opening;

static Opening opening(const House *h, int floor, int bay)
{
    float bay_wide = (h->wide - 0.5f) / (float)h->bays;
    float x = ((float)bay + 0.5f) * bay_wide - 0.5f * (h->wide - 0.5f);
    float storey = h->walls / (float)h->floors, y = storey * (float)floor;
    Opening o = { .number = floor * 8 + bay };
    if (floor == 0 && bay == h->seed % h->bays) {
        o.door = 1;
        o.low = vec(x - 0.52f, 0.12f, 0.0f);
        o.high = vec(x + 0.52f, 2.35f, 0.0f);
        return o;
    }
    float half = fminf(0.46f, bay_wide * 0.24f), sill = floor ? 0.80f : 0.95f;
    o.low = vec(x - half, y + sill, 0.0f);
    o.high = vec(x + half, y + sill + (floor == h->floors - 1 ? 1.25f : 1.45f), 0.0f);
    return o;
}

static int find_opening(const House *h, Vec p, Opening *found)
{
    for (int floor = 0; floor < h->floors; floor++)
        for (int bay = 0; bay < h->bays; bay++) {
            Opening o = opening(h, floor, bay);
            if (p.x > o.low.x && p.x < o.high.x && p.y > o.low.y && p.y < o.high.y) {
                *found = o;
                return 1;
            }
        }
    /* A lone window under the gable. */
    float y = h->walls + 0.3f;
    Opening attic = { { -0.38f, y, 0.0f }, { 0.38f, y + 1.0f, 0.0f }, 0, 99 };
    *found = attic;
    return h->gabled && fabsf(p.x) < 0.38f && p.y > y && p.y < y + 1.0f;
}

/* The ray has struck the front inside an opening: it goes on to the pane or to the reveal. */
static void enter_opening(const Opening *w, Vec o, Vec d, Strike *strike)
{
    float t = (-RECESS - o.z) / d.z;
    Vec p = along(o, d, t);
    Vec n = vec(0.0f, 0.0f, 1.0f);
    int part = w->door ? DOOR : PANE;
    const float frame = 0.055f;
    if (p.x < w->low.x || p.x > w->high.x) {
        t = ((d.x < 0.0f ? w->low.x : w->high.x) - o.x) / d.x;
        n = vec(d.x < 0.0f ? 1.0f : -1.0f, 0.0f, 0.0f);
        part = REVEAL;
    }
    p = along(o, d, t);
    if (p.y < w->low.y || p.y > w->high.y) {
        t = ((d.y < 0.0f ? w->low.y : w->high.y) - o.y) / d.y;
        n = vec(0.0f, d.y < 0.0f ? 1.0f : -1.0f, 0.0f);
        part = REVEAL;
    } else if (part == PANE) {
        float x = p.x - 0.5f * (w->low.x + w->high.x), u = fabsf(x);
        float half = 0.5f * (w->high.x - w->low.x), rows = (w->high.y - w->low.y) / 3.0f;
        float v = (p.y - w->low.y) / rows;
        if (u > half - frame || u < 0.035f || p.y < w->low.y + frame || p.y > w->high.y - frame ||
            fabsf(v - roundf(v)) * rows < 0.018f || fabsf(u - 0.5f * half) < 0.012f)
            part = FRAME;
    }
    *strike = (Strike){ t, n, part };
}

/* Shutters, sills and window boxes stand out from the front. */
static int meet_fittings(const House *h, Vec o, Vec d, Strike *strike)
{
    int hit = 0;
    for (int floor = 0; floor < h->floors; floor++) {
        float storey = h->walls / (float)h->floors;
        Span row = span_whole(strike->t);
        span_box(&row, o, d, vec(-0.5f * h->wide, storey * (float)floor, 0.0f),
                 vec(0.5f * h->wide, storey * (float)(floor + 1), 0.55f));
        if (row.in >= row.out)
            continue;
        for (int bay = 0; bay < h->bays; bay++) {
            Opening w = opening(h, floor, bay);
            if (w.door) {
                hit |= box_hit(o, d, vec(w.low.x - 0.15f, 0.0f, 0.0f), vec(w.high.x + 0.15f, 0.22f, 0.45f), strike,
                               STEP);
                hit |= box_hit(o, d, vec(w.low.x - 0.14f, w.high.y, 0.0f),
                               vec(w.high.x + 0.14f, w.high.y + 0.16f, 0.10f), strike, SILL);
                continue;
            }
            hit |= box_hit(o, d, vec(w.low.x - 0.08f, w.low.y - 0.09f, 0.0f), vec(w.high.x + 0.08f, w.low.y, 0.10f),
                           strike, SILL);
            if (h->build != BRICK || floor == 0) {
                float leaf = 0.46f * (w.high.x - w.low.x);
                float ajar = 0.04f + 0.03f * lottery(w.number, h->seed, 3);
                hit |= box_hit(o, d, vec(w.low.x - leaf - 0.03f, w.low.y, 0.015f),
                               vec(w.low.x - 0.03f, w.high.y, 0.015f + ajar), strike, SHUTTER);
                hit |= box_hit(o, d, vec(w.high.x + 0.03f, w.low.y, 0.015f),
                               vec(w.high.x + leaf + 0.03f, w.high.y, 0.015f + ajar), strike, SHUTTER);
            }
            if (lottery(w.number, h->seed, 4) > 0.45f) {
                hit |= box_hit(o, d, vec(w.low.x, w.low.y - 0.22f, 0.10f), vec(w.high.x, w.low.y - 0.02f, 0.30f),
                               strike, SHUTTER);
                /* Flowers: a row of lumps, each its own small box pair reads as petals when shaded.
                 */
                for (int k = 0; k < 6; k++) {
                    float x = mix(w.low.x, w.high.x, ((float)k + 0.5f) / 6.0f);
                    float tall = 0.10f + 0.16f * lottery(k, w.number, (uint32_t)h->seed);
                    Vec c = vec(x, w.low.y - 0.02f + 0.4f * tall, 0.20f), oc = sub(o, c);
                    float r = 0.09f + 0.3f * tall, b = dot(oc, d), q = b * b - dot(oc, oc) + r * r;
                    float t = -b - sqrtf(fmaxf(q, 0.0f));
                    if (q > 0.0f && t > 0.0f && t < strike->t) {
                        *strike = (Strike){ t, normalise(sub(along(o, d, t), c)), FLOWERS };
                        hit = 1;
                    }
                }
            }
        }
    }
    return hit;
}

/* A roof's one slope: a slab with overhanging eaves. `across` is the coordinate that falls away
 * from the ridge, its sign the side. */
static int meet_slope(const House *h, Vec o, Vec d, float side, Strike *strike)
{
    float half = 0.5f * (h->gabled ? h->wide : h->deep), pitch = h->rise / half;
    float c = 1.0f / sqrtf(1.0f + pitch * pitch), s = pitch * c;
    Vec out = h->gabled ? vec(side * s, c, 0.0f) : vec(0.0f, c, side * s);
    Vec down = h->gabled ? vec(side * c, -s, 0.0f) : vec(0.0f, -s, side * c);
    Vec ridge = vec(0.0f, h->walls + h->rise, h->gabled ? 0.0f : -0.5f * h->deep);
    Span span = span_whole(strike->t);
    float level = dot(out, ridge), slope = dot(down, ridge);
    span_clip(&span, o, d, out, level + 0.16f);
    span_clip(&span, o, d, scale(out, -1.0f), -(level + 0.01f));
    span_clip(&span, o, d, down, slope + half / c + 0.42f);
    span_clip(&span, o, d, scale(down, -1.0f), -(slope - 0.1f));
    Vec end = h->gabled ? vec(0.0f, 0.0f, 1.0f) : vec(1.0f, 0.0f, 0.0f);
    span_clip(&span, o, d, end, h->gabled ? 0.35f : 0.5f * h->wide + 0.05f);
    span_clip(&span, o, d, scale(end, -1.0f), h->gabled ? h->deep + 0.3f : 0.5f * h->wide + 0.05f);
    return span_hit(&span, strike, ROOF);
}

int house_meet(const House *h, Vec o, Vec d, Strike *strike)
{
    float half = 0.5f * h->wide;
    Span bound = span_whole(strike->t);
    span_box(&bound, o, d, vec(-half - 0.45f, 0.0f, -h->deep - 0.5f),
             vec(half + 0.45f, h->walls + h->rise + 1.6f, 1.15f));
    if (bound.in >= bound.out)
        return 0;
    int hit = 0;
    Span body = span_whole(strike->t);
    span_box(&body, o, d, vec(-half, 0.0f, -h->deep), vec(half, h->walls + h->rise, 0.0f));
    float run = 0.5f * (h->gabled ? h->wide : h->deep), pitch = h->rise / run;
    for (int side = -1; side <= 1; side += 2) {
        Vec n = h->gabled ? vec((float)side * pitch, 1.0f, 0.0f) : vec(0.0f, 1.0f, (float)side * pitch);
        float k = h->walls + h->rise - (h->gabled ? 0.0f : (float)side * pitch * 0.5f * h->deep);
        float l = sqrtf(1.0f + pitch * pitch);
        span_clip(&body, o, d, scale(n, 1.0f / l), k / l);
    }
    if (span_hit(&body, strike, WALL)) {
        hit = 1;
        Opening w;
        if (strike->normal.z > 0.9f && find_opening(h, along(o, d, strike->t), &w))
            enter_opening(&w, o, d, strike);
    }
    hit |= meet_fittings(h, o, d, strike);
    hit |= meet_slope(h, o, d, 1.0f, strike);
    hit |= meet_slope(h, o, d, -1.0f, strike);
    float x = (lottery(h->seed, 0, 6) - 0.5f) * 0.6f * h->wide, top = h->walls + h->rise + 0.9f;
    float z = -0.5f * h->deep + (h->gabled ? 0.25f * h->deep : 0.0f);
    hit |= box_hit(o, d, vec(x - 0.32f, h->walls, z - 0.42f), vec(x + 0.32f, top, z + 0.42f), strike, CHIMNEY);
    hit |= box_hit(o, d, vec(x - 0.38f, top - 0.2f, z - 0.48f), vec(x + 0.38f, top - 0.06f, z + 0.48f), strike,
                   CHIMNEY);
    for (int pot = -1; pot <= 1; pot += 2) {
        float pz = z + 0.2f * (float)pot;
        hit |= box_hit(o, d, vec(x - 0.11f, top, pz - 0.11f), vec(x + 0.11f, top + 0.38f, pz + 0.11f), strike, ROOF);
    }
    hit |= box_hit(o, d, vec(-half - 0.02f, 0.0f, 0.0f), vec(half + 0.02f, 0.11f, 0.85f), strike, PAVEMENT);
    return hit;
}

/* ---- Surfaces ---- */

/* Bricks or setts in courses; *edge falls to 0 in the joints. */
static float course(float x, float y, float wide, float tall, float *edge)
{
    float row = floorf(y / tall), u = x / wide + 0.5f * fmodf(fabsf(row), 2.0f), column = floorf(u);
    float du = 0.5f - fabsf(u - column - 0.5f), dv = 0.5f - fabsf(y / tall - row - 0.5f);
    *edge = fminf(du * wide, dv * tall);
    return lottery((int)column, (int)row, 17);
}

static Surface wall_surface(const House *h, Vec p, Vec *n)
{
    float x = fabsf(n->z) > 0.5f ? p.x : p.z, edge;
    Vec q = vec(x + 13.0f * (float)h->seed, p.y, p.z);
    float stain = fractal2(q.x * 0.7f, p.y * 0.45f, 5, 0.6f), coarse = fractal2(q.x * 9.0f, p.y * 9.0f, 3, 0.6f);
    if (p.y < 0.75f && h->build != BRICK) { /* a plinth of field stones */
        Cells cells = cells2(q.x * 2.2f, p.y * 3.0f);
        float joint = ramp(0.02f, 0.14f, cells.second - cells.nearest);
        *n = normalise(add(*n, vec(0.25f * coarse, 0.25f * noise2(q.x * 8.0f, p.y * 8.0f + 9.0f), 0.0f)));
        return surface_glossy(scale(vec(0.30f, 0.27f, 0.24f), (0.55f + 0.6f * cells.number) * (0.35f + 0.65f * joint)),
                              0.02f, 0.5f);
    }
    if (h->build == BRICK) {
        float tone = course(q.x, p.y, 0.25f, 0.078f, &edge);
        Vec c = blend(scale(h->paint, 0.65f), scale(h->paint, 1.3f), tone);
        c = blend(vec(0.33f, 0.30f, 0.26f), c, ramp(0.004f, 0.011f, edge));
        *n = normalise(add(*n, vec(0.12f * coarse, 0.12f * (tone - 0.5f), 0.0f)));
        return surface_matt(scale(c, 0.9f + 0.35f * stain));
    }
    Vec c = scale(h->paint, 0.92f + 0.22f * stain + 0.08f * coarse);
    /* Rain has washed the plaster under the eaves less than near the ground, where it greys. */
    c = blend(scale(vec(0.20f, 0.185f, 0.15f), 0.8f + 0.3f * stain), c, ramp(0.4f, 2.4f + stain, p.y));
    float bared = ramp(0.40f, 0.48f, fractal2(q.x * 0.55f + 31.0f, p.y * 0.55f, 5, 0.55f));
    if (bared > 0.0f) {
        float tone = course(q.x, p.y, 0.25f, 0.078f, &edge);
        Vec brick = scale(vec(0.30f, 0.13f, 0.075f), (0.7f + 0.6f * tone) * ramp(0.0f, 0.012f, edge));
        c = blend(c, brick, bared);
    }
    *n = normalise(add(*n, scale(vec(coarse, noise2(q.x * 11.0f, p.y * 11.0f), 0.0f), 0.10f)));
    if (h->build == TIMBER && p.y > h->walls / (float)h->floors - 0.05f) {
        float storey = h->walls / (float)h->floors, v = p.y / storey, panel = 0.5f * h->wide / (float)h->bays;
        float u = (x + 0.5f * h->wide) / panel, fv = v - floorf(v), fu = u - floorf(u);
        float beam = fminf(fminf(fv, 1.0f - fv) * storey, fminf(fu, 1.0f - fu) * panel);
        int cell = (int)floorf(u);
        if (cell == 0 || cell == 2 * h->bays - 1) { /* braces in the outer panels */
            float lean = cell == 0 ? fu : 1.0f - fu;
            beam = fminf(beam, 0.75f * fabsf(lean - fv) * panel);
        }
        beam = fminf(beam, 9.0f);
        if (beam < 0.085f) {
            float grain = fractal2(q.x * 22.0f, p.y * 5.0f, 3, 0.6f);
            c = scale(vec(0.075f, 0.045f, 0.028f), 1.0f + 0.6f * grain);
        }
    }
    return surface_matt(c);
}

static Surface roof_surface(const House *h, Vec p, Vec *n)
{
    float run = h->gabled ? p.z : p.x, fall = p.y * 1.35f, edge;
    float tone = course(run + 9.0f, fall, 0.26f, 0.20f, &edge);
    float row = fall / 0.20f - floorf(fall / 0.20f);
    float moss = ramp(0.15f, 0.5f, fractal2(run * 0.9f + (float)h->seed, p.y * 0.9f, 5, 0.6f));
    Vec c = h->slate ? blend(vec(0.07f, 0.08f, 0.10f), vec(0.16f, 0.17f, 0.19f), tone)
                     : blend(vec(0.25f, 0.085f, 0.042f), vec(0.50f, 0.20f, 0.095f), tone);
    c = blend(c, vec(0.11f, 0.115f, 0.045f), 0.6f * moss);
    c = scale(c, (0.55f + 0.45f * ramp(0.0f, 0.035f, edge)) * (0.7f + 0.3f * row));
    float arch = sinf(2.0f * PI * run / 0.26f);
    if (h->gabled)
        n->z += 0.22f * arch;
    else
        n->x += 0.22f * arch;
    n->y -= 0.25f * ramp(0.25f, 0.0f, row);
    *n = normalise(*n);
    return surface_glossy(c, 0.03f, 0.35f);
}

static Surface pane_surface(const House *h, Vec p)
{
    Opening w;
    if (!find_opening(h, p, &w))
        w.number = 0;
    Surface s = surface_glossy(vec(0.015f, 0.018f, 0.02f), 0.09f, 0.012f);
    float lit = lottery(w.number, h->seed, 5);
    float u = (p.x - w.low.x) / (w.high.x - w.low.x), v = (p.y - w.low.y) / (w.high.y - w.low.y);
    float drape = fabsf(u - 0.5f) - 0.20f - 0.16f * (1.0f - v) * (1.0f - v);
    float fold = 0.75f + 0.25f * sinf(u * 60.0f + 3.0f * v);
    if (lit > 0.42f) {
        Vec lamp = lit > 0.8f ? vec(4.6f, 2.7f, 1.05f) : vec(4.4f, 2.05f, 0.55f);
        float glow = 0.30f + 0.8f * expf(-square((u - 0.4f) / 0.5f) - square((v - 0.55f) / 0.45f));
        glow *= 0.85f + 0.4f * noise2(u * 4.0f + lit * 90.0f, v * 4.0f);
        s.emission = scale(lamp, glow * (drape > 0.0f ? 0.38f * fold : 1.0f));
    } else if (drape > 0.0f) {
        s.albedo = scale(vec(0.30f, 0.28f, 0.25f), fold);
    }
    return s;
}

Surface house_surface(const House *h, Vec p, int part, Vec *n)
{
    float edge, tone;
    switch (part) {
    case ROOF:
        return roof_surface(h, p, n);
    case CHIMNEY:
        tone = course(p.x + p.z, p.y, 0.25f, 0.078f, &edge);
        return surface_matt(
            scale(vec(0.34f, 0.15f, 0.09f), (0.5f + 0.7f * tone) * (0.4f + 0.6f * ramp(0.0f, 0.01f, edge))));
    case PAVEMENT: {
        tone = course(p.x, p.z, 0.85f, 0.55f, &edge);
        float wet = ramp(-0.2f, 0.3f, fractal2(p.x * 0.8f + 7.0f * (float)h->seed, p.z * 0.8f, 4, 0.5f));
        float grit = fractal2(p.x * 12.0f, p.z * 12.0f, 3, 0.6f);
        Vec c = scale(vec(0.30f, 0.285f, 0.26f), (0.65f + 0.35f * tone + 0.15f * grit) * ramp(-0.01f, 0.012f, edge));
        *n = normalise(add(*n, vec(0.03f * grit, 0.0f, 0.03f * noise2(p.x * 12.0f + 5.0f, p.z * 12.0f))));
        return surface_glossy(scale(c, 1.0f - 0.45f * wet), 0.02f + 0.02f * wet, mix(0.4f, 0.07f, wet));
    }
    case REVEAL:
        return surface_matt(scale(h->paint, 0.8f));
    case PANE:
        return pane_surface(h, p);
    case FRAME:
        return surface_glossy(vec(0.62f, 0.58f, 0.50f), 0.04f, 0.3f);
    case SHUTTER: {
        float slat = p.y / 0.075f - floorf(p.y / 0.075f);
        n->y += 0.5f * (slat - 0.5f);
        *n = normalise(*n);
        float worn = fractal2(p.x * 5.0f + (float)h->seed, p.y * 2.0f, 4, 0.6f);
        return surface_glossy(scale(h->shutters, (0.55f + 0.45f * ramp(0.0f, 0.25f, slat)) * (1.0f + 0.3f * worn)),
                              0.035f, 0.35f);
    }
    case FLOWERS: {
        Cells cells = cells2(p.x * 26.0f + p.z * 9.0f, p.y * 26.0f + p.z * 11.0f);
        static const Vec blooms[4] = {
            { 0.68f, 0.03f, 0.05f }, { 0.75f, 0.30f, 0.42f }, { 0.80f, 0.62f, 0.10f }, { 0.62f, 0.12f, 0.38f }
        };
        Vec leaf = vec(0.05f, 0.13f, 0.03f);
        Vec c = cells.number > 0.42f ? blooms[h->seed % 4] : leaf;
        *n = normalise(add(*n, vec(noise2(p.x * 50.0f, p.y * 50.0f) * 0.7f, 0.0f, 0.0f)));
        return surface_matt(scale(c, 1.1f - 1.2f * cells.nearest));
    }
    case DOOR: {
        Opening w;
        find_opening(h, p, &w);
        float u = p.x - 0.5f * (w.low.x + w.high.x);
        float panel = fminf(fabsf(fabsf(u) - 0.25f) - 0.17f, fabsf(fabsf(p.y - 1.05f) - 0.45f) - 0.36f);
        if (p.y > 2.0f && fabsf(u) < 0.46f) { /* a fanlight over the door */
            Surface s = surface_matt(vec(0.02f, 0.02f, 0.02f));
            s.emission = fabsf(fabsf(u) - 0.23f) < 0.015f ? vec(0.0f, 0.0f, 0.0f) : vec(2.6f, 1.3f, 0.4f);
            return s;
        }
        if (hypotf(u - 0.38f, p.y - 1.05f) < 0.035f)
            return surface_glossy(vec(0.5f, 0.35f, 0.12f), 0.5f, 0.1f);
        float grain = fractal2(p.x * 30.0f, p.y * 2.0f, 3, 0.5f);
        return surface_glossy(scale(h->shutters, (panel < 0.0f ? 0.8f : 1.05f) + 0.25f * grain), 0.04f, 0.2f);
    }
    case SILL:
    case STEP:
        return surface_glossy(scale(vec(0.40f, 0.37f, 0.32f), 0.85f + 0.3f * fractal3(scale(p, 7.0f), 4, 0.6f)), 0.025f,
                              0.35f);
    default:
        return wall_surface(h, p, n);
    }
}
