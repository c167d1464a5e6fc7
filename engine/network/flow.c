#include "flow.h"

#include <math.h>
#include <string.h>

#define QUARTER  4                         /* pixels: gradients are those of means over such squares */
#define QUARTERS (PST_FLOW_CELL / QUARTER) /* of a cell's side */
#define REACH    4                         /* cells that a direction depends on to each side */
#define HELD     (2 * REACH + 1)
#define STILL    1e-5f /* without gradients the flow is horizontal */

/* Binomial, of deviation 1.4 cells. */
static const float smoothing[HELD] = { 1 / 256.0f,  8 / 256.0f,  28 / 256.0f, 56 / 256.0f, 70 / 256.0f,
                                       56 / 256.0f, 28 / 256.0f, 8 / 256.0f,  1 / 256.0f };

typedef struct {
    float even, odd; /* cosine and sine of twice the angle: horizontal less vertical, falling less rising */
} Tensor;

struct PstFlow {
    int width, height;
    int rows; /* taken */
    int quarter_width, quarter_height;
    float *quarters[3]; /* the latest rows of the reduced picture, y at y % 3 */
    int cells_across, cells_down;
    Tensor *sums;      /* of the row of cells that is being summed */
    Tensor *levels;    /* [HELD][cells_across]: the latest ones, smoothed along the row */
    gint8 (*known)[2]; /* [cells_down][cells_across]: even and odd, together 127 long */
};

static int up(int value, int unit)
{
    return (value + unit - 1) / unit;
}

PstFlow *pst_flow_new(int width, int height)
{
    PstFlow *f = g_new0(PstFlow, 1);

    f->width = width;
    f->height = height;
    f->quarter_width = up(width, QUARTER);
    f->quarter_height = up(height, QUARTER);
    f->cells_across = up(width, PST_FLOW_CELL);
    f->cells_down = up(height, PST_FLOW_CELL);
    for (int i = 0; i < 3; i++) {
        f->quarters[i] = g_new0(float, f->quarter_width);
    }
    f->sums = g_new0(Tensor, f->cells_across);
    f->levels = g_new0(Tensor, HELD * f->cells_across);
    f->known = g_malloc0_n((gsize)f->cells_across * f->cells_down, sizeof *f->known);
    return f;
}

void pst_flow_free(PstFlow *f)
{
    if (!f) {
        return;
    }
    for (int i = 0; i < 3; i++) {
        g_free(f->quarters[i]);
    }
    g_free(f->sums);
    g_free(f->levels);
    g_free(f->known);
    g_free(f);
}

gsize pst_flow_bytes(int width, int height)
{
    gsize across = up(width, PST_FLOW_CELL), down = up(height, PST_FLOW_CELL);

    return across * down * sizeof *((PstFlow *)NULL)->known + across * (HELD + 1) * sizeof(Tensor) +
           3 * (gsize)up(width, QUARTER) * sizeof(float);
}

gboolean pst_flow_complete(const PstFlow *f)
{
    return f->rows == f->height;
}

/* ---- cells ---------------------------------------------------------------------------------- */

static void smooth_along(PstFlow *f, Tensor *level)
{
    for (int x = 0; x < f->cells_across; x++) {
        Tensor sum = { 0 };

        for (int k = 0; k < HELD; k++) {
            const Tensor *at = &f->sums[CLAMP(x + k - REACH, 0, f->cells_across - 1)];

            sum.even += smoothing[k] * at->even;
            sum.odd += smoothing[k] * at->odd;
        }
        level[x] = sum;
    }
}

/* The cells of row `row`, once those around it are there. */
static void settle(PstFlow *f, int row)
{
    for (int x = 0; x < f->cells_across; x++) {
        Tensor sum = { STILL, 0 };
        gint8 *known = f->known[(gsize)row * f->cells_across + x];

        for (int k = 0; k < HELD; k++) {
            int y = CLAMP(row + k - REACH, 0, f->cells_down - 1);
            const Tensor *at = &f->levels[y % HELD * f->cells_across + x];

            sum.even += smoothing[k] * at->even;
            sum.odd += smoothing[k] * at->odd;
        }
        float length = sqrtf(sum.even * sum.even + sum.odd * sum.odd);
        known[0] = (gint8)lrintf(127 * sum.even / length);
        known[1] = (gint8)lrintf(127 * sum.odd / length);
    }
}

/* Row `row` of the cells is summed up. */
static void finish_cells(PstFlow *f, int row)
{
    smooth_along(f, f->levels + row % HELD * f->cells_across);
    memset(f->sums, 0, f->cells_across * sizeof *f->sums);
    if (row >= REACH) {
        settle(f, row - REACH);
    }
    for (int rest = MAX(0, row - REACH + 1); row == f->cells_down - 1 && rest <= row; rest++) {
        settle(f, rest);
    }
}

