// SPDX-License-Identifier: MIT
//
// Kernels for 32 registers of 16 lanes. 13 rows times 2 vectors of 16 columns are 26 sums; 2 vectors of the panel and 1
// of a row make 29, and 26 multiplications in flight hide the latency of 4 cycles on two ports. One load serves two
// multiplications at least, so that the load ports keep up.
#if defined(__x86_64__)
#include <immintrin.h>

#include "kernels.h"

#define UNROLL _Pragma("clang loop unroll(full)")
#define INLINE static inline __attribute__((always_inline))
#define FP32 __attribute__((target("avx512f")))
#define BF16 __attribute__((target("avx512f,avx512bf16")))
#define VNNI __attribute__((target("avx512f,avx512vnni")))

/// Brings a quarter of the next panel near while a tile is multiplied; four tiles are what one image has.
#define PREFETCH(next)                     \
    _mm_prefetch((next), _MM_HINT_T1);     \
    _mm_prefetch((next) + 64, _MM_HINT_T1); \
    (next) += 128;

// MARK: - Single precision

FP32 INLINE void tile_fp32(
    const int rows, size_t steps, const float *tile, const float *panel, float *c, const char *next) {
    __m512 sums[GEMM_LARGEST_TILE][2];
    UNROLL for (int r = 0; r < rows; r++) sums[r][0] = sums[r][1] = _mm512_setzero_ps();
    for (size_t step = 0; step < steps; step++) {
        PREFETCH(next)
        UNROLL for (int group = 0; group < GROUPS; group++) {
            const __m512 left = _mm512_loadu_ps(panel + group * 32), right = _mm512_loadu_ps(panel + group * 32 + 16);
            UNROLL for (int r = 0; r < rows; r++) {
                const __m512 x = _mm512_set1_ps(tile[group * rows + r]);
                sums[r][0] = _mm512_fmadd_ps(x, left, sums[r][0]);
                sums[r][1] = _mm512_fmadd_ps(x, right, sums[r][1]);
            }
        }
        panel += GROUPS * 32;
        tile += GROUPS * rows;
    }
    UNROLL for (int r = 0; r < rows; r++) {
        _mm512_storeu_ps(c + r * 32, sums[r][0]);
        _mm512_storeu_ps(c + r * 32 + 16, sums[r][1]);
    }
}

FP32 void multiply_fp32_avx512(
    int rows, size_t steps, const void *tile, const void *panel, void *c, const void *next) {
    switch (rows) { ROWS_UP_TO_13(tile_fp32, steps, tile, panel, c, next) }
}

// MARK: - bfloat16

BF16 INLINE void tile_bf16(
    const int rows, size_t steps, const int *tile, const char *panel, float *c, const char *next) {
    __m512 sums[GEMM_LARGEST_TILE][2];
    UNROLL for (int r = 0; r < rows; r++) sums[r][0] = sums[r][1] = _mm512_setzero_ps();
    for (size_t step = 0; step < steps; step++) {
        PREFETCH(next)
        UNROLL for (int group = 0; group < GROUPS; group++) {
            const __m512bh left = (__m512bh)_mm512_loadu_si512(panel + group * GROUP_BYTES);
            const __m512bh right = (__m512bh)_mm512_loadu_si512(panel + group * GROUP_BYTES + 64);
            UNROLL for (int r = 0; r < rows; r++) {
                const __m512bh x = (__m512bh)_mm512_set1_epi32(tile[group * rows + r]);
                sums[r][0] = _mm512_dpbf16_ps(sums[r][0], x, left);
                sums[r][1] = _mm512_dpbf16_ps(sums[r][1], x, right);
            }
        }
        panel += GEMM_STEP_BYTES;
        tile += GROUPS * rows;
    }
    UNROLL for (int r = 0; r < rows; r++) {
        _mm512_storeu_ps(c + r * 32, sums[r][0]);
        _mm512_storeu_ps(c + r * 32 + 16, sums[r][1]);
    }
}

