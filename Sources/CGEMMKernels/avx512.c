// SPDX-License-Identifier: MIT
//
// Kernels for 32 registers of 16 lanes. 9 rows times 3 vectors of 16 columns are 27 sums; 3 vectors of the panel and 1 of
// a row make 31. A group of depths needs 12 loads for 27 multiplications: taller and narrower tiles (13 x 2, 15 loads for
// 26) reach 88 % of the peak on Ice Lake where this one reaches 96 %.
#if defined(__x86_64__)
#include <immintrin.h>

#include "kernels.h"

#define UNROLL _Pragma("clang loop unroll(full)")
#define INLINE static inline __attribute__((always_inline))
#define FP32 __attribute__((target("avx512f")))
#ifndef BF16_FEATURES
#define BF16_FEATURES "avx512f,avx512bf16"
#endif
#define BF16 __attribute__((target(BF16_FEATURES)))
#define VNNI __attribute__((target("avx512f,avx512vnni")))

enum { VECTORS = 3 };

/// Brings a sixth of the next piece of panel near, two lines; six tiles are what one image has.
///
/// Intel's processors fetch the other line of a pair by themselves, and asking for it fills the ten or twelve slots for
/// lines on their way that the multiplication's own loads need: there `twin` is 0, and the first line is asked for twice
/// (no slower on a Zen 4 than once; not measured on Intel's). Others are asked for both.
#define PREFETCH(next, twin)                    \
    _mm_prefetch((next), _MM_HINT_T1);          \
    _mm_prefetch((next) + (twin), _MM_HINT_T1); \
    (next) += 128;

/// Distance of the second line that PREFETCH asks for.
INLINE size_t twin_distance(void) { return __builtin_cpu_is("intel") ? 0 : 64; }

/// Sums from c, or zeros, into registers.
FP32 INLINE void take(const int rows, __m512 sums[][VECTORS], const float *c, int more) {
    UNROLL for (int r = 0; r < rows; r++)
        UNROLL for (int v = 0; v < VECTORS; v++) sums[r][v] = _mm512_setzero_ps();
    if (!more) return;
    UNROLL for (int r = 0; r < rows; r++)
        UNROLL for (int v = 0; v < VECTORS; v++) sums[r][v] = _mm512_loadu_ps(c + r * GEMM_PANEL_COLUMNS + v * 16);
}

/// Sums back into c.
FP32 INLINE void give(const int rows, __m512 sums[][VECTORS], float *c) {
    UNROLL for (int r = 0; r < rows; r++)
        UNROLL for (int v = 0; v < VECTORS; v++) _mm512_storeu_ps(c + r * GEMM_PANEL_COLUMNS + v * 16, sums[r][v]);
}

// MARK: - Single precision

FP32 INLINE void tile_fp32(
    const int rows, size_t steps, const void *tile, size_t stride, const float *panel, float *c, int more,
    const char *next) {
    struct row_pointers x = row_pointers(rows, tile, stride);
    const size_t twin = twin_distance();
    __m512 sums[GEMM_LARGEST_TILE][VECTORS];
    take(rows, sums, c, more);
    for (size_t step = 0; step < steps; step++) {
        hold(&x);
        PREFETCH(next, twin)
        UNROLL for (int group = 0; group < GROUPS; group++) {
            __m512 w[VECTORS];
            UNROLL for (int v = 0; v < VECTORS; v++) w[v] = _mm512_loadu_ps(panel + (group * VECTORS + v) * 16);
            UNROLL for (int r = 0; r < rows; r++) {
                const __m512 number = _mm512_set1_ps(float_at(&x, r, group));
                UNROLL for (int v = 0; v < VECTORS; v++) sums[r][v] = _mm512_fmadd_ps(number, w[v], sums[r][v]);
            }
        }
        panel += GROUPS * GEMM_PANEL_COLUMNS;
        advance(&x, GROUPS * 4);
    }
    give(rows, sums, c);
}

FP32 void multiply_fp32_avx512(
    int rows, size_t steps, const void *x, size_t stride, const void *panel, void *c, int more, const void *next) {
    switch (rows) { ROWS_UP_TO_9(tile_fp32, steps, x, stride, panel, c, more, next) }
}

// MARK: - bfloat16

BF16 INLINE void tile_bf16(
    const int rows, size_t steps, const void *tile, size_t stride, const char *panel, float *c, int more,
    const char *next) {
    struct row_pointers x = row_pointers(rows, tile, stride);
    const size_t twin = twin_distance();
    __m512 sums[GEMM_LARGEST_TILE][VECTORS];
    take(rows, sums, c, more);
    for (size_t step = 0; step < steps; step++) {
        hold(&x);
        PREFETCH(next, twin)
        UNROLL for (int group = 0; group < GROUPS; group++) {
            __m512bh w[VECTORS];
            UNROLL for (int v = 0; v < VECTORS; v++)
                w[v] = (__m512bh)_mm512_loadu_si512(panel + group * GROUP_BYTES + v * 64);
            UNROLL for (int r = 0; r < rows; r++) {
                const __m512bh pair = (__m512bh)_mm512_set1_epi32(integers_at(&x, r, group));
                UNROLL for (int v = 0; v < VECTORS; v++) sums[r][v] = _mm512_dpbf16_ps(sums[r][v], pair, w[v]);
            }
        }
        panel += GEMM_STEP_BYTES;
        advance(&x, GROUPS * 4);
    }
    give(rows, sums, c);
}

