/* Distillation: a shallow loss network of our own (shallow_loss_network.h) learns VGG-19's relu3_1.
 *
 * The student begins at random. VGG-19, the teacher, encodes patches of photographs, of paintings and of stylised
 * samples once (teacher_patches.h); each step draws from these. The loss of a patch is
 *
 *   FEATURES MSE(features) + MSE(means of the channels) + MSE(their standard deviations)
 *
 * The last two are what a shallow loss network is for. A generator that learns under it finds out what it gets wrong,
 * so a quarter of a step's patches are adversarial, ones that have followed the student's own gradient towards the
 * statistics of another patch, and a quarter are of paintings by generators that were fine-tuned under the student
 * (drift.h). These are made anew every round of some steps, and the teacher encodes them, too.
 *
 * Hinton, Vinyals and Dean, "Distilling the Knowledge in a Neural Network", 2015; adversarial examples: Madry et al.,
 * "Towards Deep Learning Models Resistant to Adversarial Attacks", ICLR 2018.
 */
#pragma once

#include <glib.h>

/** What is asked for; borrowed. */
typedef struct {
    const char *photos, *paintings;  /* folders */
    const char *teacher;             /* VGG-19 to relu3_1, a file that pst_shallow_loss_network_read() takes */
    const char *encoder, *generator; /* files of the base model */
    const char *output; /* shallow loss network to write; "<output>.checkpoint" is continued where there is one */
    const char *start;  /* shallow loss network to begin from, or NULL: random weights */
    int steps, until;   /* until: stop earlier, 0: don't */
    double rate;        /* of Adam; it falls to a hundredth along half a cosine */
    int patches;        /* that the teacher encodes once, */
    int stylised;       /* from so many stylised samples beside photographs and paintings, */
    int adversarial;    /* and adversarial patches of each round, */
    int generators;     /* so many generators that learn under the student, */
    int drift;          /* for at most so many steps, */
    int drifted;        /* and patches of their paintings, a multiple of 4 times that many, */
    int round;          /* of so many steps */
    int threads;        /* 0: one per processor */
    gboolean quiet;     /* prints nothing */
} PstDistillation;

/** The numbers that the shipped shallow loss network was made with; the rest is NULL. */
#define PST_DISTILLATION                                                                                               \
    {                                                                                                                  \
        .steps = 5000, .rate = 2e-3, .patches = 6144, .stylised = 240, .adversarial = 128, .generators = 2,            \
        .drift = 300, .drifted = 480, .round = 250                                                                     \
    }

/** Trains, and prints a line for each round: what the student doesn't explain of the features, and how far the
 *  statistics are from the teacher's, on pictures held out of training. Writes network and checkpoint after every
 *  round; stops after one when *stop becomes true. A training that goes on from its checkpoint, with the same files and
 *  numbers, ends with the same bytes, on any number of threads. FALSE with PST_CHECKPOINT_ERROR, PST_TENSORS_ERROR or
 *  the errors of reading pictures. */
gboolean pst_distillation_run(const PstDistillation *distillation, const volatile int *stop, GError **error);
