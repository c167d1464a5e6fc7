/* The architecture of the networks: names and channels of their layers, as in the weights files.
 *
 * Encoder (a thin VGG-19 to relu5_1; Simonyan and Zisserman 2015): 3x3 convolutions with ReLU, 2x2 max pooling where
 * said. Its taps are relu1_1 .. relu5_1 at 1, 1/2, 1/4, 1/8 and 1/16 of the picture's size.
 *
 * Generator: 3x3 convolutions, with ReLU but for the last. The style modulates each (scale and shift per output
 * channel, linear in a style code) and, from conv3_1 on, mixes their kernels (mixture.h). A(n) is AdaIN of relu<n>_1,
 * up is nearest-neighbour doubling:
 *
 *   e = conv4_1(A4)          x = conv4_4(conv4_3(conv4_2(e)) + e)
 *   x = up(x) + skip3(A3)    x = conv3_3(conv3_2(conv3_1(x)))
 *   x = up(x) + detail * skip2(A2)    x = conv2_2(conv2_1(x))
 *   rgb = conv1_2(conv1_1(up(x)))
 */
#pragma once

#include <glib.h>

typedef struct {
    const char *name;
    int in, out;
    int tap;       /* 1..5: its output is relu<tap>_1, 0: none */
    gboolean pool; /* a 2x2 max pooling follows */
} PstLayer;

#define PST_ENCODER_LAYERS 13
#define PST_TAPS           5 /* of the encoder; pictures are painted from the first four */
#define PST_STYLE_TAPS     4
extern const PstLayer pst_encoder_layers[PST_ENCODER_LAYERS];

/** Channels of relu<tap>_1, tap 1 .. 5, and of the VGG-19 features that a 1x1 map of it predicts. */
extern const int pst_tap_channels[PST_TAPS + 1];
extern const int pst_teacher_channels[PST_TAPS + 1];

enum {
    PST_CONV4_1,
    PST_CONV4_2,
    PST_CONV4_3,
    PST_CONV4_4,
    PST_CONV3_1,
    PST_CONV3_2,
    PST_CONV3_3,
    PST_CONV2_1,
    PST_CONV2_2,
    PST_CONV1_1,
    PST_CONV1_2,
    PST_GENERATOR_LAYERS
};
extern const PstLayer pst_generator_layers[PST_GENERATOR_LAYERS];

/* A style is the means of relu1_1 .. relu4_1 one after the other, then the standard deviations in the same order. */
#define PST_STYLE_CHANNELS (16 + 32 + 64 + 128)
#define PST_STYLE_SIZE     (2 * PST_STYLE_CHANNELS)
#define PST_STYLE_CODE     128
/* From this layer on kernels are mixed: each layer has its own kernels and PST_KERNELS sets more, weighted by the
 * style. */
#define PST_FIRST_MIXED  PST_CONV3_1
#define PST_MIXED_LAYERS (PST_GENERATOR_LAYERS - PST_FIRST_MIXED)
#define PST_KERNELS      8
/* Standardised styles are clamped to this. A channel that hardly varies over the paintings of the training would
 * otherwise get a huge value in the first picture that excites it. */
#define PST_STYLE_REACH 8.0f
/* Added to each variance before its square root, in painting and in training. */
#define PST_EPSILON 1e-5f

/** Where the means of relu<tap>_1 (1 .. 4) begin in a style; its standard deviations are PST_STYLE_CHANNELS later. */
int pst_style_offset(int tap);
