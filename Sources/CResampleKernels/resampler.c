// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>

#include "CResampleKernels.h"
#include "axis.h"

#define CACHE_LINE 64
#define ROW_GROUPS (RESAMPLER_STRIP_ROWS / GROUP)
/// Rows of a strip begin so far behind a multiple of 32: to aligned rows libjpeg-turbo writes around the caches, for
/// pictures that nobody reads soon. A strip is read at once.
#define STRIP_OFFSET 16
/// Samples that the second pass makes at a time, at most; rows of the band are as long as a multiple of it.
#define LINE_UNIT 16

struct resampler {
    resampler_axis *columns, *rows;
    /// Groups of the source's columns that the result needs.
    int32_t first_group, group_count;
    /// First row of the band, a multiple of the strip's rows.
    int32_t first_row;
    size_t strip_stride, band_stride, byte_count;
    /// Sixteen rows of the source.
    uint8_t *strip;
    /// The same in words of four columns, [group][channel][row].
    uint32_t *tile;
    /// What the first pass made of all rows, in words of four rows, [row / 4][channel][column].
    uint32_t *band;
    /// A row of the result, [channel][column].
    uint8_t *line;
};

static size_t rounded_up(size_t count, size_t unit) { return (count + unit - 1) / unit * unit; }

/// Divides one block of memory; with a block of NULL, only says how much is needed.
static size_t lay_out(resampler *self, uint8_t *block) {
    const int32_t band_groups = (self->rows->end_input - self->first_row + GROUP - 1) / GROUP;
    const size_t strip = RESAMPLER_STRIP_ROWS * self->strip_stride + CACHE_LINE;
    const size_t tile = (size_t)self->group_count * 3 * RESAMPLER_STRIP_ROWS * sizeof(uint32_t);
    const size_t band = rounded_up((size_t)band_groups, ROW_GROUPS) * self->band_stride * sizeof(uint32_t);
    if (block != NULL) {
        self->tile = (uint32_t *)block;
        self->band = (uint32_t *)(block + tile);
        self->strip = block + tile + band + STRIP_OFFSET;
        self->line = block + tile + band + strip;
    }
    return rounded_up(tile + band + strip + self->band_stride, CACHE_LINE);
}

resampler *resampler_create(resampler_axis *columns, resampler_axis *rows) {
    resampler *self = calloc(1, sizeof *self);
    if (self == NULL || columns == NULL || rows == NULL) {
        free(columns);
        free(rows);
        free(self);
        return NULL;
    }
    self->columns = columns;
    self->rows = rows;
    self->first_group = columns->first_input / GROUP;
    self->group_count = (columns->end_input - 1) / GROUP - self->first_group + 1;
    self->first_row = rows->first_input / RESAMPLER_STRIP_ROWS * RESAMPLER_STRIP_ROWS;
    // An odd number of cache lines, so that the rows of a strip do not compete for the same places in the cache.
    self->strip_stride = (rounded_up(3 * (size_t)columns->input_count, CACHE_LINE) / CACHE_LINE | 1) * CACHE_LINE;
    self->band_stride = rounded_up(3 * (size_t)columns->output_count, LINE_UNIT);
    self->byte_count = lay_out(self, NULL);
    uint8_t *block = aligned_alloc(CACHE_LINE, self->byte_count);
    if (block == NULL) {
        resampler_destroy(self);
        return NULL;
    }
    lay_out(self, block);
    // The padding of the band's rows is computed with, though its results are not used.
    memset(block, 0, self->byte_count);
    return self;
}

void resampler_destroy(resampler *self) {
    if (self == NULL) return;
    free(self->tile);
    free(self->columns);
    free(self->rows);
    free(self);
}

size_t resampler_byte_count(const resampler *self) { return self->byte_count; }

void resampler_columns(const resampler *self, int32_t *first, int32_t *end) {
    *first = self->columns->first_input;
    *end = self->columns->end_input;
}

uint8_t *resampler_strip(resampler *self, size_t *stride) {
    *stride = self->strip_stride;
    return self->strip;
}

/// The first pass over rows `stride` bytes apart, which begin with column `first_column`.
static void take(resampler *self, const uint8_t *first, size_t stride, int32_t first_row, int32_t row_count,
                 int32_t first_column, int32_t column_count) {
    if (first_row < self->first_row || first_row >= self->rows->end_input) return;
    const uint8_t *rows[RESAMPLER_STRIP_ROWS];
    const size_t skipped = (size_t)(self->first_group * GROUP - first_column) * 3;
    for (int32_t i = 0; i < RESAMPLER_STRIP_ROWS; i++) {
        // Rows that the picture does not have are given weights of zero.
        rows[i] = first + (size_t)(i < row_count ? i : 0) * stride + skipped;
    }
    const struct level *level = self->columns->level;
    level->deal(rows, 3 * (size_t)column_count - skipped, (size_t)self->group_count, self->tile);
    uint32_t *band = self->band + (size_t)((first_row - self->first_row) / GROUP) * self->band_stride;
    level->horizontal(self->columns, self->tile, self->first_group, band, self->band_stride);
}

void resampler_take_strip(void *self, int32_t first_row, int32_t row_count, int32_t first_column,
                          int32_t column_count) {
    resampler *resampler = self;
    take(resampler, resampler->strip, resampler->strip_stride, first_row, row_count, first_column, column_count);
}

void resampler_take_picture(resampler *self, const uint8_t *rgb) {
    const int32_t width = self->columns->input_count, height = self->rows->input_count;
    const size_t stride = 3 * (size_t)width;
    for (int32_t row = self->first_row; row < self->rows->end_input; row += RESAMPLER_STRIP_ROWS) {
        const int32_t count = height - row < RESAMPLER_STRIP_ROWS ? height - row : RESAMPLER_STRIP_ROWS;
        take(self, rgb + (size_t)row * stride, stride, row, count, 0, width);
    }
}

static const uint8_t *finish_row(resampler *self, int32_t row) {
    const resampler_axis *axis = self->rows;
    axis->level->vertical(axis, row, self->band, self->first_row / GROUP, self->band_stride, self->line);
    return self->line;
}

void resampler_finish_interleaved(resampler *self, uint8_t *rgb) {
    const size_t width = (size_t)self->columns->output_count;
    for (int32_t row = 0; row < self->rows->output_count; row++, rgb += 3 * width) {
        const uint8_t *line = finish_row(self, row);
        for (size_t channel = 0; channel < 3; channel++)
            for (size_t column = 0; column < width; column++)
                rgb[3 * column + channel] = line[channel * width + column];
    }
}

void resampler_finish_planar(resampler *self, const float *table, float *planes) {
    const size_t width = (size_t)self->columns->output_count, height = (size_t)self->rows->output_count;
    for (size_t row = 0; row < height; row++) {
        const uint8_t *line = finish_row(self, (int32_t)row);
        for (size_t channel = 0; channel < 3; channel++) {
            const float *values = table + 256 * channel;
            float *target = planes + (channel * height + row) * width;
            for (size_t column = 0; column < width; column++) target[column] = values[line[channel * width + column]];
        }
    }
}
