/* Every term of the loss, and the loss network, against central differences.
 *
 * Along a random direction u, (L(x + h u) - L(x - h u)) / 2h is compared with <dL/dx, u>. Losses
 * are computed in single precision and have kinks (ReLU, |x|), so a per cent is what such a test
 * can tell; tests/parity compares with automatic differentiation a hundred times more sharply.
 */
#include "synthetic.h"

#include "engine/gradient/losses.h"
#include "engine/gradient/neighbour_loss.h"

#include <math.h>
#include <string.h>

#define HEIGHT     48
#define WIDTH      64
#define DIRECTIONS 4
#define PLACES     400  /* of the picture, */
#define VECTORS    512  /* and of the painting, of which half are compared with */
#define CHANGE     5e-4 /* of the loss, each way */

typedef struct {
    PstArena *arena;
    PstLossNetwork *loss_network, *shallow_loss_network;
    PstLosses *losses;
    PstActivations *activations, *photo_activations, *shallow_activations;
    PstMap rgb, photo;
    float target[PST_TARGET_SIZE], shallow_target[PST_SHALLOW_TARGET_SIZE];
    PstMap *dtaps, *drgb;     /* of the activations */
    PstStyleVectors *vectors; /* of the painting */
    PstNeighbourLoss *neighbours;
} Bench;

/* A term as a function of bench->rgb; its gradient goes to bench->drgb. */
typedef double (*Term)(Bench *bench);

static void set_vectors(Bench *b, const PstMap *painting)
{
    PstRandom random = pst_random_at(1, 2, 3);
    g_autoptr(PstActivations) activations = pst_activations_new_of_layers(b->loss_network, b->arena, HEIGHT, WIDTH);

    pst_loss_network_forward(b->loss_network, painting, activations);
    b->vectors = pst_style_vectors_new(b->arena, VECTORS);
    pst_style_vectors_add(b->vectors, activations, VECTORS, &random);
    pst_style_vectors_finish(b->vectors);
}

static void set_up(Bench *b, gconstpointer unused)
{
    PstMap painting = synthetic_picture(7, HEIGHT, WIDTH);

    b->arena = pst_arena_new();
    b->loss_network = synthetic_network(2000);
    b->shallow_loss_network = synthetic_shallow_network(4000);
    b->losses = pst_losses_new(b->arena, HEIGHT, WIDTH);
    b->activations = pst_activations_new(b->loss_network, b->arena, HEIGHT, WIDTH, PST_TAPS, TRUE);
    b->photo_activations = pst_activations_new(b->loss_network, b->arena, HEIGHT, WIDTH, PST_TAPS, FALSE);
    b->shallow_activations = pst_activations_new_of_moments(b->shallow_loss_network, b->arena, HEIGHT, WIDTH);
    b->rgb = synthetic_picture(5, HEIGHT, WIDTH);
    b->photo = synthetic_picture(6, HEIGHT, WIDTH);
    b->dtaps = b->activations->dtaps;
    b->drgb = &b->activations->drgb;
    pst_loss_network_forward(b->loss_network, &painting, b->photo_activations);
    pst_loss_network_style(b->loss_network, b->losses, b->photo_activations->taps, b->target);
    pst_loss_network_forward(b->loss_network, &b->photo, b->photo_activations);
    pst_loss_network_forward(b->shallow_loss_network, &painting, b->shallow_activations);
    pst_shallow_loss_network_style(b->shallow_activations->taps, b->shallow_target);
    set_vectors(b, &painting);
    b->neighbours = pst_neighbour_loss_new(b->arena, PLACES, VECTORS / 2);
    pst_map_clear(&painting);
}

static void tear_down(Bench *b, gconstpointer unused)
{
    pst_arena_free(b->arena);
    pst_activations_free(b->activations);
    pst_activations_free(b->photo_activations);
    pst_activations_free(b->shallow_activations);
    pst_loss_network_free(b->loss_network);
    pst_loss_network_free(b->shallow_loss_network);
    pst_map_clear(&b->rgb);
    pst_map_clear(&b->photo);
}

static void clear_gradients(Bench *b)
{
    memset(b->drgb->data, 0, pst_map_size(b->drgb) * sizeof(float));
    for (int tap = 1; tap <= PST_TAPS; tap++) {
        memset(b->dtaps[tap].data, 0, pst_map_size(&b->dtaps[tap]) * sizeof(float));
    }
}

/* At all depths but the skipped ones. */
static double style_but(Bench *b, guint skipped)
{
    double loss;

    pst_loss_network_forward(b->loss_network, &b->rgb, b->activations);
    loss = pst_loss_style(b->loss_network, b->losses, b->activations->taps, skipped, b->target, 3, b->dtaps);
    pst_loss_network_backward(b->loss_network, &b->activations, 1);
    return 3 * loss;
}

