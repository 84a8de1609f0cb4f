// SPDX-License-Identifier: MIT
#include <stdlib.h>

#include "CResampleKernels.h"
#include "axis.h"

/// Splits the weights of one output by groups; those that a group has too many are zero.
static void pack(resampler_axis *self, int32_t output, int32_t start, int32_t count, const int32_t *weights) {
    const int32_t first = start / GROUP, last = (start + count - 1) / GROUP;
    self->starts[output] = first;
    self->counts[output] = last - first + 1;
    uint32_t *words = self->words + (size_t)output * self->stride;
    for (int32_t group = first; group <= last; group++) {
        int32_t four[GROUP];
        for (int32_t i = 0; i < GROUP; i++) {
            const int64_t tap = (int64_t)group * GROUP + i - start;
            four[i] = tap >= 0 && tap < count ? weights[tap] : 0;
        }
        self->level->pack(four, words + (size_t)(group - first) * GROUP_WORDS);
    }
}

resampler_axis *resampler_axis_create(int32_t input_count, int32_t output_count, const int32_t *starts,
                                      const int32_t *counts, const int32_t *weights, size_t capacity) {
    int32_t most = 0;
    for (int32_t i = 0; i < output_count; i++) most = counts[i] > most ? counts[i] : most;
    // A run of n samples touches at most (n + 6) / 4 groups.
    const size_t stride = ((size_t)most + 2 * GROUP - 2) / GROUP * GROUP_WORDS;
    const size_t count = (size_t)output_count;
    resampler_axis *self = malloc(sizeof *self + count * (2 * sizeof(int32_t) + stride * sizeof(uint32_t)));
    if (self == NULL) return NULL;
    self->level = resampler_level();
    self->input_count = input_count;
    self->output_count = output_count;
    self->first_input = starts[0];
    self->end_input = starts[count - 1] + counts[count - 1];
    self->starts = (int32_t *)(self + 1);
    self->counts = self->starts + count;
    self->words = (uint32_t *)(self->counts + count);
    self->stride = stride;
    for (int32_t i = 0; i < output_count; i++)
        pack(self, i, starts[i], counts[i], weights + (size_t)i * capacity);
    return self;
}
