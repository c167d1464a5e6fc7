#include "film.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

Camera camera_at(Vec eye, Vec target, float degrees)
{
    Camera c = { .eye = eye, .forward = normalise(sub(target, eye)) };
    c.right = normalise(cross(c.forward, vec(0.0f, 1.0f, 0.0f)));
    c.up = cross(c.right, c.forward);
    c.spread = tanf(degrees * PI / 360.0f);
    return c;
}

Vec camera_ray(const Camera *c, float x, float y)
{
    return normalise(along(along(c->forward, c->right, x * c->spread), c->up, y * c->spread));
}

/* One sample in a thousand finds the sun in a dewdrop; it may not own the pixel. */
static Vec tame(Vec light, float most)
{
    float peak = fmaxf(light.x, fmaxf(light.y, light.z));
    return peak > most ? scale(light, most / peak) : light;
}

/* Samples lie on a jittered lattice: as even as film needs, and no pattern for an eye to find. A
 * tent two pixels wide softens edges the way a lens does. */
static void expose(Film *film, Sight sight, const Camera *camera, int samples)
{
    int side = (int)ceilf(sqrtf((float)samples));
    for (int y = 0; y < film->height; y++)
        for (int x = 0; x < film->width; x++) {
            Dice d = { (uint32_t)(y * film->width + x) * 2654435761u + 12345u };
            Glimpse sum = { 0 };
            for (int s = 0; s < side * side; s++) {
                float u = ((float)(s % side) + dice(&d)) / (float)side;
                float v = ((float)(s / side) + dice(&d)) / (float)side;
                u = u < 0.5f ? sqrtf(2.0f * u) - 1.0f : 1.0f - sqrtf(2.0f - 2.0f * u);
                v = v < 0.5f ? sqrtf(2.0f * v) - 1.0f : 1.0f - sqrtf(2.0f - 2.0f * v);
                float px = ((float)x + 0.5f + 0.85f * u) * 2.0f / (float)film->width - 1.0f;
                float py = ((float)film->height - 2.0f * ((float)y + 0.5f + 0.85f * v)) / (float)film->width;
                Glimpse g = sight(camera, px, py, &d);
                sum.light = add(sum.light, tame(g.light, 12.0f));
                sum.bounced = add(sum.bounced, tame(g.bounced, 6.0f));
                sum.albedo = add(sum.albedo, g.albedo);
                sum.normal = add(sum.normal, g.normal);
                sum.depth += g.depth;
            }
            float share = 1.0f / (float)(side * side);
            film->seen[y * film->width + x] = (Glimpse){ scale(sum.light, share), scale(sum.bounced, share),
                                                         scale(sum.albedo, share), scale(sum.normal, share),
                                                         sum.depth * share };
        }
}

/* Averages bounced light with that of neighbours that lie on the same surface and face the same
 * way. */
static void gather(Film *film)
{
    const int reach = 6;
    for (int y = 0; y < film->height; y++)
        for (int x = 0; x < film->width; x++) {
            const Glimpse *here = &film->seen[y * film->width + x];
            Vec sum = vec(0.0f, 0.0f, 0.0f);
            float total = 0.0f;
            for (int j = -reach; j <= reach; j++)
                for (int i = -reach; i <= reach; i++) {
                    if (x + i < 0 || x + i >= film->width || y + j < 0 || y + j >= film->height)
                        continue;
                    const Glimpse *there = &film->seen[(y + j) * film->width + x + i];
                    Vec turned = sub(here->normal, there->normal);
                    float apart = (here->depth - there->depth) / (0.03f * here->depth + 1e-6f);
                    float weight = expf(-(float)(i * i + j * j) / 16.0f - dot(turned, turned) * 5.0f - apart * apart);
                    sum = add(sum, scale(there->bounced, weight));
                    total += weight;
                }
            film->light[y * film->width + x] = add(here->light, mul(here->albedo, scale(sum, 1.0f / total)));
        }
}

/* Three passes of a running mean come close to a Gaussian and cost nothing per pixel of radius. */
static void blur_lines(Vec *p, int count, int step, int lines, int jump, int radius)
{
    Vec *line = malloc(sizeof *line * (size_t)count);
    for (int l = 0; l < lines; l++, p += jump)
        for (int pass = 0; pass < 3; pass++) {
            Vec sum = vec(0.0f, 0.0f, 0.0f);
            for (int i = -radius; i <= radius; i++)
                sum = add(sum, p[(int)clamp((float)i, 0.0f, (float)count - 1.0f) * step]);
            for (int i = 0; i < count; i++) {
                line[i] = scale(sum, 1.0f / (float)(2 * radius + 1));
                int in = i + radius + 1 < count ? i + radius + 1 : count - 1;
                int out = i - radius > 0 ? i - radius : 0;
                sum = add(sum, sub(p[in * step], p[out * step]));
            }
            for (int i = 0; i < count; i++)
                p[i * step] = line[i];
        }
    free(line);
}

