// SPDX-License-Identifier: MIT
#include <string.h>

#include "kernels.h"

// The helpers take wide vectors by value and are static: both sides of every call are compiled for the same target, so
// the calling convention that this warns about is theirs alone.
#pragma clang diagnostic ignored "-Wpsabi"

#define LANES 16
typedef float lanes __attribute__((vector_size(LANES * 4)));
typedef int32_t int_lanes __attribute__((vector_size(LANES * 4)));
typedef uint32_t bit_lanes __attribute__((vector_size(LANES * 4)));
typedef uint8_t byte_lanes __attribute__((vector_size(LANES)));
typedef int16_t word_lanes __attribute__((vector_size(LANES * 2)));
typedef uint16_t half_lanes __attribute__((vector_size(LANES * 2)));

/// Largest magnitude of a weight in 16 bits: 12 bits with the sign.
enum { WEIGHT_LIMIT = 2047 };

/// Largest magnitude of an activation in 16 bits: 11 bits with the sign, fewer where `depth` products could exceed 31.
static inline int32_t activation_limit(size_t depth) {
    const size_t limit = INT32_MAX / ((size_t)WEIGHT_LIMIT * depth);
    return limit < 1023 ? (int32_t)limit : 1023;
}

/// Asks for the lines of a row before they are written.
///
/// They were last read by all threads. Otherwise each is taken from the others' caches by its first store, one after the
/// other, at the price of a way from core to core.
static void expect_row(const char *row, size_t bytes) {
    gemm_expect_outputs((const float *)row, 0, 1, (int)(bytes / sizeof(float)));
}

#define LEVEL(name) baseline_##name
#include "packing.inc"
#undef LEVEL

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define LEVEL(name) avx2_##name
#include "packing.inc"
#undef LEVEL
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512vl,avx512bw,fma"))), apply_to = function)
#define LEVEL(name) avx512_##name
#include "packing.inc"
#undef LEVEL
#pragma clang attribute pop

static int level(void) {
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return 0;
    const int wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                     __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw");
    return wide ? 2 : 1;
}
#endif

void gemm_pack_panel(
    int format, const float *w, size_t stride, int columns, size_t depth, void *panel, float *scales,
    int32_t *sums) {
#if defined(__x86_64__)
    if (level() == 2) return avx512_pack_panel(format, w, stride, columns, depth, panel, scales, sums);
    if (level() == 1) return avx2_pack_panel(format, w, stride, columns, depth, panel, scales, sums);
#endif
    baseline_pack_panel(format, w, stride, columns, depth, panel, scales, sums);
}

void gemm_round_rows_to(
    enum row_type type, int format, const float *x, size_t stride, int rows, size_t depth, const float *factors,
    void *out, float *scales, int32_t *zeros) {
    const size_t step = gemm_step_depth(format), padded = (depth + step - 1) / step * step;
#if defined(__x86_64__)
    if (level() == 2) return avx512_round_rows(type, x, stride, rows, depth, padded, factors, out, scales, zeros);
    if (level() == 1) return avx2_round_rows(type, x, stride, rows, depth, padded, factors, out, scales, zeros);
#endif
    baseline_round_rows(type, x, stride, rows, depth, padded, factors, out, scales, zeros);
}
