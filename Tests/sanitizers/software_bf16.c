// SPDX-License-Identifier: MIT
//
// The kernels of AVX-512 with the one instruction of AVX-512 BF16 replaced by what it does, so that packing and tiles
// of bfloat16 can be tested on processors that lack it. Takes the place of avx512.c.
#if defined(__x86_64__)
#include <immintrin.h>

// Two products of bfloat16 added to a sum, lane by lane. The instruction treats denormals as zero, which no test here
// has, and rounds the two additions to nearest.
__attribute__((target("avx512f"))) static inline __m512 software_dpbf16(__m512 sum, __m512i x, __m512i w) {
    const __m512i odd = _mm512_set1_epi32((int)0xFFFF0000);
    const __m512 low = _mm512_fmadd_ps(
        _mm512_castsi512_ps(_mm512_slli_epi32(x, 16)), _mm512_castsi512_ps(_mm512_slli_epi32(w, 16)), sum);
    return _mm512_fmadd_ps(
        _mm512_castsi512_ps(_mm512_and_si512(x, odd)), _mm512_castsi512_ps(_mm512_and_si512(w, odd)), low);
}

#undef _mm512_dpbf16_ps
#define _mm512_dpbf16_ps(sum, x, w) software_dpbf16((sum), (__m512i)(x), (__m512i)(w))
// Without the feature the compiler cannot use the instruction by itself.
#define BF16_FEATURES "avx512f"
#include "avx512.c"
#endif
