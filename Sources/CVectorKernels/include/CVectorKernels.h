// SPDX-License-Identifier: MIT
#ifndef AFTERIMAGE_CVECTORKERNELS_H
#define AFTERIMAGE_CVECTORKERNELS_H

#include <stddef.h>
#include <stdint.h>

// The element-wise work of a transformer on one row, compiled for several instruction sets of x86-64 (AVX-512, AVX2
// with FMA, baseline) and chosen at the first call; on other processors the baseline alone. Rows need no alignment
// and may have any length. Results differ between instruction sets in the last bits, because of fused operations.

/// What integer sums s of rounded factors stand for: (s[r][i] - zeros[r] * sums[i]) * row_scales[r] * scales[i].
struct vector_integers {
    /// Sums of the rounded weights of each column, and their steps.
    const int32_t *sums;
    const float *scales;
    /// The number that stands for 0 among the activations of each row, and their step.
    const int32_t *zeros;
    const float *row_scales;
};

/// A block of sums x and what becomes of them, [rows, columns], rows `stride` apart.
struct vector_block {
    size_t rows, columns;
    /// 32-bit integers where `integers` is not null.
    const float *x;
    size_t x_stride;
    /// May be x.
    float *y;
    size_t y_stride;
    /// [columns], or null.
    const float *bias;
    const struct vector_integers *integers;
};

/// y = x + bias
void vector_add(const struct vector_block *block);

/// y = y + x + bias; x is not y.
void vector_accumulate(const struct vector_block *block);

/// y = f(x + bias) with f(x) = x / (1 + exp(-1.702 x))
void vector_add_quick_gelu(const struct vector_block *block);

/// y = f(x + bias) with f(x) = x / 2 * (1 + erf(x / sqrt(2)))
void vector_add_gelu(const struct vector_block *block);

/// The attention of some queries to the tokens of one image, for one head. Strides are in numbers, from row to row.
///
///     scores = scale * queries * keys^T          [queries, tokens]
///     output = softmax(scores) * values          [queries, head width]
///
/// A row of the output depends on its own query and on the tokens that it sees, and on nothing else, in every bit. A
/// NaN among its scores, or one that is +infinity, makes it NaN; a NaN among the values makes its column NaN.
struct vector_attention {
    const float *queries;
    size_t query_stride, query_count;
    /// Both `key_value_stride` apart.
    const float *keys, *values;
    size_t key_value_stride;
    /// At least 1, both.
    size_t token_count, head_width;
    float scale;
    /// The token that the first query belongs to, where a query sees only its own token and those before it; negative:
    /// every query sees all tokens.
    ptrdiff_t first_query;
    /// vector_attention_workspace numbers; best aligned to 64 bytes.
    float *workspace;
    /// [queries, head width]; must not overlap what is read.
    float *output;
    size_t output_stride;
};

/// Numbers of workspace that an attention needs, on any instruction set.
size_t vector_attention_workspace(size_t token_count, size_t head_width);

/// Computes it. Allocates nothing.
void vector_attention(const struct vector_attention *attention);

/// Tells the processor that this thread is only waiting for another one.
static inline void vector_pause(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("isb");
#endif
}

/// x[i] = exp(x[i] - max x) / sum of the same
void vector_softmax(float *x, size_t count);

/// y[i] = (x[i] - mean) / sqrt(variance + epsilon) * gain[i] + bias[i]; x and y may be the same row.
void vector_layer_norm(
    const float *x, const float *gain, const float *bias, float epsilon, float *y, size_t count);

/// y[i] = exp(x[i]), for the tests of accuracy.
void vector_exp(const float *x, float *y, size_t count);

/// y[i] = erf(x[i]), for the tests of accuracy.
void vector_erf(const float *x, float *y, size_t count);

/// Number of instruction sets that this build and this processor offer; the highest index is what is used.
int vector_level_count(void);

/// Uses level `level` (0 is the baseline) from now on in the whole process, for the tests; out of range: the highest.
void vector_set_level(int level);

/// Name of the level in use.
const char *vector_level_name(void);

#endif
