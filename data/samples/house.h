/* A town house with its front on the street: walls, roof, chimney, windows, shutters, a door.
 *
 * In the house's own space x runs along the front, y up, and z out into the street; the front is
 * the plane z = 0 and its middle the origin. Lengths are metres. */
#pragma once

#include "path.h"

enum { PLASTER, TIMBER, BRICK };

typedef struct {
    Vec origin;
    float cosine, sine; /* of the turn from the house's space to the street's */
    float wide, deep, walls, rise;
    int gabled; /* the ridge runs back from the street instead of along it */
    int build, floors, bays, slate;
    int seed;
    Vec paint, shutters;
    Vec middle; /* of a sphere in the street's space that holds all of it */
    float reach;
} House;

typedef struct {
    float t;
    Vec normal; /* in the house's own space */
    int part;
} Strike;

Vec house_point(const House *house, Vec world);
Vec house_direction(const House *house, Vec world);
Vec house_world_direction(const House *house, Vec own);

/* Nearest part up to strike->t of a ray in the house's own space; answers 0 and leaves *strike
 * alone where the ray misses. */
int house_meet(const House *house, Vec o, Vec d, Strike *strike);

/* What the part is made of at p; may roughen the normal. Both in the house's own space. */
Surface house_surface(const House *house, Vec p, int part, Vec *normal);

/* Clips a ray against a box, or against any plane a convex body is made of. */
typedef struct {
    float in, out;
    Vec normal;
} Span;

Span span_whole(float limit);
void span_clip(Span *span, Vec o, Vec d, Vec n, float k); /* keeps dot(n, p) < k */
void span_box(Span *span, Vec o, Vec d, Vec low, Vec high);
int span_hit(const Span *span, Strike *strike, int part);