static double style(Bench *b)
{
    return style_but(b, 0);
}

static double deep_style(Bench *b)
{
    return style_but(b, pst_shallow_loss_network_taps(b->shallow_loss_network));
}

static double shallow_style(Bench *b)
{
    double loss;

    pst_loss_network_forward(b->shallow_loss_network, &b->rgb, b->shallow_activations);
    loss = pst_shallow_loss_network_loss(b->shallow_activations, b->shallow_target, 3);
    pst_loss_network_backward(b->shallow_loss_network, &b->shallow_activations, 1);
    memcpy(b->drgb->data, b->shallow_activations->drgb.data, pst_map_size(b->drgb) * sizeof(float));
    return 3 * loss;
}

/* The way back begins at places of the layers alone. */
static double neighbours(Bench *b, const double weights[2])
{
    PstRandom random = pst_random_at(4, 5, 6);
    double terms[2];

    pst_loss_network_forward(b->loss_network, &b->rgb, b->activations);
    pst_neighbour_loss(b->neighbours, b->vectors, &random, weights, b->activations, terms);
    pst_loss_network_backward(b->loss_network, &b->activations, 1);
    return weights[0] * terms[0] + weights[1] * terms[1];
}

static double fidelity(Bench *b)
{
    return neighbours(b, (double[]){ 3, 0 });
}

static double coverage(Bench *b)
{
    return neighbours(b, (double[]){ 0, 3 });
}

static double content(Bench *b)
{
    double loss;

    pst_loss_network_forward(b->loss_network, &b->rgb, b->activations);
    loss = pst_loss_content(b->loss_network, b->losses, b->activations->taps, b->photo_activations->taps, 3, b->dtaps);
    pst_loss_network_backward(b->loss_network, &b->activations, 1);
    return 3 * loss;
}

static double structure(Bench *b)
{
    double loss = 0;

    pst_loss_network_forward(b->loss_network, &b->rgb, b->activations);
    for (int tap = 2; tap <= 4; tap++) {
        const PstMap *map = &b->activations->taps[tap];
        g_autofree float *shares = g_new(float, (gsize)map->height * map->width);

        for (int i = 0; i < map->height * map->width; i++) {
            shares[i] = 0.25f + i % 3;
        }
        loss += pst_loss_structure(map, &b->photo_activations->taps[tap], tap == 2 ? NULL : shares, tap,
                                   &b->dtaps[tap]) *
                tap;
    }
    pst_loss_network_backward(b->loss_network, &b->activations, 1);
    return loss;
}

static double light(Bench *b)
{
    return 3 * pst_loss_light(b->losses, &b->rgb, &b->photo, 3, b->drgb);
}

static double calm(Bench *b)
{
    return 3 * pst_loss_calm(&b->rgb, &b->photo, 3, b->drgb);
}

static double grid(Bench *b)
{
    return 3 * pst_loss_grid(&b->rgb, 3, b->drgb);
}

static double pixels(Bench *b)
{
    return 3 * pst_loss_pixels(&b->rgb, &b->photo, 3, b->drgb);
}

static double range(Bench *b)
{
    double loss;

    /* well beyond both ends */
    for (gsize i = 0; i < pst_map_size(&b->rgb); i++) {
        b->rgb.data[i] = 4 * b->rgb.data[i] - 1.5f;
    }
    loss = 3 * pst_loss_range(&b->rgb, 3, b->drgb);
    for (gsize i = 0; i < pst_map_size(&b->rgb); i++) {
        b->rgb.data[i] = (b->rgb.data[i] + 1.5f) / 4;
        b->drgb->data[i] *= 4;
    }
    return loss;
}

/* A fixed linear form of all taps: the loss network's way back alone. */
static double taps(Bench *b)
{
    double sum = 0;

    pst_loss_network_forward(b->loss_network, &b->rgb, b->activations);
    for (int tap = 1; tap <= PST_TAPS; tap++) {
        gsize n = pst_map_size(&b->dtaps[tap]);

        synthetic_fill(40 + tap, b->dtaps[tap].data, n, 1, 0.3);
        for (gsize i = 0; i < n; i++) {
            sum += (double)b->dtaps[tap].data[i] * b->activations->taps[tap].data[i];
        }
    }
    pst_loss_network_backward(b->loss_network, &b->activations, 1);
    return sum;
}

