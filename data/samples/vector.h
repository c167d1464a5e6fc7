/* Three-component vectors and the scalar helpers every picture needs.
 *
 * Colours are vectors too: linear light, Rec. 709 primaries, 1.0 being diffuse white. */
#pragma once

#include <math.h>

#ifndef M_PI
#define M_PI 3.14159265358979323846
#endif

#define PI ((float)M_PI)

typedef struct {
    float x, y, z;
} Vec;

static inline Vec vec(float x, float y, float z)
{
    return (Vec){ x, y, z };
}

static inline Vec add(Vec a, Vec b)
{
    return vec(a.x + b.x, a.y + b.y, a.z + b.z);
}

static inline Vec sub(Vec a, Vec b)
{
    return vec(a.x - b.x, a.y - b.y, a.z - b.z);
}

static inline Vec mul(Vec a, Vec b)
{
    return vec(a.x * b.x, a.y * b.y, a.z * b.z);
}

static inline Vec scale(Vec a, float s)
{
    return vec(a.x * s, a.y * s, a.z * s);
}

/* a + d t: the point at distance t along a ray. */
static inline Vec along(Vec a, Vec d, float t)
{
    return vec(a.x + d.x * t, a.y + d.y * t, a.z + d.z * t);
}

static inline float dot(Vec a, Vec b)
{
    return a.x * b.x + a.y * b.y + a.z * b.z;
}

static inline Vec cross(Vec a, Vec b)
{
    return vec(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x);
}

static inline float length(Vec a)
{
    return sqrtf(dot(a, a));
}

static inline Vec normalise(Vec a)
{
    return scale(a, 1.0f / length(a));
}

/* Mirror of direction d at a surface with normal n. */
static inline Vec mirror(Vec d, Vec n)
{
    return along(d, n, -2.0f * dot(d, n));
}

static inline Vec blend(Vec a, Vec b, float t)
{
    return vec(a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t, a.z + (b.z - a.z) * t);
}

static inline float mix(float a, float b, float t)
{
    return a + (b - a) * t;
}

static inline float clamp(float v, float low, float high)
{
    return v < low ? low : v > high ? high : v;
}

/* Hermite ramp from 0 at `from` to 1 at `to`; `from` may be the larger. */
static inline float ramp(float from, float to, float v)
{
    float t = clamp((v - from) / (to - from), 0.0f, 1.0f);
    return t * t * (3.0f - 2.0f * t);
}

static inline float square(float v)
{
    return v * v;
}

/* Turns the pair (a, b) by an angle given as cosine and sine. */
static inline void turn(float *a, float *b, float cosine, float sine)
{
    float u = *a * cosine - *b * sine;
    *b = *a * sine + *b * cosine;
    *a = u;
}

/* Whether a ray (d of length 1) passes within `radius` of a point before distance t. */
static inline int passes(Vec o, Vec d, Vec at, float radius, float t)
{
    Vec to = sub(at, o);
    float middle = dot(to, d), square_off = dot(to, to) - middle * middle;
    return square_off < radius * radius && middle > -radius && middle - radius < t;
}
