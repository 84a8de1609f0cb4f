// SPDX-License-Identifier: MIT
#ifndef AFTERIMAGE_CRESAMPLEKERNELS_H
#define AFTERIMAGE_CRESAMPLEKERNELS_H

#include <stddef.h>
#include <stdint.h>

// Resizing of RGB8 pictures in two passes, rows first, each rounded to 8 bits, with weights of 22 bits behind the point:
// compiled for several instruction sets of x86-64 (AVX-512 with VNNI at 256 bits, AVX2, SSE2) and chosen when an axis is made; on
// other processors in plain C alone. The sums are integers, so every instruction set gives the same bytes.

/// Rows of the source that go through the first pass together.
#define RESAMPLER_STRIP_ROWS 16

/// The weights of one direction, packed for the instruction set in use.
typedef struct resampler_axis resampler_axis;

/// Packs the weights that take lines of `input_count` samples to `output_count` samples, both at least 1.
///
/// Sample i of the output is made of `counts[i]` >= 1 samples of the input from `starts[i]` >= 0 on, inside of the input;
/// neither the starts nor the ends ever fall. Its weights are `weights[i * capacity]` and on, of a magnitude of at most
/// 8355711 (not quite 2), their magnitudes adding up to less than 2^23. Returns NULL when memory is short.
resampler_axis *resampler_axis_create(int32_t input_count, int32_t output_count, const int32_t *starts,
                                      const int32_t *counts, const int32_t *weights, size_t capacity);

/// Both directions with all intermediate memory, for one picture at a time.
typedef struct resampler resampler;

/// Takes over both axes, which may be NULL. Returns NULL when memory is short, or was for an axis.
resampler *resampler_create(resampler_axis *columns, resampler_axis *rows);

/// NULL is allowed.
void resampler_destroy(resampler *self);

/// Bytes that it holds.
size_t resampler_byte_count(const resampler *self);

/// First and one behind the last column of the source that have a part in the result.
void resampler_columns(const resampler *self, int32_t *first, int32_t *end);

/// Room for RESAMPLER_STRIP_ROWS rows of the source; `*stride` is the distance of two rows in bytes.
uint8_t *resampler_strip(resampler *self, size_t *stride);

/// The first pass over rows `first_row` (a multiple of RESAMPLER_STRIP_ROWS) and on, which were written to the strip.
///
/// `row_count` is RESAMPLER_STRIP_ROWS, or less for the last rows of the picture. The strip begins with column
/// `first_column` (a multiple of 4) of the picture and has `column_count` columns. `self` is a resampler; rows without a
/// part in the result cost nothing. Every row must come once before the second pass.
void resampler_take_strip(void *self, int32_t first_row, int32_t row_count, int32_t first_column,
                          int32_t column_count);

/// The first pass over all rows of a picture in memory, rows without padding.
void resampler_take_picture(resampler *self, const uint8_t *rgb);

/// The second pass, to interleaved samples: 3 bytes for each column and row of the result.
void resampler_finish_interleaved(resampler *self, uint8_t *rgb);

/// The second pass, to three planes of `table[256 * channel + sample]`.
void resampler_finish_planar(resampler *self, const float *table, float *planes);

/// Number of instruction sets that this build and this processor offer; the highest index is what is used.
int resampler_level_count(void);

/// Uses level `level` (0 is plain C) for everything made from now on in the whole process, for the tests; out of
/// range: the highest.
void resampler_set_level(int level);

#endif
