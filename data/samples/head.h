/* A carved and painted head with shoulders, of limewood.
 *
 * The origin is between the ears, half way from chin to crown; y runs up, z out of the face. From
 * chin to crown it measures 2.3. */
#pragma once

#include "path.h"

typedef enum { HEAD_SKIN, HEAD_HAIR, HEAD_ROBE, HEAD_SOCLE } HeadPart;

/* Signed distance, or somewhat less than that; *part is what is nearest. */
float head_distance(Vec p, HeadPart *part);

/* The paint on a part. */
Surface head_surface(HeadPart part, Vec p);
