#include "noise.h"

/* The output permutation of PCG (O'Neill 2014): good mixing for three multiplications. */
static inline uint32_t hash(uint32_t v)
{
    v = v * 747796405u + 2891336453u;
    v = ((v >> ((v >> 28) + 4)) ^ v) * 277803737u;
    return (v >> 22) ^ v;
}

static inline float unit(uint32_t v)
{
    return (float)(v >> 8) * (1.0f / 16777216.0f);
}

float dice(Dice *d)
{
    d->state = d->state * 747796405u + 2891336453u;
    return unit(hash(d->state));
}

float lottery(int x, int y, uint32_t seed)
{
    return unit(hash((uint32_t)x + hash((uint32_t)y + hash(seed))));
}

/* Cheaper than hash(): noise asks for eight corners a time and sums hide the weaknesses. */
static inline float corner(uint32_t v)
{
    v ^= v >> 15;
    v *= 0x2c1b3c6du;
    v ^= v >> 12;
    v *= 0x297a2d39u;
    v ^= v >> 15;
    return (float)(int32_t)v * (1.0f / 2147483648.0f);
}

/* Quintic fade: continuous curvature, so that lit slopes show no lattice. */
static inline float fade(float t)
{
    return t * t * t * (t * (t * 6.0f - 15.0f) + 10.0f);
}

float noise2(float x, float y)
{
    float fx = floorf(x), fy = floorf(y);
    uint32_t a = (uint32_t)(int)fx * 0x9e3779b1u, b = (uint32_t)(int)fy * 0x85ebca77u;
    uint32_t a1 = a + 0x9e3779b1u, b1 = b + 0x85ebca77u;
    float u = fade(x - fx), v = fade(y - fy);
    return mix(mix(corner(a ^ b), corner(a1 ^ b), u), mix(corner(a ^ b1), corner(a1 ^ b1), u), v);
}

float noise3(Vec p)
{
    float fx = floorf(p.x), fy = floorf(p.y), fz = floorf(p.z);
    uint32_t a = (uint32_t)(int)fx * 0x9e3779b1u, b = (uint32_t)(int)fy * 0x85ebca77u;
    uint32_t c = (uint32_t)(int)fz * 0xc2b2ae3du;
    uint32_t a1 = a + 0x9e3779b1u, b1 = b + 0x85ebca77u, c1 = c + 0xc2b2ae3du;
    float u = fade(p.x - fx), v = fade(p.y - fy), w = fade(p.z - fz);
    float low = mix(mix(corner(a ^ b ^ c), corner(a1 ^ b ^ c), u), mix(corner(a ^ b1 ^ c), corner(a1 ^ b1 ^ c), u), v);
    float high = mix(mix(corner(a ^ b ^ c1), corner(a1 ^ b ^ c1), u), mix(corner(a ^ b1 ^ c1), corner(a1 ^ b1 ^ c1), u),
                     v);
    return mix(low, high, w);
}

/* Octaves are turned by about 37 degrees against each other: value noise favours its axes. */
float fractal2(float x, float y, int octaves, float gain)
{
    float sum = 0.0f, weight = 1.0f, total = 0.0f;
    for (int i = 0; i < octaves; i++) {
        sum += weight * noise2(x, y);
        total += weight;
        weight *= gain;
        float u = 1.6f * x - 1.2f * y + 17.3f;
        y = 1.2f * x + 1.6f * y - 9.1f;
        x = u;
    }
    return sum / total;
}

float fractal3(Vec p, int octaves, float gain)
{
    float sum = 0.0f, weight = 1.0f, total = 0.0f;
    for (int i = 0; i < octaves; i++) {
        sum += weight * noise3(p);
        total += weight;
        weight *= gain;
        p = vec(1.6f * p.x - 1.2f * p.z + 5.3f, 2.0f * p.y + 11.7f, 1.2f * p.x + 1.6f * p.z - 3.9f);
    }
    return sum / total;
}

float ridges2(float x, float y, int octaves)
{
    float sum = 0.0f, weight = 1.0f, total = 0.0f, before = 1.0f;
    for (int i = 0; i < octaves; i++) {
        float crest = square(1.0f - fabsf(noise2(x, y)));
        sum += weight * crest * before;
        total += weight;
        before = clamp(crest * 1.4f, 0.0f, 1.0f);
        weight *= 0.5f;
        float u = 1.6f * x - 1.2f * y + 31.7f;
        y = 1.2f * x + 1.6f * y - 4.7f;
        x = u;
    }
    return sum / total;
}

Cells cells2(float x, float y)
{
    int cx = (int)floorf(x), cy = (int)floorf(y);
    Cells cells = { 9.0f, 9.0f, 0.0f };
    for (int j = cy - 1; j <= cy + 1; j++)
        for (int i = cx - 1; i <= cx + 1; i++) {
            float dx = (float)i + 0.15f + 0.7f * lottery(i, j, 1) - x;
            float dy = (float)j + 0.15f + 0.7f * lottery(i, j, 2) - y;
            float distance = dx * dx + dy * dy;
            if (distance < cells.nearest) {
                cells.second = cells.nearest;
                cells.nearest = distance;
                cells.number = lottery(i, j, 3);
            } else if (distance < cells.second) {
                cells.second = distance;
            }
        }
    cells.nearest = sqrtf(cells.nearest);
    cells.second = sqrtf(cells.second);
    return cells;
}

/* A point on the sphere added to the normal: Lambert's cosine without a basis. */
Vec dice_hemisphere(Dice *d, Vec n)
{
    float height = 2.0f * dice(d) - 1.0f, angle = 2.0f * PI * dice(d);
    float r = sqrtf(fmaxf(0.0f, 1.0f - height * height)) * 0.999f;
    return normalise(add(n, vec(r * cosf(angle), r * sinf(angle), height * 0.999f)));
}

Vec dice_cone(Dice *dice_, Vec d, float spread)
{
    float height = 2.0f * dice(dice_) - 1.0f, angle = 2.0f * PI * dice(dice_);
    float r = sqrtf(fmaxf(0.0f, 1.0f - height * height)), size = spread * cbrtf(dice(dice_));
    return normalise(along(d, vec(r * cosf(angle), r * sinf(angle), height), size));
}
