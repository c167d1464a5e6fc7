/* A painted bust on a shelf by a window, before a plaster wall and a red curtain.
 *
 * One unit is ten centimetres. The sculpture (head.c) is one body, turned a little to the light.
 */
#include "head.h"
#include "shapes.h"

enum { WALL = 1, SHELF, CURTAIN, BUST, WINDOW };

static const float wall_z = -3.2f, shelf_y = -3.9f, shelf_edge = 1.9f;
static const float bound = 3.0f; /* of a sphere that holds the bust */
static const Vec bust_middle = { 0.0f, -1.35f, 0.0f };

/* ---- The bust, where it stands ---- */

static Vec to_bust(Vec p)
{
    turn(&p.x, &p.z, cosf(0.30f), sinf(0.30f));
    /* The head is bent a little, the shoulders are not. */
    float bent = ramp(-2.0f, -1.0f, p.y);
    turn(&p.x, &p.y, cosf(-0.06f * bent), sinf(-0.06f * bent));
    turn(&p.y, &p.z, cosf(0.07f * bent), sinf(0.07f * bent));
    turn(&p.x, &p.z, cosf(-0.62f * bent), sinf(-0.62f * bent));
    return p;
}

static float distance(Vec p, HeadPart *part)
{
    return 0.92f * head_distance(to_bust(p), part);
}

static int march(Vec o, Vec d, float limit, float *where, HeadPart *part)
{
    Vec to = sub(bust_middle, o);
    float middle = dot(to, d), miss = bound * bound - (dot(to, to) - middle * middle);
    if (miss < 0.0f)
        return 0;
    float half = sqrtf(miss), t = fmaxf(middle - half, 0.0f), end = fminf(middle + half, limit);
    for (int i = 0; i < 140 && t < end; i++) {
        float gap = distance(along(o, d, t), part);
        if (gap < 0.0006f * (1.0f + 0.1f * t)) {
            *where = t;
            return 1;
        }
        t += fmaxf(gap, 0.0008f);
    }
    return 0;
}

static Vec slope(Vec p)
{
    const float e = 0.0022f;
    HeadPart part;
    Vec n = vec(0.0f, 0.0f, 0.0f);
    static const Vec corners[4] = { { 1, -1, -1 }, { -1, -1, 1 }, { -1, 1, -1 }, { 1, 1, 1 } };
    for (int i = 0; i < 4; i++)
        n = along(n, corners[i], distance(along(p, corners[i], e), &part));
    return normalise(n);
}

/* ---- The room ---- */

static Surface wall_surface(Vec p, Vec *n)
{
    float worn = fractal2(p.x * 0.55f, p.y * 0.55f, 6, 0.55f), rough = fractal2(p.x * 7.0f, p.y * 7.0f, 3, 0.5f);
    Vec c = blend(vec(0.155f, 0.215f, 0.185f), vec(0.34f, 0.35f, 0.25f), 0.5f + 0.7f * worn);
    c = blend(c, vec(0.40f, 0.34f, 0.25f), ramp(0.25f, 0.6f, worn - 0.12f * p.y - 0.35f) * 0.7f);
    *n = normalise(vec(0.05f * rough + 0.05f * worn, 0.05f * rough, 1.0f));
    return surface_matt(scale(c, 0.95f + 0.15f * rough));
}

static Surface shelf_surface(Vec p)
{
    float vein = fractal2(p.x * 0.8f + 3.0f, p.z * 0.8f, 5, 0.55f);
    float line = expf(-square((vein - 0.05f) / 0.03f)) + 0.6f * expf(-square((vein + 0.2f) / 0.02f));
    Vec c = blend(vec(0.56f, 0.50f, 0.42f), vec(0.22f, 0.16f, 0.13f), clamp(0.7f * line, 0.0f, 1.0f));
    return surface_glossy(scale(c, 1.0f + 0.25f * vein), 0.045f, 0.10f);
}

/* Hangs from above at the right, in deep folds. */
static float curtain(float x, float y)
{
    float sway = 0.10f * y + 0.12f * noise2(x * 0.4f, y * 0.35f);
    float u = x + sway;
    return -2.35f + 0.26f * sinf(3.4f * u) + 0.09f * sinf(8.1f * u + 1.3f) + 0.05f * noise2(u * 3.0f, y * 0.5f);
}

static float curtain_edge(float y)
{
    return 2.05f + 0.16f * sinf(0.9f * y + 0.6f) - 0.045f * square(y + 0.5f);
}

static int meet_curtain(Vec o, Vec d, float limit, float *where)
{
    if (d.z >= 0.0f)
        return 0;
    float t = fmaxf((-1.9f - o.z) / d.z, 0.0f), end = fminf((-2.9f - o.z) / d.z, limit);
    float step = (end - t) / 24.0f;
    for (int i = 0; i < 24 && step > 0.0f; i++, t += step) {
        Vec p = along(o, d, t + step);
        if (p.z < curtain(p.x, p.y) && p.x > curtain_edge(p.y)) {
            float low = t, high = t + step;
            for (int k = 0; k < 8; k++) {
                float half = 0.5f * (low + high);
                Vec q = along(o, d, half);
                if (q.z < curtain(q.x, q.y))
                    high = half;
                else
                    low = half;
            }
            *where = high;
            return 1;
        }
    }
    return 0;
}

