/* A range of rows or columns. */
#pragma once

/** begin .. end-1. */
typedef struct {
    int begin, end;
} PstRange;
