/* What a photograph is painted in: styles, one over the other, each where its mask says. */
#pragma once

#include "engine/style/style.h"
#include "mask.h"

/** How a layer is painted where that is not how the others are. */
typedef struct {
    double strength, detail; /* as in PstPaintLayers */
    double likeness;         /* of a masterpiece, as in PstRefinedOptions */
    gboolean keep_colours;
} PstPaintManner;

/** A style and where it applies. */
typedef struct {
    const PstStyle *style;
    const PstMask *mask;          /* NULL: everywhere */
    const PstPaintManner *manner; /* NULL: as all layers */
} PstPaintLayer;

/** What to paint. All is borrowed. */
typedef struct {
    const PstPaintLayer *layers; /* the lowest first; where no mask reaches, the photograph stays */
    int count;                   /* 0 or more */
    double strength;             /* 0 .. 1: 0 gives back the photograph, 1 paints fully */
    double detail;               /* 0 .. 2: how much of the fine drawing is kept */
    gboolean keep_colours;       /* keep the photograph's colours, paint only lightness */
} PstPaintLayers;

/** How far a layer is painted, how much fine drawing it keeps, and whether the colours. */
double pst_paint_layer_strength(const PstPaintLayers *layers, const PstPaintLayer *layer);
double pst_paint_layer_detail(const PstPaintLayers *layers, const PstPaintLayer *layer);
gboolean pst_paint_layer_keeps_colours(const PstPaintLayers *layers, const PstPaintLayer *layer);

/** One layer everywhere, painted fully. */
#define PST_PAINT_LAYERS(layer) ((PstPaintLayers){ .layers = (layer), .count = 1, .strength = 1, .detail = 1 })

/** The layers that show, the lowest first, owned by the caller with g_free(): not those under a later one that covers
 *  everything, nor those whose mask is nowhere. */
PstPaintLayer *pst_paint_layers_showing(const PstPaintLayers *layers, int *count);