static Vec curtain_slope(Vec p)
{
    const float e = 0.01f;
    return normalise(
        vec(curtain(p.x - e, p.y) - curtain(p.x + e, p.y), curtain(p.x, p.y - e) - curtain(p.x, p.y + e), 2.0f * e));
}

/* ---- Light and rays ---- */

/* A tall window on the left, nearly in front. */
static const Vec window_middle = { -7.0f, 2.2f, 4.6f };
static const Vec window_across = { 0.95f, 0.0f, 1.6f }, window_up = { 0.0f, 2.6f, 0.0f };

static Vec sky(float up)
{
    return scale(blend(vec(1.0f, 0.84f, 0.66f), vec(0.94f, 0.96f, 1.0f), 0.5f + 0.5f * up), 12.5f);
}

static Vec window_facing(void)
{
    return normalise(cross(window_up, window_across));
}

static Beam beam(int lamp, Vec p, Dice *d)
{
    (void)lamp;
    float u = 2.0f * dice(d) - 1.0f, v = 2.0f * dice(d) - 1.0f;
    Vec to = sub(along(along(window_middle, window_across, u), window_up, v), p);
    float far = length(to), area = 4.0f * length(window_across) * length(window_up);
    Vec direction = scale(to, 1.0f / far);
    float share = area * fabsf(dot(direction, window_facing())) / (far * far * PI);
    return (Beam){ direction, far - 0.01f, scale(sky(v), share) };
}

/* Eyes and varnish mirror the window. */
static int meet_window(Vec o, Vec d, float limit, Hit *hit)
{
    Vec n = window_facing();
    float t = dot(sub(window_middle, o), n) / dot(d, n);
    if (!(t > 0.0f && t < limit))
        return 0;
    Vec p = along(o, d, t), at = sub(p, window_middle);
    float u = dot(at, window_across) / dot(window_across, window_across);
    float v = dot(at, window_up) / dot(window_up, window_up);
    if (fabsf(u) > 1.0f || fabsf(v) > 1.0f)
        return 0;
    *hit = (Hit){ t, p, n, WINDOW, surface_matt(vec(0.3f, 0.3f, 0.3f)) };
    hit->surface.emission = sky(v);
    return 1;
}

/* The room behind the viewer. */
static Vec beyond(Vec d)
{
    Vec c = blend(vec(0.20f, 0.19f, 0.19f), vec(0.26f, 0.17f, 0.10f), 0.5f + 0.5f * d.x);
    return scale(c, 0.9f + 0.3f * d.y);
}

static int meet(Vec o, Vec d, float limit, int inside, Hit *hit)
{
    (void)inside;
    float t = limit, where;
    int body = 0;
    HeadPart part = HEAD_SKIN, met;
    if (d.z < 0.0f && (wall_z - o.z) / d.z < t) {
        t = (wall_z - o.z) / d.z;
        body = WALL;
    }
    if (d.y < 0.0f && o.y > shelf_y) {
        float fall = (shelf_y - o.y) / d.y;
        Vec p = along(o, d, fall);
        if (fall < t && p.z < shelf_edge) {
            t = fall;
            body = SHELF;
        }
    }
    if (d.z < 0.0f) { /* the shelf's front */
        float front = (shelf_edge - o.z) / d.z;
        if (front > 0.0f && front < t && along(o, d, front).y < shelf_y) {
            *hit = (Hit){ front, along(o, d, front), vec(0.0f, 0.0f, 1.0f), SHELF, shelf_surface(along(o, d, front)) };
            return 1;
        }
    }
    if (meet_curtain(o, d, t, &where)) {
        t = where;
        body = CURTAIN;
    }
    if (march(o, d, t, &where, &met)) {
        t = where;
        part = met;
        body = BUST;
    }
    if (meet_window(o, d, t, hit))
        return 1;
    if (!body)
        return 0;
    Vec p = along(o, d, t), n = vec(0.0f, 1.0f, 0.0f);
    Surface s;
    if (body == WALL) {
        s = wall_surface(p, &n);
    } else if (body == SHELF) {
        s = shelf_surface(p);
    } else if (body == CURTAIN) {
        n = curtain_slope(p);
        float weave = 0.9f + 0.1f * noise2(p.x * 40.0f, p.y * 40.0f);
        s = surface_matt(scale(vec(0.34f, 0.035f, 0.03f), weave));
        s.soft = 0.15f;
    } else {
        n = slope(p);
        s = head_surface(part, to_bust(p));
    }
    *hit = (Hit){ t, p, n, body, s };
    return 1;
}

static float clear(Vec o, Vec d, float limit, int spare)
{
    float where;
    HeadPart part;
    (void)spare;
    return march(o, d, limit, &where, &part) || meet_curtain(o, d, limit, &where) ? 0.0f : 1.0f;
}

static const World world = { meet, clear, beyond, beam, 1, 4 };

static Glimpse sight(const Camera *camera, float x, float y, Dice *d)
{
    return path_trace(&world, camera->eye, camera_ray(camera, x, y), d);
}

int main(int count, char **words)
{
    Camera camera = camera_at(vec(-0.3f, -0.55f, 9.6f), vec(0.08f, -1.05f, 0.0f), 26.0f);
    Development development = { .exposure = 1.2f, .glow = 0.05f, .saturation = 1.05f };
    return film_main(count, words, sight, &camera, 880, 1.25f, 16, development);
}
