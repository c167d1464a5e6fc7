#include "look.h"

#include <glib/gi18n-lib.h>
#include <string.h>

const PstLookNumber pst_look_numbers[PST_LOOK_NUMBERS] = {
    [PST_LOOK_STRENGTH] = { "strength", 0, 1, 1, FALSE },
    [PST_LOOK_DETAIL] = { "detail", 0, 2, 1, FALSE },
    [PST_LOOK_STROKE] = { "stroke", 0.5, 4, 1, FALSE },
    [PST_LOOK_CANVAS] = { "canvas", 0, 8192, 512, TRUE },
    [PST_LOOK_LIKENESS] = { "likeness", 0, 1, 0.5, FALSE },
    [PST_LOOK_STYLE_SIDE] = { "style_size", 32, 8192, PST_STYLE_SIDE, TRUE },
    [PST_LOOK_SIZE] = { "size", 0, 1000000, 0, TRUE },
    [PST_LOOK_WEIGHT] = { "weight", 1e-30, 1e30, 1, FALSE },
};

const char *const pst_finish_names[] = { "instant", "masterpiece", NULL };

PstLook *pst_look_new(void)
{
    PstLook *look = g_new0(PstLook, 1);

    g_atomic_ref_count_init(&look->references);
    look->count = 1;
    look->strength = look->detail = look->stroke = 1;
    look->canvas = (int)pst_look_numbers[PST_LOOK_CANVAS].usual;
    look->likeness = pst_look_numbers[PST_LOOK_LIKENESS].usual;
    look->style_side = PST_STYLE_SIDE;
    return look;
}

static void style_clear(PstLookStyle *style)
{
    g_free(style->id);
    g_free(style->file);
    g_free(style->hash);
    g_free(style->delta);
    pst_style_free(style->style);
}

static void region_clear(PstLookRegion *region)
{
    for (int i = 0; i < region->count; i++) {
        style_clear(&region->styles[i]);
    }
    g_free(region->styles);
    pst_mask_unref(region->mask);
    *region = (PstLookRegion){ 0 };
}

static void region_copy(const PstLookRegion *region, PstLookRegion *copy)
{
    *copy = *region;
    copy->styles = g_new(PstLookStyle, region->count);
    for (int i = 0; i < region->count; i++) {
        const PstLookStyle *style = &region->styles[i];

        copy->styles[i] = (PstLookStyle){ g_strdup(style->id),    g_strdup(style->file), g_strdup(style->hash),
                                          g_strdup(style->delta), style->weight,         pst_style_copy(style->style) };
    }
    copy->mask = region->mask ? pst_mask_ref(region->mask) : NULL;
}

PstLook *pst_look_copy(const PstLook *look)
{
    PstLook *copy = pst_look_new();

    copy->count = look->count;
    copy->strength = look->strength;
    copy->detail = look->detail;
    copy->stroke = look->stroke;
    copy->canvas = look->canvas;
    copy->likeness = look->likeness;
    copy->finish = look->finish;
    copy->keep_colours = look->keep_colours;
    copy->style_side = look->style_side;
    copy->size = look->size;
    for (int i = 0; i < look->count; i++) {
        region_copy(&look->regions[i], &copy->regions[i]);
    }
    return copy;
}

PstLook *pst_look_ref(PstLook *look)
{
    g_atomic_ref_count_inc(&look->references);
    return look;
}

void pst_look_unref(PstLook *look)
{
    if (look && g_atomic_ref_count_dec(&look->references)) {
        for (int i = 0; i < look->count; i++) {
            region_clear(&look->regions[i]);
        }
        g_free(look);
    }
}

static gboolean own_equal(const PstLookRegion *a, const PstLookRegion *b)
{
    return a->own == b->own && (!(a->own & PST_REGION_STRENGTH) || a->manner.strength == b->manner.strength) &&
           (!(a->own & PST_REGION_DETAIL) || a->manner.detail == b->manner.detail) &&
           (!(a->own & PST_REGION_LIKENESS) || a->manner.likeness == b->manner.likeness) &&
           (!(a->own & PST_REGION_COLOURS) || a->manner.keep_colours == b->manner.keep_colours);
}

