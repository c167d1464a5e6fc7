/* The bank of artworks: 836 public-domain works as styles, without their pictures.
 *
 * data/bank.safetensors holds "statistics" [n][PST_STYLE_SIZE], "measures" [n][PST_MEASURES], "palette"
 * [n][PST_APPEARANCE_COLOURS][3] (bytes), "position" [n][2] and "texts" (bytes: UTF-8, a JSON array of n objects);
 * metadata "format" = "pastiche-artworks-1". See docs/formats.md.
 */
#pragma once

#include "appearance.h"

#include "engine/style/style.h"

#define PST_ARTWORKS_FILE "bank.safetensors"

/* Every fifth is held out of all trainings and regressions over the bank, so that tests can ask about it. */
#define PST_ARTWORK_IS_HELD_OUT(index) ((index) % 5 == 4)

typedef struct {
    char *id;                                                            /* unique: small letters, digits, hyphens */
    char *title, *artist, *year, *movement, *medium, *caption, *licence; /* "" where unknown; title never is */
    float statistics[PST_STYLE_SIZE];
    PstAppearance appearance;
    float position[2]; /* on the map, both in 0..1 */
} PstArtwork;

/** Read-only, any number of threads may share it. */
typedef struct {
    int count;
    PstArtwork *artworks;
} PstArtworks;

/** An empty bank of so many artworks, to be filled. */
PstArtworks *pst_artworks_new(int count);
void pst_artworks_free(PstArtworks *artworks);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstArtworks, pst_artworks_free)

/** Reads a bank, strictly. NULL with PST_TENSORS_ERROR, whose message names the file. */
PstArtworks *pst_artworks_read(const char *path, GError **error);

/** Reads the one in the data folder; also the errors of pst_data_folder(). */
PstArtworks *pst_artworks_load_default(GError **error);

/** Writes a bank, statistics and measures as halves. FALSE with PST_TENSORS_ERROR. */
gboolean pst_artworks_write(const PstArtworks *artworks, const char *path, GError **error);

/** Gives every artwork an identifier made of its title, where needed of its artist too, where needed numbered. */
void pst_artworks_name(PstArtworks *artworks);

/** The artwork of that identifier, ignoring case, or NULL. */
const PstArtwork *pst_artworks_find(const PstArtworks *artworks, const char *id);

/** An artwork as a style that can be painted; owned by the caller. */
PstStyle *pst_artwork_style(const PstArtwork *artwork);

/** "Klimt, The Kiss", or the title alone; owned by the caller. */
char *pst_artwork_label(const PstArtwork *artwork);
