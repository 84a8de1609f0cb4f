// SPDX-License-Identifier: MIT
#include "CVectorKernels.h"

#include <stdatomic.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

// The helpers take wide vectors by value and are static: both sides of every call are compiled for the same target, so
// the calling convention that this warns about is theirs alone.
#pragma clang diagnostic ignored "-Wpsabi"

#define LANES 16
typedef float lanes __attribute__((vector_size(LANES * sizeof(float))));
typedef int int_lanes __attribute__((vector_size(LANES * sizeof(int))));
#define splat(x) ((lanes){0} + (float)(x))

typedef void block_function(const struct vector_block *);

// One instruction set: the same kernels, compiled for it.
struct level {
    const char *name;
    block_function *add, *accumulate, *add_quick_gelu, *add_gelu;
    void (*softmax)(float *, size_t);
    void (*layer_norm)(const float *, const float *, const float *, float, float *, size_t);
    void (*exp)(const float *, float *, size_t);
    void (*erf)(const float *, float *, size_t);
    void (*attention)(const struct vector_attention *);
};

#define ATTENTION_UNROLL _Pragma("clang loop unroll(full)")
#define ATTENTION_INLINE static inline __attribute__((always_inline))
enum { ATTENTION_LARGEST_ROWS = 6, ATTENTION_LARGEST_VECTORS = 4 };

static inline size_t vectors_of(size_t count) { return (count + LANES - 1) / LANES; }

/// The next of the fewest parts that `count` can be cut into, where none is larger than `largest` and all are about as
/// large.
static inline size_t next_part(size_t count, size_t largest) {
    const size_t parts = (count + largest - 1) / largest;
    return (count + parts - 1) / parts;
}

// 1 / x. A division of 16 lanes takes 16 cycles.
#define RECIPROCAL(x) (splat(1.0f) / (x))
#define KERNEL(name) baseline_##name
#define LEVEL_NAME "baseline"
#define ATTENTION_ROWS 3
#define ATTENTION_VECTORS 1
#include "kernels.inc"
#include "attention.inc"
#undef KERNEL
#undef LEVEL_NAME
#undef ATTENTION_ROWS
#undef ATTENTION_VECTORS

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define KERNEL(name) avx2_##name
#define LEVEL_NAME "AVX2"
#define ATTENTION_ROWS 6
#define ATTENTION_VECTORS 1
#include "kernels.inc"
#include "attention.inc"
#undef KERNEL
#undef LEVEL_NAME
#undef ATTENTION_ROWS
#undef ATTENTION_VECTORS
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512vl,fma"))), apply_to = function)
// The estimate is right to 14 bits; a step of Newton's method doubles them.
static inline lanes avx512_reciprocal(lanes x) {
    const lanes estimate = (lanes)_mm512_rcp14_ps((__m512)x);
    return estimate * (splat(2.0f) - x * estimate);
}
#undef RECIPROCAL
#define RECIPROCAL(x) avx512_reciprocal(x)
#define KERNEL(name) avx512_##name
#define LEVEL_NAME "AVX-512"
#define ATTENTION_ROWS 6
#define ATTENTION_VECTORS 4
#include "kernels.inc"
#include "attention.inc"
#undef KERNEL
#undef LEVEL_NAME
#undef ATTENTION_ROWS
#undef ATTENTION_VECTORS
#pragma clang attribute pop

static const struct level *const levels[] = {&baseline_level, &avx2_level, &avx512_level};

int vector_level_count(void) {
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return 1;
    if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512dq") || !__builtin_cpu_supports("avx512vl"))
        return 2;
    return 3;
}
#else
static const struct level *const levels[] = {&baseline_level};

int vector_level_count(void) { return 1; }
#endif

// Every thread that finds no choice makes the same one, so the order does not matter.
static _Atomic(const struct level *) chosen;

void vector_set_level(int level) {
    const int count = vector_level_count();
    atomic_store_explicit(&chosen, levels[level >= 0 && level < count ? level : count - 1], memory_order_release);
}

static const struct level *current(void) {
    const struct level *level = atomic_load_explicit(&chosen, memory_order_acquire);
    if (level == NULL) {
        vector_set_level(-1);
        level = atomic_load_explicit(&chosen, memory_order_acquire);
    }
    return level;
}

const char *vector_level_name(void) { return current()->name; }

void vector_add(const struct vector_block *block) { current()->add(block); }

void vector_accumulate(const struct vector_block *block) { current()->accumulate(block); }

void vector_add_quick_gelu(const struct vector_block *block) { current()->add_quick_gelu(block); }

void vector_add_gelu(const struct vector_block *block) { current()->add_gelu(block); }

void vector_softmax(float *x, size_t count) { current()->softmax(x, count); }

void vector_layer_norm(
    const float *x, const float *gain, const float *bias, float epsilon, float *y, size_t count) {
    current()->layer_norm(x, gain, bias, epsilon, y, count);
}

void vector_exp(const float *x, float *y, size_t count) { current()->exp(x, y, count); }

void vector_erf(const float *x, float *y, size_t count) { current()->erf(x, y, count); }

size_t vector_attention_workspace(size_t token_count, size_t head_width) {
    const size_t tokens = vectors_of(token_count) * LANES, width = vectors_of(head_width) * LANES;
    return head_width * tokens + token_count * width + ATTENTION_LARGEST_ROWS * tokens;
}

void vector_attention(const struct vector_attention *attention) { current()->attention(attention); }
