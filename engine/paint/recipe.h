/* The recipe of a painting: everything but the photograph that its result depends on, as a small JSON text.
 *
 * Styles are inlined, so that a recipe works where the style or its picture is not at hand. What training changed in the
 * generator is too much for that: a recipe only names it, and has to be completed from the trained style. The text is described in
 * docs/formats.md. It is read strictly: bounded, every known value of the right type, finite and in range; keys that
 * this version doesn't know are passed over, and texts of a later format are refused. It is written canonically: the
 * same recipe gives the same bytes, and reading them back gives the same recipe, to the last bit.
 */
#pragma once

#include "engine/style/style.h"

G_BEGIN_DECLS

#define PST_RECIPE_ERROR pst_recipe_error_quark()
GQuark pst_recipe_error_quark(void);

typedef enum {
    PST_RECIPE_ERROR_FILE,    /* can't be read, is too large or is not such a JSON text */
    PST_RECIPE_ERROR_VERSION, /* of a later format */
    PST_RECIPE_ERROR_VALUE,   /* a value is missing, of the wrong type or out of range */
    PST_RECIPE_ERROR_STYLE,   /* a trained style that it needs is not at hand */
} PstRecipeError;

/* What a recipe may hold. */
#define PST_RECIPE_BYTES (8 << 20)
#define PST_RECIPE_STYLES 64
#define PST_RECIPE_REGIONS 16
#define PST_RECIPE_MASK (1 << 20)   /* bytes of a mask's text */
#define PST_RECIPE_MIN_WEIGHT 1e-30 /* so that sums and ratios of weights stay finite */
#define PST_RECIPE_MAX_WEIGHT 1e30
#define PST_RECIPE_MIN_STYLE_SIDE 1
#define PST_RECIPE_MAX_STYLE_SIDE 200000
#define PST_RECIPE_MAX_SIZE 1000000
#define PST_RECIPE_MAX_STROKE 16.0

/** One of the styles that were mixed. */
typedef struct {
    char *id;        /* short name, never NULL: of the library, or made from the file's; no slash in it */
    char *file;      /* base name of the picture or style file that it came from, or NULL: from the library */
    char *hash;      /* SHA-256 of that file in small hexadecimal, or NULL */
    double weight;   /* PST_RECIPE_MIN_WEIGHT .. PST_RECIPE_MAX_WEIGHT; only ratios within a region matter */
    int region;      /* where it applies: an index of the recipe's regions; 0 where there are none */
    PstStyle *style; /* its texts and statistics; no thumbnail; its change where that is at hand */
    char *change;    /* pst_weight_delta_hash() of the change that it was trained to, or NULL: not trained */
} PstRecipeStyle;

typedef struct {
    char *program; /* name and version of what made it, "pastiche 0.1.0"; or NULL */
    char *model;   /* SHA-256 of the generator's weights, see pst_recipe_set_origin(); or NULL */
    char *date;    /* ISO 8601, UTC, to the second; or NULL */
    GPtrArray *styles;     /* of PstRecipeStyle, 1 .. PST_RECIPE_STYLES */
    double strength;       /* 0 .. 1, as in PstPaintSettings */
    double detail;         /* 0 .. 1 */
    gboolean keep_colours;
    double stroke;  /* 1 .. PST_RECIPE_MAX_STROKE: strokes are so many times larger than the networks' own */
    int style_side; /* pixels of the short side at which style pictures were looked at */
    int size;       /* pixels of the result's long side, or 0: as the photograph */
    GPtrArray *masks; /* of char *, one for each region, 0 .. PST_RECIPE_REGIONS, the lowest first: the text of its mask
                       * in printable ASCII, up to PST_RECIPE_MASK bytes; "" is everywhere. None: one region, everywhere */
} PstRecipe;

/** A recipe without styles, at the default settings. */
PstRecipe *pst_recipe_new(void);
void pst_recipe_free(PstRecipe *recipe);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstRecipe, pst_recipe_free)

/** Adds a style of region 0, of which statistics, change and texts are copied. In `id` and `file` slashes and control characters become
 *  hyphens; all texts are made valid UTF-8 and cut at PST_STYLE_TEXT bytes. `file` and `hash` may be NULL. Owned by the
 *  recipe. */
PstRecipeStyle *pst_recipe_add_style(PstRecipe *recipe, const char *id, const char *file,
                                           const char *hash, double weight, const PstStyle *style);

/** TRUE while the change of a trained style is only named. */
gboolean pst_recipe_style_is_incomplete(const PstRecipeStyle *style);

/** Takes the change from `trained` if it is the one that is named; TRUE if nothing is missing then. */
gboolean pst_recipe_style_complete(PstRecipeStyle *style, const PstStyle *trained);

/** FALSE and PST_RECIPE_ERROR_STYLE while a style is incomplete; `name` begins the message. */
gboolean pst_recipe_is_complete(const PstRecipe *recipe, const char *name, GError **error);

/** Sets the date to now. */
void pst_recipe_set_date(PstRecipe *recipe);

/** Sets program and model: `program`, and the networks that are installed. FALSE and an error where there are none. */
gboolean pst_recipe_set_origin(PstRecipe *recipe, const char *program, GError **error);

/** FALSE if the recipe was made with other networks than those that are installed: results may differ. */
gboolean pst_recipe_suits(const PstRecipe *recipe);

/** SHA-256 of a file's bytes in small hexadecimal, owned by the caller. NULL and G_FILE_ERROR if it can't be read. */
char *pst_recipe_hash(const char *path, GError **error);

/** Reads a recipe. NULL and PST_RECIPE_ERROR, one line "file: reason; what to do". */
PstRecipe *pst_recipe_read(const char *path, GError **error);

/** The same from memory; `name` takes the file's place in error messages. */
PstRecipe *pst_recipe_parse(const char *text, gsize length, const char *name, GError **error);

/** The recipe as JSON text, UTF-8 and ending with a newline; owned by the caller. NULL and PST_RECIPE_ERROR_VALUE
 *  if a value is out of range, so that whatever is written can be read. */
char *pst_recipe_to_text(const PstRecipe *recipe, GError **error);

G_END_DECLS
