/* The largest of rows and columns, in vectors; neighbours.h. */
#include "maps_simd.h"

typedef int bits __attribute__((vector_size(LANES * sizeof(int))));

PST_INLINE bits choose(bits mask, bits yes, bits no)
{
    return (yes & mask) | (no & ~mask);
}

/* One row: its largest and where that is, given those of what stood before. */
PST_INLINE void largest_of_row(const float *row, int columns, int first, float *largest, int *index)
{
    bits here, at;
    vec most;
    float value = *largest;
    int where = *index, column = 0;

    for (int lane = 0; lane < LANES; lane++) {
        here[lane] = first + lane;
        at[lane] = where;
        most[lane] = value;
    }
    for (; column + LANES <= columns; column += LANES, here += LANES) {
        vec values = load(row + column);
        bits larger = values > most;

        most = (vec)choose(larger, (bits)values, (bits)most);
        at = choose(larger, here, at);
    }
    for (int lane = 0; lane < LANES; lane++) {
        if (most[lane] > value || (most[lane] == value && at[lane] < where)) {
            value = most[lane];
            where = at[lane];
        }
    }
    for (; column < columns; column++) {
        if (row[column] > value) {
            value = row[column];
            where = first + column;
        }
    }
    *largest = value;
    *index = where;
}

void PST_ISA(pst_largest_of_rows)(const float *values, int rows, int columns, int first, float *largest, int *index)
{
    for (int row = 0; row < rows; row++) {
        largest_of_row(values + (gsize)row * columns, columns, first, largest + row, index + row);
    }
}

void PST_ISA(pst_largest_of_columns)(const float *values, int rows, int columns, int first, float *largest, int *index)
{
    int column = 0;

    for (; column + LANES <= columns; column += LANES) {
        vec most = load(largest + column);
        bits at;

        memcpy(&at, index + column, sizeof at);
        for (int row = 0; row < rows; row++) {
            vec here = load(values + (gsize)row * columns + column);
            bits larger = here > most, number = { 0 };

            most = (vec)choose(larger, (bits)here, (bits)most);
            at = choose(larger, number + (first + row), at);
        }
        store(largest + column, most);
        memcpy(index + column, &at, sizeof at);
    }
    for (; column < columns; column++) {
        for (int row = 0; row < rows; row++) {
            if (values[(gsize)row * columns + column] > largest[column]) {
                largest[column] = values[(gsize)row * columns + column];
                index[column] = first + row;
            }
        }
    }
}
