#include "loss_curve.h"

#include <glib/gi18n.h>
#include <math.h>

#define MARGIN    6
#define NAMES     72  /* logical pixels at the right, for the names of the lines */
#define BOTTOM    20  /* and below, for the steps */
#define BEGINNING 8   /* points whose mean is where a line begins */
#define SMOOTH    0.9 /* of the running average that is drawn */
#define OUTLIER   2   /* times the beginning: a single photograph that is hard to paint says no more than that */

struct _PstLossCurve {
    GtkWidget parent_instance;
    GArray *points, *validations; /* PstTrainingPoint */
    int steps;
};

G_DEFINE_FINAL_TYPE(PstLossCurve, pst_loss_curve, GTK_TYPE_WIDGET)

/* Where values are on the paper. */
typedef struct {
    double left, top, width, height, lowest, highest;
    int steps;
} Paper;

void pst_loss_curve_set(PstLossCurve *curve, const GArray *points, const GArray *validations, int steps)
{
    g_array_set_size(curve->points, 0);
    g_array_set_size(curve->validations, 0);
    if (points->len > 0) {
        g_array_append_vals(curve->points, points->data, points->len);
    }
    if (validations->len > 0) {
        g_array_append_vals(curve->validations, validations->data, validations->len);
    }
    curve->steps = steps;
    gtk_widget_queue_draw(GTK_WIDGET(curve));
}

static double value_of(const GArray *points, guint i, gboolean content)
{
    const PstTrainingPoint *point = &g_array_index(points, PstTrainingPoint, i);

    return content ? point->content : point->style;
}

/* The line in parts of its beginning, smoothed; the caller's. */
static double *smooth(const GArray *points, gboolean content)
{
    double *line = g_new(double, MAX(points->len, 1)), start = 0, average = 0;
    guint beginning = MIN(BEGINNING, points->len);

    for (guint i = 0; i < beginning; i++) {
        start += value_of(points, i, content) / beginning;
    }
    average = start;
    for (guint i = 0; i < points->len; i++) {
        average = SMOOTH * average + (1 - SMOOTH) * MIN(value_of(points, i, content), OUTLIER * start);
        line[i] = start > 0 && isfinite(average) ? average / start : 1;
    }
    return line;
}

static double x_of(const Paper *paper, double step)
{
    return paper->left + paper->width * step / MAX(paper->steps, 1);
}

static double y_of(const Paper *paper, double part)
{
    return paper->top + paper->height * (paper->highest - part) / (paper->highest - paper->lowest);
}

static void write_text(GtkWidget *widget, cairo_t *cr, double x, double y, double align, const char *text)
{
    g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout(widget, text);
    g_autoptr(PangoAttrList) attributes = pango_attr_list_new();
    int width, height;

    pango_attr_list_insert(attributes, pango_attr_scale_new(0.82));
    pango_layout_set_attributes(layout, attributes);
    pango_layout_get_pixel_size(layout, &width, &height);
    cairo_move_to(cr, x - align * width, y - height / 2.0);
    pango_cairo_show_layout(cr, layout);
}

/* Lines at every quarter; the beginning is one of them. */
static void draw_grid(GtkWidget *widget, cairo_t *cr, const Paper *paper, const GdkRGBA *ink)
{
    cairo_set_line_width(cr, 1);
    for (double part = paper->highest; part >= paper->lowest - 1e-6; part -= 0.25) {
        double y = floor(y_of(paper, part)) + 0.5;

        cairo_set_source_rgba(cr, ink->red, ink->green, ink->blue, part == 1 ? 0.28 : 0.1);
        cairo_move_to(cr, paper->left, y);
        cairo_line_to(cr, paper->left + paper->width, y);
        cairo_stroke(cr);
    }
    cairo_set_source_rgba(cr, ink->red, ink->green, ink->blue, 0.6);
    write_text(widget, cr, paper->left, paper->top + paper->height + BOTTOM / 2.0 + 2, 0, _("beginning"));
    if (paper->steps > 0) {
        g_autofree char *last = g_strdup_printf(ngettext("%d step", "%d steps", (gulong)paper->steps), paper->steps);

        write_text(widget, cr, paper->left + paper->width, paper->top + paper->height + BOTTOM / 2.0 + 2, 1, last);
    }
}

static void draw_line(cairo_t *cr, const Paper *paper, const GArray *points, const double *line, gboolean dashed)
{
    static const double dashes[] = { 5, 4 };

    cairo_new_path(cr);
    for (guint i = 0; i < points->len; i++) {
        cairo_line_to(cr, x_of(paper, g_array_index(points, PstTrainingPoint, i).step), y_of(paper, line[i]));
    }
    cairo_set_dash(cr, dashes, dashed ? 2 : 0, 0);
    cairo_set_line_width(cr, dashed ? 1.5 : 2.25);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_stroke(cr);
    cairo_set_dash(cr, NULL, 0, 0);
}

