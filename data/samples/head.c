#include "head.h"

#include "shapes.h"

#define EYE_RADIUS 0.170f

/* The face is the same on both sides: these are of the side where x is positive. */
static const Vec eye_at = { 0.288f, 0.010f, 0.592f };

static float ball(Vec p, float x, float y, float z, float r)
{
    return length(sub(p, vec(x, y, z))) - r;
}

/* The ball of the eye, and lids about an almond that is open. */
static float eye(Vec p, float face)
{
    Vec q = sub(p, eye_at);
    float globe = length(q) - EYE_RADIUS;
    float x = q.x - 0.005f, y = q.y + 0.10f * x; /* the outer corner is the higher one */
    float upper = hypotf(x, y + 0.190f) - 0.250f, lower = hypotf(x, y - 0.235f) - 0.288f;
    float almond = soft_max(fmaxf(upper, lower), -(q.z - 0.04f), 0.02f);
    float lids = soft_max(length(vec(q.x, q.y, q.z)) - EYE_RADIUS - 0.026f, -almond, 0.022f);
    /* The crease above the lid. */
    float crease = hypotf(hypotf(x, y + 0.145f) - 0.300f, q.z - 0.135f) - 0.012f;
    lids = soft_min(lids, face, 0.075f);
    if (q.y > 0.0f)
        lids = soft_max(lids, -crease, 0.05f);
    return fminf(lids, globe);
}

static float nose(Vec p)
{
    float bridge = capsule(p, vec(0.0f, 0.20f, 0.755f), vec(0.0f, -0.30f, 0.965f), 0.058f, 0.076f);
    float tip = ball(p, 0.0f, -0.335f, 0.970f, 0.090f);
    float wing = ellipsoid(p, vec(0.092f, -0.375f, 0.880f), vec(0.066f, 0.062f, 0.098f));
    float d = soft_min(soft_min(bridge, tip, 0.10f), wing, 0.055f);
    float base = ellipsoid(p, vec(0.0f, -0.30f, 0.80f), vec(0.115f, 0.24f, 0.17f));
    d = soft_min(d, base, 0.12f);
    return soft_max(d, -ellipsoid(p, vec(0.052f, -0.430f, 0.915f), vec(0.026f, 0.040f, 0.045f)), 0.030f);
}

static float mouth(Vec p, float face)
{
    /* A muzzle that carries the lips. */
    float d = soft_min(face, ellipsoid(p, vec(0.0f, -0.655f, 0.58f), vec(0.31f, 0.23f, 0.295f)), 0.16f);
    float upper = capsule(p, vec(0.045f, -0.606f, 0.868f), vec(0.235f, -0.652f, 0.765f), 0.046f, 0.014f);
    float lower = capsule(p, vec(0.0f, -0.722f, 0.850f), vec(0.190f, -0.688f, 0.775f), 0.060f, 0.018f);
    d = soft_min(soft_min(d, upper, 0.040f), lower, 0.045f);
    float dip = 0.012f * expf(-square(p.x / 0.05f)); /* the line between them, lowest in the middle */
    float line = capsule(vec(p.x, p.y + dip - 0.012f * ramp(0.12f, 0.24f, p.x), p.z), vec(0.0f, -0.655f, 0.925f),
                         vec(0.235f, -0.668f, 0.800f), 0.010f, 0.006f);
    d = soft_max(d, -line, 0.030f);
    d = soft_max(d, -ball(p, 0.265f, -0.668f, 0.815f, 0.030f), 0.07f);
    /* The groove under the nose, and the one above the chin. */
    d = soft_max(d, -capsule(p, vec(0.0f, -0.47f, 0.930f), vec(0.0f, -0.56f, 0.925f), 0.022f, 0.026f), 0.05f);
    return soft_max(d, -capsule(p, vec(0.0f, -0.845f, 0.880f), vec(0.10f, -0.835f, 0.86f), 0.050f, 0.03f), 0.12f);
}