BF16 void multiply_bf16_avx512(
    int rows, size_t steps, const void *x, size_t stride, const void *panel, void *c, int more, const void *next) {
    switch (rows) { ROWS_UP_TO_9(tile_bf16, steps, x, stride, panel, c, more, next) }
}

/// Without instructions for bfloat16: a pair becomes two floats by moving bits, once for all rows of a tile. The
/// arithmetic is that of single precision; what is saved is memory and the reading of it.
FP32 INLINE void tile_bf16_expanding(
    const int rows, size_t steps, const void *tile, size_t stride, const char *panel, float *c, int more,
    const char *next) {
    struct row_pointers x = row_pointers(rows, tile, stride);
    const size_t twin = twin_distance();
    __m512 sums[GEMM_LARGEST_TILE][VECTORS];
    const __m512i odd = _mm512_set1_epi32((int)0xFFFF0000);
    take(rows, sums, c, more);
    for (size_t step = 0; step < steps; step++) {
        hold(&x);
        PREFETCH(next, twin)
        UNROLL for (int half = 0; half < 2 * GROUPS; half++) {
            __m512 w[VECTORS];
            UNROLL for (int v = 0; v < VECTORS; v++) {
                const __m512i pairs = _mm512_loadu_si512(panel + half / 2 * GROUP_BYTES + v * 64);
                w[v] = _mm512_castsi512_ps(
                    half % 2 ? _mm512_and_si512(pairs, odd) : _mm512_slli_epi32(pairs, 16));
            }
            UNROLL for (int r = 0; r < rows; r++) {
                const __m512 number = _mm512_set1_ps(float_at(&x, r, half));
                UNROLL for (int v = 0; v < VECTORS; v++) sums[r][v] = _mm512_fmadd_ps(number, w[v], sums[r][v]);
            }
        }
        panel += GEMM_STEP_BYTES;
        advance(&x, 2 * GROUPS * 4);
    }
    give(rows, sums, c);
}

FP32 void multiply_bf16_avx512_expanding(
    int rows, size_t steps, const void *x, size_t stride, const void *panel, void *c, int more, const void *next) {
    switch (rows) { ROWS_UP_TO_9(tile_bf16_expanding, steps, x, stride, panel, c, more, next) }
}

// MARK: - Integers

/// Products of bytes in fours or of 16-bit words in pairs, added to 32-bit sums by one instruction.
#define INTEGER_KERNEL(name, multiply_add)                                                                          \
    VNNI INLINE void tile_##name(                                                                                   \
        const int rows, size_t steps, const void *tile, size_t stride, const char *panel, float *c, int more,       \
        const char *next) {                                                                                         \
        struct row_pointers x = row_pointers(rows, tile, stride);                                                   \
        const size_t twin = twin_distance();                                                                        \
        __m512 bits[GEMM_LARGEST_TILE][VECTORS];                                                                    \
        __m512i sums[GEMM_LARGEST_TILE][VECTORS];                                                                   \
        take(rows, bits, c, more);                                                                                  \
        UNROLL for (int r = 0; r < rows; r++)                                                                       \
            UNROLL for (int v = 0; v < VECTORS; v++) sums[r][v] = _mm512_castps_si512(bits[r][v]);                  \
        for (size_t step = 0; step < steps; step++) {                                                               \
            hold(&x);                                                                                               \
            PREFETCH(next, twin)                                                                                    \
            UNROLL for (int group = 0; group < GROUPS; group++) {                                                   \
                __m512i w[VECTORS];                                                                                 \
                UNROLL for (int v = 0; v < VECTORS; v++)                                                            \
                    w[v] = _mm512_loadu_si512(panel + group * GROUP_BYTES + v * 64);                                \
                UNROLL for (int r = 0; r < rows; r++) {                                                             \
                    const __m512i some = _mm512_set1_epi32(integers_at(&x, r, group));                              \
                    UNROLL for (int v = 0; v < VECTORS; v++) sums[r][v] = multiply_add(sums[r][v], some, w[v]);     \
                }                                                                                                   \
            }                                                                                                       \
            panel += GEMM_STEP_BYTES;                                                                               \
            advance(&x, GROUPS * 4);                                                                                \
        }                                                                                                           \
        UNROLL for (int r = 0; r < rows; r++)                                                                       \
            UNROLL for (int v = 0; v < VECTORS; v++) bits[r][v] = _mm512_castsi512_ps(sums[r][v]);                  \
        give(rows, bits, c);                                                                                        \
    }                                                                                                               \
    VNNI void multiply_##name##_avx512(                                                                             \
        int rows, size_t steps, const void *x, size_t stride, const void *panel, void *c, int more,                 \
        const void *next) {                                                                                         \
        switch (rows) { ROWS_UP_TO_9(tile_##name, steps, x, stride, panel, c, more, next) }                         \
    }

INTEGER_KERNEL(int8, _mm512_dpbusd_epi32)
INTEGER_KERNEL(int16, _mm512_dpwssd_epi32)
#endif
