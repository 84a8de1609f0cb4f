// SPDX-License-Identifier: MIT
#ifndef AFTERIMAGE_GEMM_KERNELS_H
#define AFTERIMAGE_GEMM_KERNELS_H

#include "CGEMMKernels.h"

/// Groups of depths in a step: 48 columns of 4 bytes are 192, a quarter of it.
enum { GROUPS = 4, GROUP_BYTES = GEMM_STEP_BYTES / GROUPS };

/// How a kernel wants the rows of a tile.
enum tile_layout {
    /// Floats, [depth][row].
    TILE_FLOATS,
    /// Floats rounded to bfloat16, [depth][row].
    TILE_ROUNDED_FLOATS,
    /// Pairs of bfloat16, [depth / 2][row][2].
    TILE_PAIRS,
    /// Four unsigned bytes, [depth / 4][row][4].
    TILE_BYTES,
    /// The same numbers as 16-bit integers, [depth / 4][row][4].
    TILE_WORDS,
    /// Pairs of signed 16-bit integers, [depth / 2][row][2].
    TILE_WORD_PAIRS,
};

/// See gemm_multiply.
typedef void multiply_function(
    int rows, int columns, size_t steps, const void *tile, const void *panel, void *c, int more, const void *next);

#if defined(__x86_64__)
multiply_function multiply_fp32_avx512, multiply_bf16_avx512, multiply_bf16_avx512_expanding, multiply_int8_avx512, multiply_int16_avx512;
multiply_function multiply_fp32_avx2, multiply_bf16_avx2, multiply_int8_avx2, multiply_int16_avx2;
#endif
multiply_function multiply_fp32_portable, multiply_bf16_portable, multiply_int8_portable, multiply_int16_portable;

/// What gemm_multiply calls for a kernel.
multiply_function *kernel_function(int kernel);

/// Lays out a tile; see gemm_pack_tile.
void gemm_pack_tile_as(
    enum tile_layout layout, int format, const float *x, size_t stride, int rows, size_t depth, const float *factors,
    void *tile, float *scales, int32_t *zeros);

/// Calls the specialisation of `function` for a number of rows, so that the sums of each stay in registers.
#define ROWS_UP_TO_6(function, ...)                   \
    case 1: function(1, __VA_ARGS__); break;          \
    case 2: function(2, __VA_ARGS__); break;          \
    case 3: function(3, __VA_ARGS__); break;          \
    case 4: function(4, __VA_ARGS__); break;          \
    case 5: function(5, __VA_ARGS__); break;          \
    case 6: function(6, __VA_ARGS__); break;
#define ROWS_UP_TO_9(function, ...)                   \
    ROWS_UP_TO_6(function, __VA_ARGS__)               \
    case 7: function(7, __VA_ARGS__); break;          \
    case 8: function(8, __VA_ARGS__); break;          \
    case 9: function(9, __VA_ARGS__); break;

#endif
