// SPDX-License-Identifier: MIT
//
// Loops of one instruction on 24 registers (12 of AVX2): more than latency times ports, nothing from memory.
#include "kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define UNROLL _Pragma("clang loop unroll(full)")

/// A loop for one type and instruction; the empty assembly keeps the sums alive and the loop from being shortened.
#define PEAK(name, features, type, count, zero, operation)                       \
    __attribute__((target(features))) static void name(size_t rounds) {          \
        type sums[count];                                                        \
        UNROLL for (int i = 0; i < count; i++) sums[i] = zero;                   \
        type x = zero, y = zero;                                                 \
        __asm__ volatile("" : "+v"(x), "+v"(y));                                 \
        for (size_t round = 0; round < rounds * 24 / count; round++) {           \
            UNROLL for (int i = 0; i < count; i++) sums[i] = operation;          \
            UNROLL for (int i = 0; i < count; i++) __asm__ volatile("" : "+v"(sums[i])); \
        }                                                                        \
    }

PEAK(fp32_avx512, "avx512f", __m512, 24, _mm512_setzero_ps(), _mm512_fmadd_ps(x, y, sums[i]))
PEAK(int8_avx512, "avx512f,avx512vnni", __m512i, 24, _mm512_setzero_si512(), _mm512_dpbusd_epi32(sums[i], x, y))
PEAK(int16_avx512, "avx512f,avx512vnni", __m512i, 24, _mm512_setzero_si512(), _mm512_dpwssd_epi32(sums[i], x, y))
PEAK(fp32_avx2, "avx2,fma", __m256, 12, _mm256_setzero_ps(), _mm256_fmadd_ps(x, y, sums[i]))
PEAK(int16_avx2, "avx2,fma", __m256i, 12, _mm256_setzero_si256(), _mm256_add_epi32(sums[i], _mm256_madd_epi16(x, sums[i])))
PEAK(
    int8_avx2, "avx2,fma", __m256i, 12, _mm256_setzero_si256(),
    _mm256_add_epi32(sums[i], _mm256_madd_epi16(_mm256_maddubs_epi16(x, sums[i]), y)))

__attribute__((target("avx512f,avx512bf16"))) static void bf16_avx512(size_t rounds) {
    __m512 sums[24];
    UNROLL for (int i = 0; i < 24; i++) sums[i] = _mm512_setzero_ps();
    __m512 x = _mm512_setzero_ps();
    __asm__ volatile("" : "+v"(x));
    for (size_t round = 0; round < rounds; round++) {
        UNROLL for (int i = 0; i < 24; i++) sums[i] = _mm512_dpbf16_ps(sums[i], (__m512bh)x, (__m512bh)x);
        UNROLL for (int i = 0; i < 24; i++) __asm__ volatile("" : "+v"(sums[i]));
    }
}

double gemm_peak(int kernel, size_t rounds) {
    multiply_function *const function = kernel_function(kernel);
    // Products of a register: 16 or 8 lanes of 1, 2 or 4.
    int products = 0;
    if (function == multiply_fp32_avx512 || function == multiply_bf16_avx512_expanding) products = 16, fp32_avx512(rounds);
    if (function == multiply_bf16_avx512) products = 32, bf16_avx512(rounds);
    if (function == multiply_int8_avx512) products = 64, int8_avx512(rounds);
    if (function == multiply_int16_avx512) products = 32, int16_avx512(rounds);
    if (function == multiply_fp32_avx2 || function == multiply_bf16_avx2) products = 8, fp32_avx2(rounds);
    if (function == multiply_int8_avx2) products = 32, int8_avx2(rounds);
    if (function == multiply_int16_avx2) products = 16, int16_avx2(rounds);
    return 2.0 * products * 24 * (double)rounds;
}
#else
double gemm_peak(int kernel, size_t rounds) {
    (void)kernel, (void)rounds;
    return 0;
}
#endif
