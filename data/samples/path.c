#include "path.h"

#include <stddef.h>

#define EPSILON     0.002f
#define DIM         0.008f /* light not worth asking whether anything stands in its way */
#define GLASS_INDEX 1.45f

Surface surface_matt(Vec albedo)
{
    return (Surface){ .albedo = albedo, .glass = { -1.0f, 0.0f, 0.0f } };
}

Surface surface_glossy(Vec albedo, float gloss, float roughness)
{
    Surface s = surface_matt(albedo);
    s.gloss = gloss;
    s.roughness = roughness;
    return s;
}

/* Schlick's polynomial. */
static float fresnel(float facing, float normal)
{
    float m = clamp(1.0f - facing, 0.0f, 1.0f);
    return normal + (1.0f - normal) * m * m * m * m * m;
}

/* Light that comes straight from the lamps. Soft bodies let it wrap round past the terminator,
 * which is cheaper than scattering inside them and looks much the same on a fruit. */
static Vec direct(const World *world, const Hit *hit, float weight, Dice *d)
{
    Vec sum = vec(0.0f, 0.0f, 0.0f), from = along(hit->point, hit->normal, EPSILON);
    float soft = hit->surface.soft;
    for (int lamp = 0; lamp < world->lamps; lamp++) {
        Beam beam = world->beam(lamp, hit->point, d);
        float facing = dot(hit->normal, beam.direction), wrapped = (facing + soft) / (1.0f + soft);
        if (wrapped <= 0.0f || beam.light.x * weight < DIM)
            continue;
        float left = world->clear(from, beam.direction, beam.distance, soft > 0.0f ? hit->body : -1);
        Vec light = scale(mul(hit->surface.albedo, beam.light), wrapped * left);
        if (soft > 0.0f && facing < 0.5f) /* what wandered far has been dyed twice */
            light = blend(mul(light, add(hit->surface.albedo, vec(0.25f, 0.25f, 0.25f))), light,
                          ramp(-soft, 0.5f, facing));
        sum = add(sum, light);
    }
    return sum;
}

static int refract_ray(Vec d, Vec n, float ratio, Vec *through)
{
    float c = -dot(d, n), k = 1.0f - ratio * ratio * (1.0f - c * c);
    if (k < 0.0f)
        return 0;
    *through = normalise(along(scale(d, ratio), n, ratio * c - sqrtf(k)));
    return 1;
}

/* Follows one ray from bounce number `bounce`; once it has left a matt surface (`diffuse`), lamps
 * it meets have been counted by the beams, and mirrors would only focus a few rays into bright
 * specks. */
static Vec follow(const World *world, Vec o, Vec d, Dice *chance, int bounce, int diffuse, Glimpse *first)
{
    Vec sum = vec(0.0f, 0.0f, 0.0f), weight = vec(1.0f, 1.0f, 1.0f), stain = weight;
    int inside = -1;
    for (; bounce < world->bounces; bounce++) {
        Hit hit;
        if (!world->meet(o, d, 1e9f, inside, &hit))
            return add(sum, mul(weight, world->beyond(d)));
        if (inside >= 0)
            weight = mul(weight, vec(powf(stain.x, hit.t), powf(stain.y, hit.t), powf(stain.z, hit.t)));
        if (!diffuse)
            sum = add(sum, mul(weight, hit.surface.emission));
        if (first && bounce == 0) {
            first->normal = hit.normal;
            first->depth = hit.t;
        }
        Vec n = inside >= 0 ? scale(hit.normal, -1.0f) : hit.normal;
        float facing = -dot(d, n);
        /* What is seen first splits its rays instead of throwing dice. */
        int split = first && bounce == 0;
        if (hit.surface.glass.x >= 0.0f) {
            Vec through = d, back = mirror(d, n), outside = along(hit.point, n, EPSILON);
            int enters = refract_ray(d, n, inside >= 0 ? GLASS_INDEX : 1.0f / GLASS_INDEX, &through);
            float share = enters ? fresnel(inside >= 0 ? -dot(through, n) : facing, 0.04f) : 1.0f;
            if (split) {
                Vec mirrored = follow(world, outside, back, chance, bounce + 1, 0, NULL);
                sum = add(sum, scale(mul(weight, mirrored), share));
                weight = scale(weight, 1.0f - share);
            } else if (dice(chance) < share) {
                d = back;
                o = outside;
                continue;
            }
            d = through;
            o = along(hit.point, n, -EPSILON);
            inside = inside >= 0 ? -1 : hit.body;
            stain = hit.surface.glass;
            continue;
        }
        o = along(hit.point, n, EPSILON);
        float share = hit.surface.gloss > 0.0f && !diffuse ? fresnel(facing, hit.surface.gloss) : 0.0f;
        share *= 1.0f - 0.5f * clamp(hit.surface.roughness, 0.0f, 1.0f);
        Vec back = dice_cone(chance, mirror(d, n), hit.surface.roughness);
        if (split && share > 0.0f) {
            if (dot(back, n) > 0.0f) {
                Vec mirrored = follow(world, o, back, chance, bounce + 1, 0, NULL);
                sum = add(sum, scale(mul(weight, mirrored), share));
            }
            weight = scale(weight, 1.0f - share);
        } else if (dice(chance) < share) {
            if (dot(back, n) <= 0.0f)
                break;
            d = back;
            continue;
        }
        float carried = fmaxf(weight.x, fmaxf(weight.y, weight.z));
        sum = add(sum, mul(weight, direct(world, &hit, carried, chance)));
        weight = mul(weight, hit.surface.albedo);
        d = dice_hemisphere(chance, n);
        if (split) { /* the rest of the path is bounced light, kept apart */
            first->bounced = follow(world, o, d, chance, bounce + 1, 1, NULL);
            first->albedo = weight;
            break;
        }
        diffuse = 1;
        float most = fmaxf(weight.x, fmaxf(weight.y, weight.z));
        if (bounce > 0) { /* paths that carry little end early, the others carry their share */
            if (dice(chance) > most)
                break;
            weight = scale(weight, 1.0f / most);
        }
    }
    return sum;
}

Glimpse path_trace(const World *world, Vec o, Vec d, Dice *chance)
{
    Glimpse first = { 0 };
    first.light = follow(world, o, d, chance, 0, 0, &first);
    return first;
}
