/* How far a picture is from what the painter was trained on: the Mahalanobis distance of its statistics (Mahalanobis,
 * "On the generalised distance in statistics", 1936), under a normal distribution of principal components and, for the
 * rest, of one variance (Tipping and Bishop, "Probabilistic principal component analysis", 1999).
 *
 * data/familiarity.safetensors holds for each kind, "photograph" and "painting": "<kind>.mean", "<kind>.deviation"
 * [480], "<kind>.axes" [k][480], standardised axes divided by the deviations along them, "<kind>.rest" [1], 1 / the
 * rest's deviation, and "<kind>.limit" [1]; metadata "format" = "pastiche-familiarity-1".
 */
#pragma once

#include "engine/network/safetensors_writer.h"
#include "engine/style/style.h"

#define PST_FAMILIARITY_FILE "familiarity.safetensors"

typedef enum { PST_FAMILIAR_PHOTOGRAPH, PST_FAMILIAR_PAINTING, PST_FAMILIAR_KINDS } PstFamiliarKind;

/** Read-only, any number of threads may share it. */
typedef struct PstFamiliarity PstFamiliarity;

/** Fits a distribution to statistics [n][PST_STYLE_SIZE] of each kind; the limit is what all but one in a hundred of
 *  `calibration` are within, pictures that nothing else was fitted to. */
typedef struct {
    const float *statistics, *calibration;
    int count, calibrations;
} PstFamiliarPictures;

PstFamiliarity *pst_familiarity_fit(const PstFamiliarPictures pictures[PST_FAMILIAR_KINDS]);
void pst_familiarity_free(PstFamiliarity *familiarity);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstFamiliarity, pst_familiarity_free)

/** Reads the file in the data folder, strictly. NULL with PST_TENSORS_ERROR or as pst_data_folder() says. */
PstFamiliarity *pst_familiarity_load_default(GError **error);
gboolean pst_familiarity_write(const PstFamiliarity *familiarity, const char *path, GError **error);

/** The distance of a picture's statistics from those of that kind, over the limit: above 1 it is unlike them. */
double pst_familiarity_distance(const PstFamiliarity *familiarity, PstFamiliarKind kind, const float *statistics);