static void scatter(Film *film, float share)
{
    size_t count = (size_t)film->width * (size_t)film->height;
    Vec *halo = malloc(sizeof *halo * count);
    memcpy(halo, film->light, sizeof *halo * count);
    int radius = film->width / 70 + 1;
    blur_lines(halo, film->width, 1, film->height, film->width, radius);
    blur_lines(halo, film->height, film->width, film->width, 1, radius);
    for (size_t i = 0; i < count; i++)
        film->light[i] = blend(film->light[i], halo[i], share);
    free(halo);
}

/* Narkowicz's fit of the ACES film curve, then the sRGB transfer curve. */
static float develop(float light)
{
    float v = fmaxf(light, 0.0f) * 0.7f;
    v = clamp(v * (2.51f * v + 0.03f) / (v * (2.43f * v + 0.59f) + 0.14f), 0.0f, 1.0f);
    return v <= 0.0031308f ? 12.92f * v : 1.055f * powf(v, 1.0f / 2.4f) - 0.055f;
}

static int print(const Film *film, const char *path, Development d)
{
    FILE *file = fopen(path, "wb");
    if (!file) {
        fprintf(stderr, "%s: cannot be written; choose a folder that you may write to\n", path);
        return 1;
    }
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr errors;
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_compress(&jpeg);
    jpeg_stdio_dest(&jpeg, file);
    jpeg.image_width = (JDIMENSION)film->width;
    jpeg.image_height = (JDIMENSION)film->height;
    jpeg.input_components = 3;
    jpeg.in_color_space = JCS_RGB;
    jpeg_set_defaults(&jpeg);
    jpeg_set_quality(&jpeg, 92, TRUE);
    for (int i = 0; i < 3; i++)
        jpeg.comp_info[i].h_samp_factor = jpeg.comp_info[i].v_samp_factor = 1;
    jpeg.optimize_coding = TRUE;
    jpeg.dct_method = JDCT_ISLOW;
    jpeg_start_compress(&jpeg, TRUE);

    JSAMPLE *row = malloc((size_t)film->width * 3);
    Dice grain = { 99u };
    for (int y = 0; y < film->height; y++) {
        for (int x = 0; x < film->width; x++) {
            float u = 2.0f * (float)x / (float)film->width - 1.0f;
            float v = 2.0f * (float)y / (float)film->height - 1.0f;
            float corners = 1.0f - 0.11f * (u * u + v * v); /* a lens darkens its corners */
            Vec light = scale(film->light[y * film->width + x], d.exposure * corners);
            float grey = dot(light, vec(0.2126f, 0.7152f, 0.0722f));
            light = blend(vec(grey, grey, grey), light, d.saturation);
            float channels[3] = { develop(light.x), develop(light.y), develop(light.z) };
            /* Triangular dither of one step keeps the sky's gradient from breaking into bands. */
            for (int c = 0; c < 3; c++) {
                float value = channels[c] * 255.0f + 0.5f + dice(&grain) - dice(&grain);
                row[3 * x + c] = (JSAMPLE)clamp(value, 0.0f, 255.0f);
            }
        }
        jpeg_write_scanlines(&jpeg, &row, 1);
    }
    free(row);
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    if (fclose(file)) {
        fprintf(stderr, "%s: not written to its end; make room on the disk\n", path);
        return 1;
    }
    return 0;
}

int film_main(int count, char **words, Sight sight, const Camera *camera, int width, float aspect, int samples,
              Development development)
{
    if (count < 2) {
        fprintf(stderr, "usage: %s FILE.jpg [WIDTH [SAMPLES]]\n", words[0]);
        return 2;
    }
    if (count > 2)
        width = (int)clamp((float)atoi(words[2]), 16.0f, 8192.0f);
    if (count > 3)
        samples = (int)clamp((float)atoi(words[3]), 1.0f, 4096.0f);
    Film film = { .width = width, .height = (int)lrintf((float)width * aspect) };
    size_t pixels = (size_t)film.width * (size_t)film.height;
    film.light = malloc(sizeof *film.light * pixels);
    film.seen = malloc(sizeof *film.seen * pixels);
    expose(&film, sight, camera, samples);
    gather(&film);
    free(film.seen);
    scatter(&film, development.glow);
    int status = print(&film, words[1], development);
    free(film.light);
    return status;
}