static gboolean region_equal(const PstLookRegion *a, const PstLookRegion *b)
{
    if (a->count != b->count || !pst_mask_equal(a->mask, b->mask) || !own_equal(a, b)) {
        return FALSE;
    }
    for (int i = 0; i < a->count; i++) {
        if (a->styles[i].weight != b->styles[i].weight || strcmp(a->styles[i].id, b->styles[i].id) != 0 ||
            memcmp(a->styles[i].style->statistics, b->styles[i].style->statistics,
                   sizeof a->styles[i].style->statistics) != 0 ||
            memcmp(a->styles[i].style->correction, b->styles[i].style->correction,
                   sizeof a->styles[i].style->correction) != 0 ||
            !pst_weight_delta_equal(a->styles[i].style->delta, b->styles[i].style->delta)) {
            return FALSE;
        }
    }
    return TRUE;
}

gboolean pst_look_equal(const PstLook *a, const PstLook *b)
{
    if (a->count != b->count || a->strength != b->strength || a->detail != b->detail || a->stroke != b->stroke ||
        a->canvas != b->canvas || a->likeness != b->likeness || a->finish != b->finish ||
        a->keep_colours != b->keep_colours || a->style_side != b->style_side || a->size != b->size) {
        return FALSE;
    }
    for (int i = 0; i < a->count; i++) {
        if (!region_equal(&a->regions[i], &b->regions[i])) {
            return FALSE;
        }
    }
    return TRUE;
}

gboolean pst_look_is_plain(const PstLook *look)
{
    for (int i = 0; i < look->count; i++) {
        if (look->regions[i].count > 0) {
            return FALSE;
        }
    }
    return TRUE;
}

char *pst_look_title(const PstLook *look)
{
    GString *title = g_string_new(NULL);

    for (int i = 0; i < look->count; i++) {
        for (int k = 0; k < look->regions[i].count; k++) {
            const char *name = look->regions[i].styles[k].style->name;

            if (!strstr(title->str, name)) {
                g_string_append_printf(title, "%s%s", title->len ? " + " : "", name);
            }
        }
    }
    return g_string_free(title, FALSE);
}

int pst_look_region_find(const PstLookRegion *region, const char *id)
{
    for (int i = 0; i < region->count; i++) {
        if (strcmp(region->styles[i].id, id) == 0) {
            return i;
        }
    }
    return -1;
}

PstLookStyle *pst_look_append_style(PstLook *look, int index, const char *id, const PstStyle *style, double weight)
{
    PstLookRegion *region = &look->regions[index];
    int count = 0;

    for (int i = 0; i < look->count; i++) {
        count += look->regions[i].count;
    }
    if (count >= PST_LOOK_STYLES) {
        return NULL;
    }
    region->styles = g_renew(PstLookStyle, region->styles, region->count + 1);
    region->styles[region->count] = (PstLookStyle){ .id = g_strdup(id),
                                                    .weight = weight,
                                                    .style = pst_style_copy(style) };
    return &region->styles[region->count++];
}

PstLookStyle *pst_look_add_style(PstLook *look, int index, const char *id, const PstStyle *style, double weight)
{
    PstLookRegion *region = &look->regions[index];
    int place = pst_look_region_find(region, id);

    if (place < 0) {
        return pst_look_append_style(look, index, id, style, weight);
    }
    region->styles[place].weight = weight;
    return &region->styles[place];
}

gboolean pst_look_style_is_incomplete(const PstLookStyle *style)
{
    return style->delta && !style->style->delta;
}

gboolean pst_look_is_refinable(const PstLook *look, const PstLookStyle **lacking)
{
    const PstLookStyle *first = NULL;
    gboolean asked = look->finish == PST_FINISH_MASTERPIECE;

    for (int i = look->count - 1; asked && i >= 0; i--) {
        for (int k = look->regions[i].count - 1; k >= 0; k--) {
            const PstLookStyle *style = &look->regions[i].styles[k];

            first = style->style->palette ? first : style;
        }
    }
    if (lacking) {
        *lacking = first;
    }
    return asked && !first && !pst_look_is_plain(look);
}

double pst_look_stroke(const PstLook *look, int width, int height)
{
    int side = MIN(width, height);

    return MAX(1, look->stroke * (look->canvas > 0 ? MAX(1, (double)side / look->canvas) : 1));
}

PstRefinedOptions pst_look_refined_options(const PstLook *look)
{
    return (PstRefinedOptions){ .likeness = look->likeness, .stroke = look->stroke };
}

