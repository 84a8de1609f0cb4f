// SPDX-License-Identifier: MIT
//
// Kernels for 16 registers of 8 lanes. In floating point 6 rows times 16 columns are 12 sums; a panel of 32 columns is
// gone through twice. In integers a lane holds half of a column's sum, so that 6 rows times 8 columns are 12 sums, and
// a panel is gone through four times.
#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

#include "kernels.h"

#define UNROLL _Pragma("clang loop unroll(full)")
#define INLINE static inline __attribute__((always_inline))
#define AVX2 __attribute__((target("avx2,fma")))

enum { ROWS = 6 };

/// Brings a quarter of the next panel near; called once a step in the first pass over a panel.
#define PREFETCH(next)                     \
    _mm_prefetch((next), _MM_HINT_T1);     \
    _mm_prefetch((next) + 64, _MM_HINT_T1); \
    (next) += 128;

// MARK: - Single precision

AVX2 INLINE void half_fp32(const int rows, size_t steps, const float *tile, const float *panel, float *c, const char *next) {
    __m256 sums[ROWS][2];
    UNROLL for (int r = 0; r < rows; r++) sums[r][0] = sums[r][1] = _mm256_setzero_ps();
    for (size_t step = 0; step < steps; step++) {
        PREFETCH(next)
        UNROLL for (int group = 0; group < GROUPS; group++) {
            const __m256 left = _mm256_loadu_ps(panel + group * 32), right = _mm256_loadu_ps(panel + group * 32 + 8);
            UNROLL for (int r = 0; r < rows; r++) {
                const __m256 x = _mm256_broadcast_ss(tile + group * rows + r);
                sums[r][0] = _mm256_fmadd_ps(x, left, sums[r][0]);
                sums[r][1] = _mm256_fmadd_ps(x, right, sums[r][1]);
            }
        }
        panel += GROUPS * 32;
        tile += GROUPS * rows;
    }
    UNROLL for (int r = 0; r < rows; r++) {
        _mm256_storeu_ps(c + r * 32, sums[r][0]);
        _mm256_storeu_ps(c + r * 32 + 8, sums[r][1]);
    }
}

AVX2 INLINE void tile_fp32(const int rows, size_t steps, const float *tile, const float *panel, float *c, const char *next) {
    half_fp32(rows, steps, tile, panel, c, next);
    half_fp32(rows, steps, tile, panel + 16, c + 16, next + steps * 128);
}

AVX2 void multiply_fp32_avx2(int rows, size_t steps, const void *tile, const void *panel, void *c, const void *next) {
    switch (rows) { ROWS_UP_TO_6(tile_fp32, steps, tile, panel, c, next) }
}

// MARK: - bfloat16, expanded to floats by moving bits

AVX2 INLINE void half_bf16(const int rows, size_t steps, const float *tile, const char *panel, float *c, const char *next) {
    __m256 sums[ROWS][2];
    UNROLL for (int r = 0; r < rows; r++) sums[r][0] = sums[r][1] = _mm256_setzero_ps();
    for (size_t step = 0; step < steps; step++) {
        PREFETCH(next)
        UNROLL for (int half = 0; half < 2 * GROUPS; half++) {
            const __m256i pairs = _mm256_loadu_si256((const __m256i *)(panel + half / 2 * GROUP_BYTES));
            const __m256i more = _mm256_loadu_si256((const __m256i *)(panel + half / 2 * GROUP_BYTES + 32));
            const __m256 left = _mm256_castsi256_ps(
                half % 2 ? _mm256_slli_epi32(_mm256_srli_epi32(pairs, 16), 16) : _mm256_slli_epi32(pairs, 16));
            const __m256 right = _mm256_castsi256_ps(
                half % 2 ? _mm256_slli_epi32(_mm256_srli_epi32(more, 16), 16) : _mm256_slli_epi32(more, 16));
            UNROLL for (int r = 0; r < rows; r++) {
                const __m256 x = _mm256_broadcast_ss(tile + half * rows + r);
                sums[r][0] = _mm256_fmadd_ps(x, left, sums[r][0]);
                sums[r][1] = _mm256_fmadd_ps(x, right, sums[r][1]);
            }
        }
        panel += GEMM_STEP_BYTES;
        tile += 2 * GROUPS * rows;
    }
    UNROLL for (int r = 0; r < rows; r++) {
        _mm256_storeu_ps(c + r * 32, sums[r][0]);
        _mm256_storeu_ps(c + r * 32 + 8, sums[r][1]);
    }
}

AVX2 INLINE void tile_bf16(const int rows, size_t steps, const float *tile, const char *panel, float *c, const char *next) {
    half_bf16(rows, steps, tile, panel, c, next);
    half_bf16(rows, steps, tile, panel + 64, c + 16, next + steps * 128);
}

AVX2 void multiply_bf16_avx2(int rows, size_t steps, const void *tile, const void *panel, void *c, const void *next) {
    switch (rows) { ROWS_UP_TO_6(tile_bf16, steps, tile, panel, c, next) }
}

// MARK: - 8 bits

/// Products of bytes are added in pairs as 16-bit integers by `vpmaddwd`, which cannot overflow; `vpmaddubsw` on the
/// bytes themselves would be shorter and saturates.
AVX2 INLINE void quarter_int8(
    const int rows, size_t steps, const int16_t *tile, const char *panel, int32_t *c, const char *next) {
    __m256i sums[ROWS][2];
    UNROLL for (int r = 0; r < rows; r++) sums[r][0] = sums[r][1] = _mm256_setzero_si256();
    for (size_t step = 0; step < steps; step++) {
        _mm_prefetch(next, _MM_HINT_T1);
        next += 64;
        UNROLL for (int group = 0; group < GROUPS; group++) {
            const char *columns = panel + group * GROUP_BYTES;
            const __m256i left = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)columns));
            const __m256i right = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(columns + 16)));
            UNROLL for (int r = 0; r < rows; r++) {
                long long quad;
                memcpy(&quad, tile + (group * rows + r) * 4, sizeof quad);
                const __m256i x = _mm256_set1_epi64x(quad);
                sums[r][0] = _mm256_add_epi32(sums[r][0], _mm256_madd_epi16(x, left));
                sums[r][1] = _mm256_add_epi32(sums[r][1], _mm256_madd_epi16(x, right));
            }
        }
        panel += GEMM_STEP_BYTES;
        tile += GROUPS * rows * 4;
    }
    UNROLL for (int r = 0; r < rows; r++) {
        // Neighbouring lanes are the halves of a column; the horizontal addition leaves 0 1 4 5 2 3 6 7.
        const __m256i pairs = _mm256_hadd_epi32(sums[r][0], sums[r][1]);
        const __m256i ordered = _mm256_permute4x64_epi64(pairs, _MM_SHUFFLE(3, 1, 2, 0));
        _mm256_storeu_si256((__m256i *)(c + r * 32), ordered);
    }
}

AVX2 INLINE void tile_int8(
    const int rows, size_t steps, const int16_t *tile, const char *panel, int32_t *c, const char *next) {
    for (int quarter = 0; quarter < 4; quarter++)
        quarter_int8(rows, steps, tile, panel + quarter * 32, c + quarter * 8, next + (size_t)quarter * steps * 64);
}

AVX2 void multiply_int8_avx2(int rows, size_t steps, const void *tile, const void *panel, void *c, const void *next) {
    switch (rows) { ROWS_UP_TO_6(tile_int8, steps, tile, panel, c, next) }
}
#endif
