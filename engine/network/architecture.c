#include "architecture.h"

const PstLayer pst_encoder_layers[PST_ENCODER_LAYERS] = {
    { "conv1_1", 3, 16, 1, FALSE },    { "conv1_2", 16, 16, 0, TRUE },    { "conv2_1", 16, 32, 2, FALSE },
    { "conv2_2", 32, 32, 0, TRUE },    { "conv3_1", 32, 64, 3, FALSE },   { "conv3_2", 64, 64, 0, FALSE },
    { "conv3_3", 64, 64, 0, FALSE },   { "conv3_4", 64, 64, 0, TRUE },    { "conv4_1", 64, 128, 4, FALSE },
    { "conv4_2", 128, 128, 0, FALSE }, { "conv4_3", 128, 128, 0, FALSE }, { "conv4_4", 128, 128, 0, TRUE },
    { "conv5_1", 128, 128, 5, FALSE },
};

const int pst_tap_channels[PST_TAPS + 1] = { 3, 16, 32, 64, 128, 128 };
const int pst_teacher_channels[PST_TAPS + 1] = { 3, 64, 128, 256, 512, 512 };

const PstLayer pst_generator_layers[PST_GENERATOR_LAYERS] = {
    { "conv4_1", 128, 128, 0, FALSE }, { "conv4_2", 128, 128, 0, FALSE }, { "conv4_3", 128, 128, 0, FALSE },
    { "conv4_4", 128, 64, 0, FALSE },  { "conv3_1", 64, 64, 0, FALSE },   { "conv3_2", 64, 64, 0, FALSE },
    { "conv3_3", 64, 32, 0, FALSE },   { "conv2_1", 32, 32, 0, FALSE },   { "conv2_2", 32, 16, 0, FALSE },
    { "conv1_1", 16, 16, 0, FALSE },   { "conv1_2", 16, 3, 0, FALSE },
};

int pst_style_offset(int tap)
{
    int offset = 0;

    for (int i = 1; i < tap; i++) {
        offset += pst_tap_channels[i];
    }
    return offset;
}
