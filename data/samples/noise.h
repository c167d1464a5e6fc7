/* Chance without rand(): every value is a hash of where it is asked for, so a picture comes out
 * the same on every run and every machine. */
#pragma once

#include <stdint.h>

#include "vector.h"

typedef struct {
    uint32_t state;
} Dice;

/* Next number in [0, 1). */
float dice(Dice *d);

/* One number in [0, 1) per lattice point and seed. */
float lottery(int x, int y, uint32_t seed);

/* Smooth value noise in [-1, 1] over the plane and over space. */
float noise2(float x, float y);
float noise3(Vec p);

/* Sums of `octaves` noises, each at about half the size and `gain` the strength of the one before;
 * roughly in [-1, 1]. */
float fractal2(float x, float y, int octaves, float gain);
float fractal3(Vec p, int octaves, float gain);

/* Fractal of 1 - |noise|, whose creases look like crests; in [0, 1]. Each octave is weighted by the
 * one before, so that crests are rough and valleys smooth, as erosion leaves them. */
float ridges2(float x, float y, int octaves);

/* Jittered cells: distance to the nearest and second-nearest centre, and the cell's own number. */
typedef struct {
    float nearest, second, number;
} Cells;

Cells cells2(float x, float y);

/* A direction in the hemisphere about n, cosine-distributed. */
Vec dice_hemisphere(Dice *d, Vec n);

/* A direction about d, `spread` being the tangent of the half angle. */
Vec dice_cone(Dice *dice, Vec d, float spread);
