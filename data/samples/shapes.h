/* Signed distances to simple bodies: negative inside. */
#pragma once

#include "vector.h"

static inline float box(Vec p, Vec half)
{
    Vec q = vec(fabsf(p.x) - half.x, fabsf(p.y) - half.y, fabsf(p.z) - half.z);
    Vec out = vec(fmaxf(q.x, 0.0f), fmaxf(q.y, 0.0f), fmaxf(q.z, 0.0f));
    return length(out) + fminf(fmaxf(q.x, fmaxf(q.y, q.z)), 0.0f);
}

/* A rod from a to b with round ends, of radius ra at one and rb at the other. */
static inline float capsule(Vec p, Vec a, Vec b, float ra, float rb)
{
    Vec pa = sub(p, a), ba = sub(b, a);
    float h = clamp(dot(pa, ba) / dot(ba, ba), 0.0f, 1.0f);
    return length(along(pa, ba, -h)) - mix(ra, rb, h);
}

/* A bound rather than the distance, good enough for marching. */
static inline float ellipsoid(Vec p, Vec at, Vec r)
{
    Vec q = sub(p, at);
    float k = length(vec(q.x / r.x, q.y / r.y, q.z / r.z));
    return (k - 1.0f) * fminf(r.x, fminf(r.y, r.z));
}

/* Smallest of two distances with the crease filled to radius k. */
static inline float soft_min(float a, float b, float k)
{
    float h = fmaxf(k - fabsf(a - b), 0.0f) / k;
    return fminf(a, b) - h * h * k * 0.25f;
}

/* Largest of two: what both hold, with the edge rounded to radius k. */
static inline float soft_max(float a, float b, float k)
{
    return -soft_min(-a, -b, k);
}