static float ear(Vec p)
{
    Vec q = sub(p, vec(0.715f, -0.10f, -0.06f));
    turn(&q.x, &q.z, cosf(-0.35f), sinf(-0.35f));
    q.y -= 0.15f * q.z;
    float shell = ellipsoid(q, vec(0.0f, 0.0f, 0.0f), vec(0.075f, 0.255f, 0.165f));
    float bowl = ellipsoid(q, vec(0.075f, 0.03f, 0.015f), vec(0.065f, 0.165f, 0.095f));
    float fold = capsule(q, vec(0.035f, -0.07f, -0.03f), vec(0.035f, 0.10f, -0.05f), 0.022f, 0.026f);
    float d = soft_max(shell, -bowl, 0.05f);
    return soft_min(d, fold, 0.04f);
}

static float neck(Vec p)
{
    float d = capsule(p, vec(0.0f, -0.75f, -0.16f), vec(0.0f, -2.0f, -0.28f), 0.355f, 0.44f);
    float muscle = capsule(p, vec(0.40f, -0.75f, -0.18f), vec(0.10f, -1.93f, 0.20f), 0.10f, 0.085f);
    d = soft_min(d, muscle, 0.20f);
    float slope = capsule(p, vec(0.20f, -1.45f, -0.40f), vec(1.25f, -2.25f, -0.35f), 0.28f, 0.42f);
    d = soft_min(d, slope, 0.35f);
    float chest = ellipsoid(p, vec(0.0f, -2.75f, -0.15f), vec(1.45f, 0.95f, 0.66f));
    d = soft_min(d, chest, 0.40f);
    float collarbone = capsule(p, vec(0.09f, -1.99f, 0.28f), vec(0.95f, -1.93f, -0.02f), 0.055f, 0.06f);
    d = soft_min(d, collarbone, 0.16f);
    return soft_max(d, -ball(p, 0.0f, -1.96f, 0.40f, 0.09f), 0.14f);
}

static float skin(Vec p)
{
    float d = ellipsoid(p, vec(0.0f, 0.30f, -0.14f), vec(0.735f, 0.85f, 0.93f));
    d = soft_min(d, ellipsoid(p, vec(0.0f, -0.22f, 0.16f), vec(0.615f, 0.80f, 0.615f)), 0.25f);
    d = soft_min(d, ellipsoid(p, vec(0.0f, -0.66f, 0.26f), vec(0.455f, 0.42f, 0.455f)), 0.22f);
    d = soft_min(d, ellipsoid(p, vec(0.0f, -0.985f, 0.60f), vec(0.150f, 0.120f, 0.135f)), 0.22f);
    d = soft_min(d, ellipsoid(p, vec(0.375f, -0.24f, 0.475f), vec(0.215f, 0.20f, 0.215f)), 0.22f); /* cheekbone */
    d = soft_min(d, capsule(p, vec(0.15f, 0.215f, 0.690f), vec(0.48f, 0.210f, 0.525f), 0.085f, 0.075f),
                 0.16f);                                                                             /* brow */
    d = soft_max(d, -ellipsoid(p, vec(0.285f, 0.035f, 0.845f), vec(0.205f, 0.120f, 0.155f)), 0.17f); /* socket */
    d = soft_min(d, nose(p), 0.085f);
    d = mouth(p, d);
    d = eye(p, d);
    d = soft_min(d, ear(p), 0.05f);
    return soft_min(d, neck(p), 0.09f);
}

/* Locks, combed from a parting to the sides and back in waves. */
static float locks(Vec p, float side)
{
    float over = atan2f(p.z + 0.05f, p.y - 0.05f), wave = 0.16f * sinf(7.5f * p.x + 2.4f * over);
    float strand = sinf(19.0f * (over + wave + 0.10f * p.x) + 1.1f * side);
    float fine = sinf(71.0f * (over + wave) + 9.0f * p.x);
    return 0.034f * (1.0f - square(strand)) + 0.006f * fine - 0.05f * expf(-square(p.x / 0.045f));
}