static void draw_validations(cairo_t *cr, const Paper *paper, const GArray *validations)
{
    double start = validations->len > 0 ? value_of(validations, 0, FALSE) : 0;

    cairo_new_path(cr);
    for (guint i = 0; i < validations->len && start > 0; i++) {
        double part = MIN(value_of(validations, i, FALSE) / start, paper->highest);

        cairo_new_sub_path(cr);
        cairo_arc(cr, x_of(paper, g_array_index(validations, PstTrainingPoint, i).step), y_of(paper, part), 3.5, 0,
                  2 * G_PI);
    }
    cairo_fill(cr);
}

static double least_validation(const GArray *validations, double than)
{
    double start = validations->len > 0 ? value_of(validations, 0, FALSE) : 0;

    for (guint i = 0; i < validations->len && start > 0; i++) {
        than = MIN(than, value_of(validations, i, FALSE) / start);
    }
    return than;
}

/* Whole quarters that hold the lines, and the half below the beginning in any case. */
static void find_range(Paper *paper, const PstLossCurve *curve, const double *style, const double *content)
{
    double lowest = least_validation(curve->validations, 0.5), highest = 1.25;

    for (guint i = 0; i < curve->points->len; i++) {
        lowest = MIN(lowest, MIN(style[i], content[i]));
        highest = MAX(highest, MAX(style[i], content[i]));
    }
    paper->lowest = floor(4 * lowest) / 4;
    paper->highest = ceil(4 * highest) / 4;
}

static void draw(PstLossCurve *curve, cairo_t *cr, int width, int height)
{
    GtkWidget *widget = GTK_WIDGET(curve);
    guint count = curve->points->len;
    g_autofree double *style = smooth(curve->points, FALSE), *content = smooth(curve->points, TRUE);
    Paper paper = { MARGIN, MARGIN, width - MARGIN - NAMES, height - MARGIN - BOTTOM, 0, 1, curve->steps };
    double names_at[2];
    GdkRGBA ink, accent = { 0.21f, 0.52f, 0.89f, 1 };

    gtk_style_context_get_color(gtk_widget_get_style_context(widget), &ink);
    paper.steps = curve->steps > 0 ? curve->steps
                  : count > 0      ? g_array_index(curve->points, PstTrainingPoint, count - 1).step
                                   : 0;
    find_range(&paper, curve, style, content);
    draw_grid(widget, cr, &paper, &ink);
    if (count == 0) {
        return;
    }
    cairo_set_source_rgba(cr, ink.red, ink.green, ink.blue, 0.55);
    draw_line(cr, &paper, curve->points, content, TRUE);
    gdk_cairo_set_source_rgba(cr, &accent);
    draw_line(cr, &paper, curve->points, style, FALSE);
    draw_validations(cr, &paper, curve->validations);

    /* The names keep clear of each other. */
    names_at[0] = y_of(&paper, style[count - 1]);
    names_at[1] = y_of(&paper, content[count - 1]);
    if (fabs(names_at[0] - names_at[1]) < 16) {
        double middle = (names_at[0] + names_at[1]) / 2, up = names_at[0] < names_at[1] ? -8 : 8;

        names_at[0] = middle + up;
        names_at[1] = middle - up;
    }
    write_text(widget, cr, x_of(&paper, paper.steps) + 8, names_at[0], 0, _("Style"));
    cairo_set_source_rgba(cr, ink.red, ink.green, ink.blue, 0.65);
    write_text(widget, cr, x_of(&paper, paper.steps) + 8, names_at[1], 0, _("Content"));
}

static void pst_loss_curve_snapshot(GtkWidget *widget, GtkSnapshot *snapshot)
{
    int width = gtk_widget_get_width(widget), height = gtk_widget_get_height(widget);
    cairo_t *cr = gtk_snapshot_append_cairo(snapshot, &GRAPHENE_RECT_INIT(0, 0, (float)width, (float)height));

    draw(PST_LOSS_CURVE(widget), cr, width, height);
    cairo_destroy(cr);
}

static void pst_loss_curve_finalize(GObject *object)
{
    PstLossCurve *curve = PST_LOSS_CURVE(object);

    g_array_unref(curve->points);
    g_array_unref(curve->validations);
    G_OBJECT_CLASS(pst_loss_curve_parent_class)->finalize(object);
}

static void pst_loss_curve_class_init(PstLossCurveClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = pst_loss_curve_finalize;
    GTK_WIDGET_CLASS(klass)->snapshot = pst_loss_curve_snapshot;
    gtk_widget_class_set_css_name(GTK_WIDGET_CLASS(klass), "losscurve");
    gtk_widget_class_set_accessible_role(GTK_WIDGET_CLASS(klass), GTK_ACCESSIBLE_ROLE_IMG);
}

static void pst_loss_curve_init(PstLossCurve *curve)
{
    curve->points = g_array_new(FALSE, FALSE, sizeof(PstTrainingPoint));
    curve->validations = g_array_new(FALSE, FALSE, sizeof(PstTrainingPoint));
    gtk_accessible_update_property(GTK_ACCESSIBLE(curve), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   _("Losses of style and content"), -1);
}
