/* How a photograph is to be painted: everything that a person can set, as one immutable value.
 *
 * A look is shared by reference between the screen, the list of undo steps and the engine thread. To change one, copy
 * it, change the copy, and share that from then on. As text it is a recipe (recipe.h).
 */
#pragma once

#include "refined_painting.h"

#define PST_LOOK_STYLES  64 /* in all regions together, at most */
#define PST_LOOK_REGIONS 16 /* at most */

/* The numbers that can be set, and their ranges: for the command line, the window, recipes and sessions alike. */
typedef enum {
    PST_LOOK_STRENGTH,
    PST_LOOK_DETAIL,
    PST_LOOK_STROKE,
    PST_LOOK_CANVAS,
    PST_LOOK_LIKENESS,
    PST_LOOK_STYLE_SIDE,
    PST_LOOK_SIZE,
    PST_LOOK_WEIGHT, /* of a style in a mix */
    PST_LOOK_NUMBERS
} PstLookSetting;

typedef struct {
    const char *key; /* in recipes */
    double least, most, usual;
    gboolean whole; /* a whole number */
} PstLookNumber;

extern const PstLookNumber pst_look_numbers[PST_LOOK_NUMBERS];

/** One style of a mix. */
typedef struct {
    char *id;        /* of the library, or the path of the picture or style file that it comes from */
    char *file;      /* base name of that file where the path is not known any more; or NULL */
    char *hash;      /* SHA-256 of that file in small hexadecimal where it is known; or NULL */
    char *delta;     /* pst_weight_delta_hash() of the weight delta that the style is incomplete without; or NULL */
    double weight;   /* only ratios within a region matter */
    PstStyle *style; /* owned */
} PstLookStyle;

/** What a region may have of its own. Strokes and finish are the picture's: layers share the photograph's features,
 *  and a refinement has one size. */
typedef enum {
    PST_REGION_STRENGTH = 1 << 0,
    PST_REGION_DETAIL = 1 << 1,
    PST_REGION_LIKENESS = 1 << 2,
    PST_REGION_COLOURS = 1 << 3
} PstRegionOwn;

/** What applies in one region. */
typedef struct {
    PstLookStyle *styles;
    int count;
    PstMask *mask;         /* NULL: everywhere; owned */
    unsigned own;          /* PstRegionOwn: what the region has of its own; the rest is the look's */
    PstPaintManner manner; /* of which counts what is its own */
} PstLookRegion;

/** How far painting goes. */
typedef enum {
    PST_FINISH_INSTANT,    /* what the generator paints */
    PST_FINISH_MASTERPIECE /* that, refined (refined_painting.h) */
} PstFinish;

/** "instant", "masterpiece": in recipes and on the command line; ends with NULL. */
extern const char *const pst_finish_names[];

typedef struct {
    gatomicrefcount references;
    PstLookRegion regions[PST_LOOK_REGIONS]; /* the lowest first */
    int count;                               /* at least 1 */
    double strength;                         /* 0: the photograph, 1: the full painting */
    double detail;                           /* how much of the fine drawing is kept */
    double stroke;                           /* strokes are so many times larger than usual */
    int canvas; /* pixels of the short side at which strokes are the networks' own; on larger pictures they are larger,
                   so that the whole is the same painting at any number of pixels. 0: their own on any picture */
    double likeness; /* of a masterpiece to the photograph */
    PstFinish finish;
    gboolean keep_colours; /* the photograph's */
    int style_side;        /* pixels of the short side at which style pictures were looked at */
    int size;              /* pixels of the result's long side; 0: as the photograph */
} PstLook;

/** One region without a style, everything else as usual. */
PstLook *pst_look_new(void);
PstLook *pst_look_copy(const PstLook *look);
PstLook *pst_look_ref(PstLook *look);
void pst_look_unref(PstLook *look);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstLook, pst_look_unref)

gboolean pst_look_equal(const PstLook *a, const PstLook *b);

/** TRUE when there is nothing to paint: no region has a style. */
gboolean pst_look_is_plain(const PstLook *look);

/** The names of the styles, for people: "The Great Wave", "The Kiss + The Scream". Owned by the caller. */
char *pst_look_title(const PstLook *look);

/** The place of a style in the region, or -1. */
int pst_look_region_find(const PstLookRegion *region, const char *id);

/** How a region is painted: what it has of its own, and the look's for the rest. */
PstPaintManner pst_look_region_manner(const PstLook *look, int region);

/** The styles of a region that has some, mixed by weight. Owned by the caller. */
PstStyle *pst_look_region_mix(const PstLookRegion *region);

/** TRUE while the weight delta of a trained style is only named. */
gboolean pst_look_style_is_incomplete(const PstLookStyle *style);

/** TRUE if the look asks for a masterpiece and all of its styles have what that needs. Where it is FALSE and `lacking`
 *  is not NULL, that is the first style without a palette, or NULL: no masterpiece is asked for. */
gboolean pst_look_is_refinable(const PstLook *look, const PstLookStyle **lacking);

/** How many times larger than the networks' own strokes are on a picture of this size: 1 or more, as there are none
 *  finer. */
double pst_look_stroke(const PstLook *look, int width, int height);

/** What refining needs to know of the look. */
PstRefinedOptions pst_look_refined_options(const PstLook *look);

/* For a look that is not shared: */

/** Adds a style (copied) to a region, or changes its weight where it is there. NULL when there are PST_LOOK_STYLES.
 *  Valid until the next is added. */
PstLookStyle *pst_look_add_style(PstLook *look, int region, const char *id, const PstStyle *style, double weight);

/** The same where there may be one of that id already: a painting can be mixed with its namesake. */
PstLookStyle *pst_look_append_style(PstLook *look, int region, const char *id, const PstStyle *style, double weight);
void pst_look_region_remove(PstLookRegion *region, int index);

/** Takes the weight delta from `trained` if it is the one that is named, and palette and patches if `trained` is a
 *  style of the same pictures; TRUE if no weight delta is missing then. */
gboolean pst_look_style_complete(PstLookStyle *style, const PstStyle *trained);

/** Adds an empty region on top, with a mask that is nowhere; its number, or -1 when there are PST_LOOK_REGIONS. */
int pst_look_add_region(PstLook *look);

/** Gives a region that much of its own (PstRegionOwn, one or more), taken from `manner`. */
void pst_look_region_set(PstLookRegion *region, unsigned own, const PstPaintManner *manner);
void pst_look_remove_region(PstLook *look, int index);

/** Where there is one region only, what it has of its own becomes the look's. Removing a region sees to it. */
void pst_look_fold_region(PstLook *look);

/** Leaves the first region only, without its mask: masks belong to one photograph. TRUE if that changed anything. */
gboolean pst_look_forget_regions(PstLook *look);

/** A look for the painter: a layer for each region that has styles. `layers` (overwritten) borrows the masks; clear
 *  it with pst_look_layers_clear(), and do not copy it. Stroke and size are for the caller to see to. */
typedef struct {
    PstPaintLayers paint;
    PstPaintLayer layers[PST_LOOK_REGIONS];
    PstPaintManner manners[PST_LOOK_REGIONS];
    PstStyle *mixes[PST_LOOK_REGIONS];
} PstLookLayers;

void pst_look_layers_init(PstLookLayers *layers, const PstLook *look);
void pst_look_layers_clear(PstLookLayers *layers);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PstLookLayers, pst_look_layers_clear)
