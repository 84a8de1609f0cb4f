// SPDX-License-Identifier: MIT
//
// Kernels for 16 registers of 8 lanes. In floating point 6 rows times 16 columns are 12 sums, and a panel of 48 columns
// is gone through in three parts.
#if defined(__x86_64__)
#include <immintrin.h>

#include "kernels.h"

#define UNROLL _Pragma("clang loop unroll(full)")
#define INLINE static inline __attribute__((always_inline))
#define AVX2 __attribute__((target("avx2,fma")))

enum { ROWS = 6, VECTORS = 2 };

/// Sums of 16 columns from c, or zeros, into registers.
AVX2 INLINE void take(const int rows, __m256 sums[][VECTORS], const float *c, int more) {
    UNROLL for (int r = 0; r < rows; r++) sums[r][0] = sums[r][1] = _mm256_setzero_ps();
    if (!more) return;
    UNROLL for (int r = 0; r < rows; r++) {
        sums[r][0] = _mm256_loadu_ps(c + r * GEMM_PANEL_COLUMNS);
        sums[r][1] = _mm256_loadu_ps(c + r * GEMM_PANEL_COLUMNS + 8);
    }
}

AVX2 INLINE void give(const int rows, __m256 sums[][VECTORS], float *c) {
    UNROLL for (int r = 0; r < rows; r++) {
        _mm256_storeu_ps(c + r * GEMM_PANEL_COLUMNS, sums[r][0]);
        _mm256_storeu_ps(c + r * GEMM_PANEL_COLUMNS + 8, sums[r][1]);
    }
}

/// Brings what a part reads four steps later into the first cache.
///
/// A part reads 64 bytes of every 192 from the second cache, since a piece of panel is larger than the first; the
/// prefetchers of a Zen 3 core do not follow that far enough.
AVX2 INLINE void expect_columns(const void *columns) {
    _mm_prefetch((const char *)columns + 4 * GEMM_STEP_BYTES, _MM_HINT_T0);
}

// MARK: - Single precision

AVX2 INLINE void part_fp32(
    const int rows, size_t steps, const void *tile, size_t stride, const float *panel, float *c, int more,
    const char *next) {
    struct row_pointers x = row_pointers(rows, tile, stride);
    __m256 sums[ROWS][VECTORS];
    take(rows, sums, c, more);
    for (size_t step = 0; step < steps; step++) {
        hold(&x);
        _mm_prefetch(next, _MM_HINT_T1);
        next += 64;
        UNROLL for (int group = 0; group < GROUPS; group++) {
            const float *w = panel + group * GEMM_PANEL_COLUMNS;
            expect_columns(w);
            const __m256 left = _mm256_loadu_ps(w), right = _mm256_loadu_ps(w + 8);
            UNROLL for (int r = 0; r < rows; r++) {
                const __m256 number = _mm256_set1_ps(float_at(&x, r, group));
                sums[r][0] = _mm256_fmadd_ps(number, left, sums[r][0]);
                sums[r][1] = _mm256_fmadd_ps(number, right, sums[r][1]);
            }
        }
        panel += GROUPS * GEMM_PANEL_COLUMNS;
        advance(&x, GROUPS * 4);
    }
    give(rows, sums, c);
}

AVX2 INLINE void tile_fp32(
    const int rows, size_t steps, const void *x, size_t stride, const float *panel, float *c, int more,
    const char *next) {
    for (size_t part = 0; part < 3; part++)
        part_fp32(rows, steps, x, stride, panel + part * 16, c + part * 16, more, next + part * steps * 64);
}

AVX2 void multiply_fp32_avx2(
    int rows, size_t steps, const void *x, size_t stride, const void *panel, void *c, int more, const void *next) {
    switch (rows) { ROWS_UP_TO_6(tile_fp32, steps, x, stride, panel, c, more, next) }
}

// MARK: - bfloat16, expanded to floats by moving bits

AVX2 INLINE void part_bf16(
    const int rows, size_t steps, const void *tile, size_t stride, const char *panel, float *c, int more,
    const char *next) {
    struct row_pointers x = row_pointers(rows, tile, stride);
    __m256 sums[ROWS][VECTORS];
    take(rows, sums, c, more);
    for (size_t step = 0; step < steps; step++) {
        hold(&x);
        _mm_prefetch(next, _MM_HINT_T1);
        next += 64;
        UNROLL for (int half = 0; half < 2 * GROUPS; half++) {
            __m256 w[VECTORS];
            if (half % 2 == 0) expect_columns(panel + half / 2 * GROUP_BYTES);
            UNROLL for (int v = 0; v < VECTORS; v++) {
                const char *place = panel + half / 2 * GROUP_BYTES + v * 32;
                const __m256i pairs = _mm256_loadu_si256((const __m256i *)place);
                const __m256i upper = half % 2 ? _mm256_srli_epi32(pairs, 16) : pairs;
                w[v] = _mm256_castsi256_ps(_mm256_slli_epi32(upper, 16));
            }
            UNROLL for (int r = 0; r < rows; r++) {
                const __m256 number = _mm256_set1_ps(float_at(&x, r, half));
                UNROLL for (int v = 0; v < VECTORS; v++) sums[r][v] = _mm256_fmadd_ps(number, w[v], sums[r][v]);
            }
        }
        panel += GEMM_STEP_BYTES;
        advance(&x, 2 * GROUPS * 4);
    }
    give(rows, sums, c);
}

