// SPDX-License-Identifier: MIT
#ifndef AFTERIMAGE_CSEARCHKERNELS_H
#define AFTERIMAGE_CSEARCHKERNELS_H

#include <stddef.h>
#include <stdint.h>

// Every function gives the same bits on every processor: the sums are of integers, or of doubles in a fixed order.

/// A query of 15-bit integers: whole[i] = 128 * high[i] + low[i], |whole[i]| < 16320, low[i] in -64...63.
struct search_query {
    /// [stride], a multiple of 64; zero past the dimension.
    const int16_t *whole;
    const int8_t *high, *low;
    size_t stride;
};

/// sums[i] = sum over j of (codes[rows[i]][j] - 128) * whole[j]; rows null means row i.
///
/// The products must fit: |sum| < 2^31.
void search_scan(
    const uint8_t *codes, const uint16_t *rows, size_t count, const struct search_query *query, int32_t *sums);

/// The sum of a[i] * b[i] in double precision, whose products of two floats are exact.
double search_dot(const float *a, const float *b, size_t count);

/// CRC-32C of the bytes, continued from `crc`, which is 0 at the start.
uint32_t search_crc32c(uint32_t crc, const void *bytes, size_t count);

/// Number of instruction sets that this processor can run, plain C included.
int search_level_count(void);

/// Chooses the instruction set, 0 for plain C; the best for anything else. For tests.
void search_set_level(int level);

#endif
