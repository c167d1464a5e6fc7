/* Trains the style space (engine/space/style_space.h) on the style rows of a bank of artworks.
 *
 * The autoencoder begins as principal components. Each step draws a batch of rows, moves the autoencoder against
 *
 *    mean squared error + kl * KL(code | prior) / 480 + adversary * softplus(-critic(mean of the code))
 *
 * and the critic to tell these means from draws of the prior (Makhzani et al., "Adversarial Autoencoders", 2015), each
 * by Adam. What is kept is the running average of the weights. Codes are made white over whole artworks; then the axes
 * of the rest and the colours are fitted. Artworks that are held out (PST_ARTWORK_IS_HELD_OUT) are not seen.
 */
#pragma once

#include "style_rows.h"

#include "engine/space/style_space.h"

typedef struct {
    int latent, hidden, critic; /* numbers of a code, of the hidden layers, of the critic's */
    int rests;                  /* axes of the rest */
    int steps, batch;
    double rate; /* of Adam; rises over 100 steps, falls to a hundredth along half a cosine */
    double critic_rate;
    double kl, adversary;
    guint64 seed;
    gboolean validate; /* hold a tenth of the training artworks out too: to choose the numbers above by */
    gboolean quiet;    /* prints nothing */
} PstSpaceTraining;

/** The numbers that the shipped space was made with. */
#define PST_SPACE_TRAINING                                                                                             \
    {                                                                                                                  \
        .latent = 24, .hidden = 256, .critic = 64, .rests = 96, .steps = 4000, .batch = 256, .rate = 1e-3,             \
        .critic_rate = 1e-3, .kl = 0.1, .adversary = 0.01, .seed = 1                                                   \
    }

/** Trains; prints losses every tenth of the steps, and at the end the error of held-out (or validation) artworks beside
 *  that of principal components. The same bytes for the same rows on one machine. */
PstStyleSpace *pst_space_training_run(const PstSpaceTraining *training, const PstStyleRows *rows);