AVX2 INLINE void tile_bf16(
    const int rows, size_t steps, const void *x, size_t stride, const char *panel, float *c, int more,
    const char *next) {
    for (size_t part = 0; part < 3; part++)
        part_bf16(rows, steps, x, stride, panel + part * 64, c + part * 16, more, next + part * steps * 64);
}

AVX2 void multiply_bf16_avx2(
    int rows, size_t steps, const void *x, size_t stride, const void *panel, void *c, int more, const void *next) {
    switch (rows) { ROWS_UP_TO_6(tile_bf16, steps, x, stride, panel, c, more, next) }
}

// MARK: - 8 bits

/// As `take`, of integers.
AVX2 INLINE void take_integers(const int rows, __m256i sums[][VECTORS], const int32_t *c, int more) {
    UNROLL for (int r = 0; r < rows; r++)
        UNROLL for (int v = 0; v < VECTORS; v++) {
            const __m256i *place = (const __m256i *)(c + r * GEMM_PANEL_COLUMNS + v * 8);
            sums[r][v] = more ? _mm256_loadu_si256(place) : _mm256_setzero_si256();
        }
}

AVX2 INLINE void give_integers(const int rows, __m256i sums[][VECTORS], int32_t *c) {
    UNROLL for (int r = 0; r < rows; r++)
        UNROLL for (int v = 0; v < VECTORS; v++)
            _mm256_storeu_si256((__m256i *)(c + r * GEMM_PANEL_COLUMNS + v * 8), sums[r][v]);
}

/// `vpmaddubsw` adds the products of bytes in pairs and saturates at 16 bits; weights are rounded so that no pair reaches
/// that (see gemm_pack_panel).
AVX2 INLINE void part_int8(
    const int rows, size_t steps, const void *tile, size_t stride, const char *panel, int32_t *c, int more,
    const char *next) {
    struct row_pointers x = row_pointers(rows, tile, stride);
    const __m256i ones = _mm256_set1_epi16(1);
    __m256i sums[ROWS][VECTORS];
    take_integers(rows, sums, c, more);
    for (size_t step = 0; step < steps; step++) {
        hold(&x);
        _mm_prefetch(next, _MM_HINT_T1);
        next += 64;
        UNROLL for (int group = 0; group < GROUPS; group++) {
            const __m256i *columns = (const __m256i *)(panel + group * GROUP_BYTES);
            expect_columns(columns);
            const __m256i left = _mm256_loadu_si256(columns), right = _mm256_loadu_si256(columns + 1);
            UNROLL for (int r = 0; r < rows; r++) {
                const __m256i some = _mm256_set1_epi32(integers_at(&x, r, group));
                const __m256i pairs[VECTORS] = {_mm256_maddubs_epi16(some, left), _mm256_maddubs_epi16(some, right)};
                UNROLL for (int v = 0; v < VECTORS; v++)
                    sums[r][v] = _mm256_add_epi32(sums[r][v], _mm256_madd_epi16(pairs[v], ones));
            }
        }
        panel += GEMM_STEP_BYTES;
        advance(&x, GROUPS * 4);
    }
    give_integers(rows, sums, c);
}

AVX2 INLINE void tile_int8(
    const int rows, size_t steps, const void *x, size_t stride, const char *panel, int32_t *c, int more,
    const char *next) {
    for (size_t part = 0; part < 3; part++)
        part_int8(rows, steps, x, stride, panel + part * 64, c + part * 16, more, next + part * steps * 64);
}

AVX2 void multiply_int8_avx2(
    int rows, size_t steps, const void *x, size_t stride, const void *panel, void *c, int more, const void *next) {
    switch (rows) { ROWS_UP_TO_6(tile_int8, steps, x, stride, panel, c, more, next) }
}

// MARK: - 16 bits

AVX2 INLINE void part_int16(
    const int rows, size_t steps, const void *tile, size_t stride, const char *panel, int32_t *c, int more,
    const char *next) {
    struct row_pointers x = row_pointers(rows, tile, stride);
    __m256i sums[ROWS][VECTORS];
    take_integers(rows, sums, c, more);
    for (size_t step = 0; step < steps; step++) {
        hold(&x);
        _mm_prefetch(next, _MM_HINT_T1);
        next += 64;
        UNROLL for (int group = 0; group < GROUPS; group++) {
            const __m256i *columns = (const __m256i *)(panel + group * GROUP_BYTES);
            expect_columns(columns);
            const __m256i left = _mm256_loadu_si256(columns), right = _mm256_loadu_si256(columns + 1);
            UNROLL for (int r = 0; r < rows; r++) {
                const __m256i some = _mm256_set1_epi32(integers_at(&x, r, group));
                sums[r][0] = _mm256_add_epi32(sums[r][0], _mm256_madd_epi16(some, left));
                sums[r][1] = _mm256_add_epi32(sums[r][1], _mm256_madd_epi16(some, right));
            }
        }
        panel += GEMM_STEP_BYTES;
        advance(&x, GROUPS * 4);
    }
    give_integers(rows, sums, c);
}

AVX2 INLINE void tile_int16(
    const int rows, size_t steps, const void *x, size_t stride, const char *panel, int32_t *c, int more,
    const char *next) {
    for (size_t part = 0; part < 3; part++)
        part_int16(rows, steps, x, stride, panel + part * 64, c + part * 16, more, next + part * steps * 64);
}

AVX2 void multiply_int16_avx2(
    int rows, size_t steps, const void *x, size_t stride, const void *panel, void *c, int more, const void *next) {
    switch (rows) { ROWS_UP_TO_6(tile_int16, steps, x, stride, panel, c, more, next) }
}
#endif
