// SPDX-License-Identifier: MIT
#ifndef AFTERIMAGE_GEMM_KERNELS_H
#define AFTERIMAGE_GEMM_KERNELS_H

#include "CGEMMKernels.h"

/// Groups of depths in a step: 48 columns of 4 bytes are 192, a quarter of it.
enum { GROUPS = 4, GROUP_BYTES = GEMM_STEP_BYTES / GROUPS };

/// What a kernel wants a row of x rounded to.
enum row_type {
    ROW_FLOATS,
    /// Floats rounded to bfloat16.
    ROW_ROUNDED_FLOATS,
    ROW_BFLOATS,
    /// Unsigned bytes.
    ROW_BYTES,
    /// The same numbers as 16-bit integers.
    ROW_WIDE_BYTES,
    /// Signed 16-bit integers.
    ROW_WORDS,
};

/// Bytes of one depth of a row.
size_t row_element_bytes(enum row_type type);

/// See gemm_multiply.
typedef void multiply_function(
    int rows, size_t steps, const void *x, size_t stride, const void *panel, void *c, int more, const void *next);

#if defined(__x86_64__)
multiply_function multiply_fp32_avx512, multiply_bf16_avx512, multiply_bf16_avx512_expanding, multiply_int8_avx512, multiply_int16_avx512;
multiply_function multiply_fp32_avx2, multiply_bf16_avx2, multiply_int8_avx2, multiply_int16_avx2;

/// Where the rows of a tile are read from.
///
/// Three pointers and the distance between rows reach nine rows by the processor's own address arithmetic, which leaves
/// registers for everything else; nine pointers would not.
struct row_pointers {
    const char *row0, *row3, *row6;
    size_t stride;
};

#define ALWAYS_INLINE static inline __attribute__((always_inline))

ALWAYS_INLINE struct row_pointers row_pointers(const int rows, const void *x, size_t stride) {
    const char *row0 = x;
    return (struct row_pointers){row0, row0 + (rows > 3 ? 3 : 0) * stride, row0 + (rows > 6 ? 6 : 0) * stride, stride};
}

/// Keeps the compiler from making more pointers of them; once in every step.
ALWAYS_INLINE void hold(struct row_pointers *x) {
    __asm__("" : "+r"(x->row0), "+r"(x->row3), "+r"(x->row6), "+r"(x->stride));
}

ALWAYS_INLINE void advance(struct row_pointers *x, size_t bytes) {
    x->row0 += bytes, x->row3 += bytes, x->row6 += bytes;
}

ALWAYS_INLINE const char *row_at(const struct row_pointers *x, const int row, const int byte) {
    const char *base = row < 3 ? x->row0 : row < 6 ? x->row3 : x->row6;
    return base + (size_t)(row % 3) * x->stride + byte;
}

ALWAYS_INLINE float float_at(const struct row_pointers *x, const int row, const int index) {
    float value;
    __builtin_memcpy(&value, row_at(x, row, index * 4), sizeof value);
    return value;
}

/// Four bytes or two words.
ALWAYS_INLINE int32_t integers_at(const struct row_pointers *x, const int row, const int index) {
    int32_t value;
    __builtin_memcpy(&value, row_at(x, row, index * 4), sizeof value);
    return value;
}
#endif
multiply_function multiply_fp32_portable, multiply_bf16_portable, multiply_int8_portable, multiply_int16_portable;

/// What gemm_multiply calls for a kernel.
multiply_function *kernel_function(int kernel);

/// Rounds rows; see gemm_round_rows.
void gemm_round_rows_to(
    enum row_type type, int format, const float *x, size_t stride, int rows, size_t depth, const float *factors,
    void *out, float *scales, int32_t *zeros);

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
