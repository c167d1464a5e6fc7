/* A small path tracer: light found by chance, bounced between the things of a world. */
#pragma once

#include "film.h"

/* How a surface treats light. */
typedef struct {
    Vec albedo;
    Vec emission;
    float gloss;     /* reflectance at normal incidence, 0.04 for varnish, 0 for none */
    float roughness; /* half-angle tangent of the mirrored lobe */
    float soft;      /* 0 to 1: light that enters, wanders and leaves elsewhere, as in fruit */
    Vec glass;       /* light left per unit of depth; x < 0 where the body is opaque */
} Surface;

typedef struct {
    float t;
    Vec point, normal; /* the normal faces outwards */
    int body;
    Surface surface;
} Hit;

/* One chosen point of a lamp or the sun as seen from a place. */
typedef struct {
    Vec direction;
    float distance;
    Vec light; /* already divided by the chance of choosing it, and by pi */
} Beam;

typedef struct {
    /* Nearest surface up to t on a ray; `inside` is the body the ray travels in, or -1. */
    int (*meet)(Vec o, Vec d, float t, int inside, Hit *hit);
    /* What is left of a beam of length t; `spare` is a body that does not shade itself, or -1. */
    float (*clear)(Vec o, Vec d, float t, int spare);
    Vec (*beyond)(Vec d); /* light from where nothing is met */
    Beam (*beam)(int lamp, Vec point, Dice *d);
    int lamps;
    int bounces;
} World;

Surface surface_matt(Vec albedo);
Surface surface_glossy(Vec albedo, float gloss, float roughness);

Glimpse path_trace(const World *world, Vec o, Vec d, Dice *dice);