BF16 void multiply_bf16_avx512(
    int rows, size_t steps, const void *tile, const void *panel, void *c, const void *next) {
    switch (rows) { ROWS_UP_TO_13(tile_bf16, steps, tile, panel, c, next) }
}

/// Without instructions for bfloat16: a pair becomes two floats by moving bits, once for all rows of a tile. The
/// arithmetic is that of single precision; what is saved is memory and the reading of it.
FP32 INLINE void tile_bf16_expanding(
    const int rows, size_t steps, const float *tile, const char *panel, float *c, const char *next) {
    __m512 sums[GEMM_LARGEST_TILE][2];
    const __m512i odd = _mm512_set1_epi32((int)0xFFFF0000);
    UNROLL for (int r = 0; r < rows; r++) sums[r][0] = sums[r][1] = _mm512_setzero_ps();
    for (size_t step = 0; step < steps; step++) {
        PREFETCH(next)
        UNROLL for (int half = 0; half < 2 * GROUPS; half++) {
            const __m512i pairs = _mm512_loadu_si512(panel + half / 2 * GROUP_BYTES);
            const __m512i more = _mm512_loadu_si512(panel + half / 2 * GROUP_BYTES + 64);
            const __m512 left =
                _mm512_castsi512_ps(half % 2 ? _mm512_and_si512(pairs, odd) : _mm512_slli_epi32(pairs, 16));
            const __m512 right =
                _mm512_castsi512_ps(half % 2 ? _mm512_and_si512(more, odd) : _mm512_slli_epi32(more, 16));
            UNROLL for (int r = 0; r < rows; r++) {
                const __m512 x = _mm512_set1_ps(tile[half * rows + r]);
                sums[r][0] = _mm512_fmadd_ps(x, left, sums[r][0]);
                sums[r][1] = _mm512_fmadd_ps(x, right, sums[r][1]);
            }
        }
        panel += GEMM_STEP_BYTES;
        tile += 2 * GROUPS * rows;
    }
    UNROLL for (int r = 0; r < rows; r++) {
        _mm512_storeu_ps(c + r * 32, sums[r][0]);
        _mm512_storeu_ps(c + r * 32 + 16, sums[r][1]);
    }
}

FP32 void multiply_bf16_avx512_expanding(
    int rows, size_t steps, const void *tile, const void *panel, void *c, const void *next) {
    switch (rows) { ROWS_UP_TO_13(tile_bf16_expanding, steps, tile, panel, c, next) }
}

// MARK: - 8 bits

VNNI INLINE void tile_int8(
    const int rows, size_t steps, const int *tile, const char *panel, int *c, const char *next) {
    __m512i sums[GEMM_LARGEST_TILE][2];
    UNROLL for (int r = 0; r < rows; r++) sums[r][0] = sums[r][1] = _mm512_setzero_si512();
    for (size_t step = 0; step < steps; step++) {
        PREFETCH(next)
        UNROLL for (int group = 0; group < GROUPS; group++) {
            const __m512i left = _mm512_loadu_si512(panel + group * GROUP_BYTES);
            const __m512i right = _mm512_loadu_si512(panel + group * GROUP_BYTES + 64);
            UNROLL for (int r = 0; r < rows; r++) {
                const __m512i x = _mm512_set1_epi32(tile[group * rows + r]);
                sums[r][0] = _mm512_dpbusd_epi32(sums[r][0], x, left);
                sums[r][1] = _mm512_dpbusd_epi32(sums[r][1], x, right);
            }
        }
        panel += GEMM_STEP_BYTES;
        tile += GROUPS * rows;
    }
    UNROLL for (int r = 0; r < rows; r++) {
        _mm512_storeu_si512(c + r * 32, sums[r][0]);
        _mm512_storeu_si512(c + r * 32 + 16, sums[r][1]);
    }
}

VNNI void multiply_int8_avx512(
    int rows, size_t steps, const void *tile, const void *panel, void *c, const void *next) {
    switch (rows) { ROWS_UP_TO_13(tile_int8, steps, tile, panel, c, next) }
}
#endif
