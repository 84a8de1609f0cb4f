// SPDX-License-Identifier: MIT
#ifndef AFTERIMAGE_AXIS_H
#define AFTERIMAGE_AXIS_H

#include <stddef.h>
#include <stdint.h>

/// Samples are packed by four in a word, so weights come in groups of four that begin at multiples of four.
#define GROUP 4
/// Room for the packed weights of a group, in words; an instruction set may need less.
#define GROUP_WORDS 4
#define ROUNDING ((uint32_t)1 << 21)
#define FRACTION_BITS 22

struct level;

struct resampler_axis {
    const struct level *level;
    int32_t input_count, output_count;
    /// Samples of the input that have a part in the output.
    int32_t first_input, end_input;
    /// For each sample of the output: the first group of the input and the number of groups.
    int32_t *starts, *counts;
    /// The weights of one output begin `stride` words behind those of the one before.
    uint32_t *words;
    size_t stride;
};

/// One instruction set: the same kernels, compiled for it.
struct level {
    /// Packs four weights.
    void (*pack)(const int32_t weights[GROUP], uint32_t *words);
    /// Sixteen rows, interleaved, to words of four samples: [group][channel][row].
    void (*deal)(const uint8_t *const rows[], size_t byte_count, size_t group_count, uint32_t *tile);
    /// Sixteen rows of a tile that begins with group `first_group`, to words of four rows: [row / 4][channel][column].
    void (*horizontal)(const resampler_axis *axis, const uint32_t *tile, int32_t first_group, uint32_t *band,
                       size_t band_stride);
    /// Row `output` of the result, from a band whose first row is that of group `first_group`.
    void (*vertical)(const resampler_axis *axis, int32_t output, const uint32_t *band, int32_t first_group,
                     size_t band_stride, uint8_t *line);
};

/// The instruction set in use.
const struct level *resampler_level(void);

#endif