static float hair(Vec p, float side)
{
    float cap = ellipsoid(p, vec(0.0f, 0.335f, -0.17f), vec(0.815f, 0.895f, 0.985f));
    float bun = length(sub(p, vec(0.0f, 0.10f, -1.22f))) - 0.40f;
    cap = soft_min(cap, bun, 0.12f);
    cap -= locks(p, side);
    /* What is free of hair: the face, and the neck with the ears' lower half. */
    float face = ellipsoid(p, vec(0.0f, -0.26f, 0.86f), vec(0.655f, 0.98f, 0.72f));
    float nape = -(p.y + 0.42f + 0.55f * (p.z + 0.2f));
    float lobe = ellipsoid(p, vec(0.80f, -0.20f, -0.03f), vec(0.32f, 0.235f, 0.16f));
    float d = soft_max(cap, -face, 0.09f);
    d = soft_max(d, nape, 0.10f);
    return soft_max(d, -lobe, 0.06f);
}

/* A mantle over both shoulders, its folds running down to the middle. */
static float robe(Vec p, Vec whole)
{
    float d = neck(p);
    float warp = 0.5f * noise2(whole.x * 1.3f + 4.0f, whole.y * 1.1f);
    float run = 5.2f * (0.62f * p.x + 0.55f * (p.y + 2.6f)) + 2.0f * warp;
    float deep = ramp(1.35f, 0.7f, p.x);
    float folds = 0.085f + deep * (0.052f * sinf(2.4f * run) + 0.022f * sinf(5.6f * run + 2.0f));
    d -= folds;
    /* The opening at the neck, a deep point. */
    float opening = soft_max(0.80f * p.x - 0.60f * (p.y + 2.62f), -(p.y + 2.62f) - 0.4f, 0.1f);
    float collar = fmaxf(opening, -(p.z + 0.10f));
    float back = hypotf(p.x, p.z + 0.22f) - 0.66f;
    d = soft_max(d, -collar, 0.05f);
    d = soft_max(d, -fmaxf(back, -(p.y + 1.92f)), 0.05f);
    return 0.7f * d;
}

/* Shoulders end in a curve, on a foot. */
static float cut(Vec p)
{
    return ellipsoid(p, vec(0.0f, -1.95f, -0.2f), vec(1.70f, 1.38f, 1.2f));
}

static float socle(Vec p)
{
    float r = hypotf(p.x, p.z + 0.15f);
    float stem = r - 0.25f - 0.24f * square(ramp(-3.2f, -3.75f, p.y)) - 0.10f * ramp(-3.32f, -3.1f, p.y);
    stem = fmaxf(stem * 0.7f, fmaxf(-3.72f - p.y, p.y + 3.05f));
    float plate = box(sub(p, vec(0.0f, -3.80f, -0.15f)), vec(0.56f, 0.08f, 0.56f)) - 0.03f;
    float ring = hypotf(r - 0.33f, p.y + 3.34f) - 0.06f;
    return fminf(fminf(stem, plate), ring);
}

float head_distance(Vec whole, HeadPart *part)
{
    Vec p = vec(fabsf(whole.x), whole.y, whole.z);
    float side = whole.x < 0.0f ? 1.0f : 0.0f, d, next;

    d = whole.y < -1.4f ? soft_max(skin(p), cut(p), 0.08f) : skin(p);
    *part = HEAD_SKIN;
    if (whole.y > -0.9f) {
        if ((next = hair(p, side)) < d) {
            d = next;
            *part = HEAD_HAIR;
        }
    } else {
        if ((next = soft_max(robe(p, whole), cut(p) - 0.03f, 0.06f)) < d) {
            d = next;
            *part = HEAD_ROBE;
        }
        if ((next = socle(whole)) < d) {
            d = next;
            *part = HEAD_SOCLE;
        }
    }
    return 0.85f * d;
}

