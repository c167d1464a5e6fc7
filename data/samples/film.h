/* The camera's end of a picture: where it looks from, what gathers on its film, and the
 * development of that film into a JPEG. */
#pragma once

#include "noise.h"

/* What one ray brings home. Light that has bounced from thing to thing is noisy but varies slowly,
 * so it travels apart: the film smooths `bounced` along surfaces before `albedo` dyes it and
 * `light`, with all that must stay sharp, is added. A picture without such light leaves all but
 * `light` at 0. */
typedef struct {
    Vec light, bounced, albedo, normal;
    float depth;
} Glimpse;

typedef struct {
    int width, height;
    Glimpse *seen;
    Vec *light;
} Film;

typedef struct {
    Vec eye, right, up, forward;
    float spread; /* half the picture's width at distance 1 */
} Camera;

/* Light arriving at the film point (x, y), x in [-1, 1] and y in [-height/width, height/width],
 * y upwards. */
typedef Glimpse (*Sight)(const Camera *camera, float x, float y, Dice *d);

Camera camera_at(Vec eye, Vec target, float degrees);

/* Direction of the ray through the film point (x, y). */
Vec camera_ray(const Camera *camera, float x, float y);

typedef struct {
    float exposure;
    float glow;       /* share of light scattered in the lens */
    float saturation; /* 1 leaves colours alone */
} Development;

/* The whole program of one picture: FILE [WIDTH [SAMPLES]] on the command line; answers main's
 * exit status. `aspect` is height over width. */
int film_main(int count, char **words, Sight sight, const Camera *camera, int width, float aspect, int samples,
              Development development);
