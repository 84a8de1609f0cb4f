// SPDX-License-Identifier: MIT
#include <stdatomic.h>

#include "CResampleKernels.h"
#include "axis.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// The helpers take wide vectors by value and are static: both sides of every call are compiled for the same target, so
// the calling convention that this warns about is theirs alone.
#pragma clang diagnostic ignored "-Wpsabi"

#define KERNEL(name) portable_##name
#define LANES 4
#include "kernels.inc"
#undef KERNEL
#undef LANES

#if defined(__x86_64__)
#define KERNEL(name) sse2_##name
#define LANES 4
#define MULTIPLY_PAIRS(x, y) _mm_madd_epi16((__m128i)(x), (__m128i)(y))
#include "kernels.inc"
#undef KERNEL
#undef LANES
#undef MULTIPLY_PAIRS

#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#define KERNEL(name) avx2_##name
#define LANES 8
#define MULTIPLY_PAIRS(x, y) _mm256_madd_epi16((__m256i)(x), (__m256i)(y))
#include "kernels.inc"
#undef KERNEL
#undef LANES
#undef MULTIPLY_PAIRS
#pragma clang attribute pop

// Half of the registers' width: the full width makes many processors lower their clock for a while. Decoding, by far
// the larger part of the work, goes on meanwhile and took a quarter longer.
#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512vnni"))), apply_to = function)
#define KERNEL(name) vnni_##name
#define LANES 8
#define MULTIPLY_DIGITS(sums, x, y) _mm256_dpbusd_epi32((__m256i)(sums), (__m256i)(x), (__m256i)(y))
#include "kernels.inc"
#undef KERNEL
#undef LANES
#undef MULTIPLY_DIGITS
#pragma clang attribute pop

static const struct level *const levels[] = {&portable_level, &sse2_level, &avx2_level, &vnni_level};

int resampler_level_count(void) {
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2")) return 2;
    if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512vl") ||
        !__builtin_cpu_supports("avx512vnni"))
        return 3;
    return 4;
}
#else
static const struct level *const levels[] = {&portable_level};

int resampler_level_count(void) { return 1; }
#endif

// Every thread that finds no choice makes the same one, so the order does not matter.
static _Atomic(const struct level *) chosen;

void resampler_set_level(int level) {
    const int count = resampler_level_count();
    atomic_store_explicit(&chosen, levels[level >= 0 && level < count ? level : count - 1], memory_order_release);
}

const struct level *resampler_level(void) {
    const struct level *level = atomic_load_explicit(&chosen, memory_order_acquire);
    if (level == NULL) {
        resampler_set_level(-1);
        level = atomic_load_explicit(&chosen, memory_order_acquire);
    }
    return level;
}