/* Along directions that lean towards the gradient, where single precision can still tell. */
static void compare(Bench *b, gconstpointer data)
{
    Term term = *(const Term *)data;
    gsize n = pst_map_size(&b->rgb);
    g_autofree float *u = g_new(float, n);
    g_autofree float *x = g_memdup2(b->rgb.data, n * sizeof(float));

    for (int direction = 0; direction < DIRECTIONS; direction++) {
        double slope = 0, difference, length = 0, loss, h;

        synthetic_fill(80 + direction, u, n, sqrt(3.0 / n), 0);
        clear_gradients(b);
        loss = term(b);
        for (gsize i = 0; i < n; i++) {
            length += (double)b->drgb->data[i] * b->drgb->data[i];
        }
        g_assert_cmpfloat(length, >, 0);
        for (gsize i = 0; i < n; i++) {
            u[i] += (float)(b->drgb->data[i] / sqrt(length));
            slope += (double)b->drgb->data[i] * u[i];
        }
        h = CHANGE * loss / slope;
        for (gsize i = 0; i < n; i++) {
            b->rgb.data[i] = x[i] + (float)(h * u[i]);
        }
        clear_gradients(b);
        difference = term(b);
        for (gsize i = 0; i < n; i++) {
            b->rgb.data[i] = x[i] - (float)(h * u[i]);
        }
        clear_gradients(b);
        difference = (difference - term(b)) / (2 * h);
        memcpy(b->rgb.data, x, n * sizeof(float));
        g_test_message("loss %.5g, slope %.6g, difference %.6g", loss, slope, difference);
        g_assert_cmpfloat(fabs(slope - difference), <, 0.01 * slope);
    }
}

/* A fixed linear form of the shipped shallow loss network's tap, as a function of its weights. */
static double of_weights(Bench *b, PstLossNetwork *loss_network, PstActivations *activations, const float *row)
{
    PstMap *d = &activations->dtaps[PST_SHALLOW_TAPS];
    double sum = 0;

    pst_loss_network_set(loss_network, row);
    pst_loss_network_forward(loss_network, &b->rgb, activations);
    synthetic_fill(43, d->data, pst_map_size(d), 1, 0.3);
    for (gsize i = 0; i < pst_map_size(d); i++) {
        sum += (double)d->data[i] * activations->taps[PST_SHALLOW_TAPS].data[i];
    }
    return sum;
}

static void compare_weights(Bench *b, gconstpointer unused)
{
    const PstLayer *layers = pst_shallow_student_layers;
    g_autoptr(PstLossNetwork) loss_network = pst_loss_network_new_layers(layers, PST_SHALLOW_LAYERS);
    g_autoptr(PstActivations)
        activations = pst_activations_new(loss_network, b->arena, HEIGHT, WIDTH, PST_SHALLOW_TAPS, TRUE);
    gsize n = pst_loss_network_offset(loss_network, PST_SHALLOW_LAYERS);
    float *row = pst_arena_floats(b->arena, n), *moved = pst_arena_floats(b->arena, n);
    float *gradient = pst_arena_floats(b->arena, n);

    synthetic_fill(60, row, n, 0.08, 0.01);
    memset(gradient, 0, n * sizeof *gradient);
    of_weights(b, loss_network, activations, row);
    activations->dparameters = gradient;
    pst_loss_network_backward(loss_network, &activations, 1);
    for (int layer = 0; layer < PST_SHALLOW_LAYERS; layer++) { /* along the gradient of one layer */
        gsize first = pst_loss_network_offset(loss_network, layer);
        gsize last = pst_loss_network_offset(loss_network, layer + 1);
        double length = 0, difference, h = 1e-3;

        for (gsize i = first; i < last; i++) {
            length += (double)gradient[i] * gradient[i];
        }
        length = sqrt(length);
        g_assert_cmpfloat(length, >, 0);
        for (int sign = 1; sign >= -1; sign -= 2) {
            memcpy(moved, row, n * sizeof *row);
            for (gsize i = first; i < last; i++) {
                moved[i] += (float)(sign * h * gradient[i] / length);
            }
            difference = sign > 0 ? of_weights(b, loss_network, activations, moved)
                                  : (difference - of_weights(b, loss_network, activations, moved)) / (2 * h);
        }
        g_test_message("layer %d: slope %.6g, difference %.6g", layer, length, difference);
        g_assert_cmpfloat(fabs(length - difference), <, 0.01 * length);
    }
}

int main(int count, char **arguments)
{
    static const struct {
        const char *name;
        Term term;
    } all[] = {
        { "/gradient/loss-network", taps },
        { "/gradient/style", style },
        { "/gradient/deep-style", deep_style },
        { "/gradient/shallow-style", shallow_style },
        { "/gradient/fidelity", fidelity },
        { "/gradient/coverage", coverage },
        { "/gradient/content", content },
        { "/gradient/structure", structure },
        { "/gradient/light", light },
        { "/gradient/calm", calm },
        { "/gradient/grid", grid },
        { "/gradient/pixels", pixels },
        { "/gradient/range", range },
    };

    g_test_init(&count, &arguments, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(all); i++) {
        g_test_add(all[i].name, Bench, &all[i].term, set_up, compare, tear_down);
    }
    g_test_add("/gradient/loss-network-weights", Bench, NULL, set_up, compare_weights, tear_down);
    return g_test_run();
}