/* ---- quarters ------------------------------------------------------------------------------- */

/* The gradients of row `row` of the reduced picture, given the ones above and below. */
static void add_gradients(PstFlow *f, int row)
{
    const float *here = f->quarters[row % 3], *above = f->quarters[MAX(row - 1, 0) % 3];
    const float *below = f->quarters[MIN(row + 1, f->quarter_height - 1) % 3];

    for (int x = 0; x < f->quarter_width; x++) {
        float right = (here[MIN(x + 1, f->quarter_width - 1)] - here[MAX(x - 1, 0)]) / 2;
        float down = (below[x] - above[x]) / 2;
        float weight = 1 / sqrtf(sqrtf(right * right + down * down + 1e-8f));
        Tensor *sum = &f->sums[x / QUARTERS];

        /* the flow lies across the gradient */
        sum->even += weight * (down * down - right * right);
        sum->odd -= weight * 2 * right * down;
    }
    if (row % QUARTERS == QUARTERS - 1 || row == f->quarter_height - 1) {
        finish_cells(f, row / QUARTERS);
    }
}

static void finish_quarters(PstFlow *f, int row)
{
    float *quarters = f->quarters[row % 3];
    int rows = f->height - row * QUARTER;

    for (int x = 0; x < f->quarter_width; x++) {
        quarters[x] /= MIN(QUARTER, rows) * MIN(QUARTER, f->width - x * QUARTER);
    }
    if (row > 0) {
        add_gradients(f, row - 1);
    }
    if (row == f->quarter_height - 1) {
        add_gradients(f, row);
    } else {
        memset(f->quarters[(row + 1) % 3], 0, f->quarter_width * sizeof *quarters);
    }
}

void pst_flow_add(PstFlow *f, const float *rgb)
{
    float *quarters = f->quarters[f->rows / QUARTER % 3];

    for (int x = 0; x < f->width; x += QUARTER) {
        float sums[3] = { 0 };

        for (int i = x; i < MIN(x + QUARTER, f->width); i++) {
            for (int c = 0; c < 3; c++) {
                sums[c] += rgb[3 * i + c];
            }
        }
        quarters[x / QUARTER] += 0.299f * sums[0] + 0.587f * sums[1] + 0.114f * sums[2]; /* Rec. 601 */
    }
    f->rows++;
    if (f->rows % QUARTER == 0 || f->rows == f->height) {
        finish_quarters(f, (f->rows - 1) / QUARTER);
    }
}

/* ---- directions ----------------------------------------------------------------------------- */

/* The two cells between whose centres a place lies, and how far it is from the first. */
typedef struct {
    int first, second;
    float share;
} Between;

static Between between(int place, int cells)
{
    int halves = 2 * place + 1 - PST_FLOW_CELL, first = halves >= 0 ? halves / (2 * PST_FLOW_CELL) : -1;

    return (Between){ CLAMP(first, 0, cells - 1), CLAMP(first + 1, 0, cells - 1),
                      (halves - first * 2 * PST_FLOW_CELL) / (2.0f * PST_FLOW_CELL) };
}

/* In a column of cells. */
static Tensor between_rows(const PstFlow *f, Between y, int x)
{
    const gint8 *above = f->known[(gsize)y.first * f->cells_across + x];
    const gint8 *below = f->known[(gsize)y.second * f->cells_across + x];

    return (Tensor){ above[0] + y.share * (below[0] - above[0]), above[1] + y.share * (below[1] - above[1]) };
}

/* Places between the same two columns of cells. No lookups, so that compilers vectorise it. */
static void turn(Tensor from, Tensor to, float share, float step, int count, float length, gint32 *restrict down,
                 gint32 *restrict right)
{
    for (int i = 0; i < count; i++) {
        float t = share + i * step;
        float even = from.even + t * (to.even - from.even), odd = from.odd + t * (to.odd - from.odd);
        float cosine = even / sqrtf(even * even + odd * odd + 1e-6f);

        right[i] = (gint32)(length * sqrtf(fabsf(1 + cosine) / 2) + 0.5f);
        down[i] = (gint32)copysignf(length * sqrtf(fabsf(1 - cosine) / 2) + 0.5f, odd);
    }
}

void pst_flow_directions(const PstFlow *f, int row, int column, int step, int count, float length, gint32 *down,
                         gint32 *right)
{
    Between y = between(row, f->cells_down);

    for (int i = 0, n; i < count; i += n) {
        int place = column + i * step;
        Between x = between(place, f->cells_across);
        int left = (place + PST_FLOW_CELL / 2) % PST_FLOW_CELL; /* of the centre of the first cell */

        n = MIN(count - i, (PST_FLOW_CELL - left + step - 1) / step);
        turn(between_rows(f, y, x.first), between_rows(f, y, x.second), x.share, (float)step / PST_FLOW_CELL, n, length,
             down + i, right + i);
    }
}