gboolean pst_look_style_complete(PstLookStyle *style, const PstStyle *trained)
{
    PstStyle *own = style->style;
    gboolean same = memcmp(own->statistics, trained->statistics, sizeof trained->statistics) == 0;

    if (same && !own->palette && trained->palette) {
        own->palette = pst_style_palette_ref(trained->palette);
    }
    if (same && !own->patches && trained->patches) {
        own->patches = pst_style_patches_ref(trained->patches);
    }
    if (pst_look_style_is_incomplete(style) && trained->delta &&
        strcmp(style->delta, pst_weight_delta_hash(trained->delta)) == 0) {
        style->style->delta = pst_weight_delta_ref(trained->delta);
    }
    return !pst_look_style_is_incomplete(style);
}

void pst_look_region_remove(PstLookRegion *region, int index)
{
    style_clear(&region->styles[index]);
    region->count--;
    memmove(&region->styles[index], &region->styles[index + 1], (gsize)(region->count - index) * sizeof(PstLookStyle));
}

int pst_look_add_region(PstLook *look)
{
    if (look->count == PST_LOOK_REGIONS) {
        return -1;
    }
    look->regions[look->count] = (PstLookRegion){ .mask = pst_mask_new() };
    return look->count++;
}

void pst_look_region_set(PstLookRegion *region, unsigned own, const PstPaintManner *manner)
{
    PstPaintManner *to = &region->manner;

    region->own |= own;
    to->strength = own & PST_REGION_STRENGTH ? manner->strength : to->strength;
    to->detail = own & PST_REGION_DETAIL ? manner->detail : to->detail;
    to->likeness = own & PST_REGION_LIKENESS ? manner->likeness : to->likeness;
    to->keep_colours = own & PST_REGION_COLOURS ? manner->keep_colours : to->keep_colours;
}

void pst_look_remove_region(PstLook *look, int index)
{
    region_clear(&look->regions[index]);
    look->count--;
    memmove(&look->regions[index], &look->regions[index + 1], (gsize)(look->count - index) * sizeof(PstLookRegion));
    pst_look_fold_region(look);
}

void pst_look_fold_region(PstLook *look)
{
    PstPaintManner manner = pst_look_region_manner(look, 0);

    if (look->count == 1) {
        look->strength = manner.strength;
        look->detail = manner.detail;
        look->likeness = manner.likeness;
        look->keep_colours = manner.keep_colours;
        look->regions[0].own = 0;
    }
}

gboolean pst_look_forget_regions(PstLook *look)
{
    gboolean any = look->count > 1 || look->regions[0].mask;

    while (look->count > 1) {
        pst_look_remove_region(look, look->count - 1);
    }
    g_clear_pointer(&look->regions[0].mask, pst_mask_unref);
    return any;
}

PstPaintManner pst_look_region_manner(const PstLook *look, int index)
{
    PstLookRegion region = { .manner = { look->strength, look->detail, look->likeness, look->keep_colours } };

    pst_look_region_set(&region, look->regions[index].own, &look->regions[index].manner);
    return region.manner;
}

PstStyle *pst_look_region_mix(const PstLookRegion *region)
{
    g_autofree const PstStyle **styles = g_new(const PstStyle *, region->count);
    g_autofree double *weights = g_new(double, region->count);

    if (region->count == 1) {
        return pst_style_copy(region->styles[0].style);
    }
    for (int i = 0; i < region->count; i++) {
        styles[i] = region->styles[i].style;
        weights[i] = region->styles[i].weight;
    }
    return pst_style_mix(styles, weights, region->count);
}

void pst_look_layers_init(PstLookLayers *layers, const PstLook *look)
{
    int count = 0;

    for (int i = 0; i < look->count; i++) {
        if (look->regions[i].count > 0) {
            const PstLookRegion *region = &look->regions[i];

            layers->mixes[count] = pst_look_region_mix(region);
            layers->manners[count] = pst_look_region_manner(look, i);
            layers->layers[count] = (PstPaintLayer){ layers->mixes[count], region->mask,
                                                     region->own ? &layers->manners[count] : NULL };
            count++;
        }
    }
    layers->paint = (PstPaintLayers){ .layers = layers->layers,
                                      .count = count,
                                      .strength = look->strength,
                                      .detail = look->detail,
                                      .keep_colours = look->keep_colours };
}

void pst_look_layers_clear(PstLookLayers *layers)
{
    for (int i = 0; i < layers->paint.count; i++) {
        pst_style_free(layers->mixes[i]);
    }
}