/* Paint is worn where the wood was touched, and thin over its grain. */
static Vec worn(Vec c, Vec p, float much)
{
    float grain = noise2(p.x * 14.0f + 2.0f * noise2(p.x, p.y), p.y * 1.6f);
    float patches = fractal3(scale(p, 2.2f), 4, 0.55f);

    c = scale(c, 1.0f + 0.05f * grain + 0.10f * patches);
    return blend(c, vec(0.42f, 0.26f, 0.13f), much * ramp(0.28f, 0.55f, patches));
}

static Surface skin_paint(Vec whole)
{
    Vec p = vec(fabsf(whole.x), whole.y, whole.z), c = vec(0.66f, 0.43f, 0.30f);
    Vec iris = sub(p, add(eye_at, vec(0.0f, 0.0f, EYE_RADIUS)));
    float blush = expf(-length(vec((p.x - 0.40f) / 0.24f, (p.y + 0.30f) / 0.22f, (p.z - 0.6f) / 0.4f)));
    float lips = ramp(0.030f, 0.0f,
                      capsule(p, vec(0.03f, -0.628f, 0.90f), vec(0.225f, -0.656f, 0.78f), 0.047f, 0.010f));
    float under = ramp(0.030f, 0.0f,
                       capsule(p, vec(0.0f, -0.712f, 0.88f), vec(0.195f, -0.684f, 0.78f), 0.056f, 0.012f));
    float brow = capsule(vec(p.x, p.y - 0.07f * sinf(PI * clamp((p.x - 0.13f) / 0.42f, 0.0f, 1.0f)), 0.0f),
                         vec(0.13f, 0.205f, 0.0f), vec(0.53f, 0.195f, 0.0f), 0.026f, 0.010f);

    c = blend(c, vec(0.66f, 0.24f, 0.17f), 0.55f * blush);
    c = blend(c, vec(0.46f, 0.105f, 0.085f), 0.85f * fmaxf(lips, under));
    if (p.z > 0.45f && p.y > 0.0f && p.y < 0.5f)
        c = blend(c, vec(0.13f, 0.062f, 0.03f), 0.72f * ramp(0.022f, 0.0f, brow));
    c = worn(c, whole, 0.25f);
    if (length(sub(p, eye_at)) < EYE_RADIUS + 0.006f) {
        float r = hypotf(iris.x, iris.y - 0.012f);

        c = blend(vec(0.060f, 0.080f, 0.060f), vec(0.60f, 0.55f, 0.47f), ramp(0.072f, 0.082f, r));
        c = blend(vec(0.012f, 0.010f, 0.010f), c, ramp(0.028f, 0.036f, r));
        return surface_glossy(c, 0.05f, 0.06f);
    }
    Surface s = surface_glossy(c, 0.026f, 0.36f);
    s.soft = 0.22f;
    return s;
}

Surface head_surface(HeadPart part, Vec p)
{
    switch (part) {
    case HEAD_HAIR:
        return surface_glossy(worn(vec(0.20f, 0.078f, 0.030f), p, 0.5f), 0.040f, 0.30f);
    case HEAD_ROBE: {
        float hem = 0.80f * fabsf(p.x) - 0.60f * (p.y + 2.62f);

        if (hem < 0.075f && hem > -0.10f && p.z > -0.10f)
            return surface_glossy(worn(vec(0.62f, 0.40f, 0.10f), p, 0.6f), 0.35f, 0.24f);
        return surface_glossy(worn(vec(0.035f, 0.105f, 0.30f), p, 0.7f), 0.035f, 0.32f);
    }
    case HEAD_SOCLE:
        return surface_glossy(worn(vec(0.30f, 0.17f, 0.075f), p, 0.0f), 0.05f, 0.20f);
    default:
        return skin_paint(p);
    }
}
