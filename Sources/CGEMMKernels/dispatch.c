// SPDX-License-Identifier: MIT
#include "kernels.h"

/// One way to multiply.
struct kernel {
    const char *name;
    enum gemm_format format;
    enum row_type type;
    int rows;
    multiply_function *multiply;
};

static const struct kernel kernels[] = {
#if defined(__x86_64__)
    {"AVX-512", GEMM_FP32, ROW_FLOATS, 9, multiply_fp32_avx512},
    {"AVX2", GEMM_FP32, ROW_FLOATS, 6, multiply_fp32_avx2},
#endif
    {"portable", GEMM_FP32, ROW_FLOATS, 4, multiply_fp32_portable},
#if defined(__x86_64__)
    {"AVX-512 BF16", GEMM_BF16, ROW_BFLOATS, 9, multiply_bf16_avx512},
    {"AVX-512", GEMM_BF16, ROW_ROUNDED_FLOATS, 8, multiply_bf16_avx512_expanding},
    {"AVX2", GEMM_BF16, ROW_ROUNDED_FLOATS, 5, multiply_bf16_avx2},
#endif
    {"portable", GEMM_BF16, ROW_ROUNDED_FLOATS, 4, multiply_bf16_portable},
#if defined(__x86_64__)
    {"AVX-512 VNNI", GEMM_INT8, ROW_BYTES, 9, multiply_int8_avx512},
    {"AVX2", GEMM_INT8, ROW_BYTES, 6, multiply_int8_avx2},
#endif
    {"portable", GEMM_INT8, ROW_WIDE_BYTES, 4, multiply_int8_portable},
#if defined(__x86_64__)
    {"AVX-512 VNNI", GEMM_INT16, ROW_WORDS, 9, multiply_int16_avx512},
    {"AVX2", GEMM_INT16, ROW_WORDS, 5, multiply_int16_avx2},
#endif
    {"portable", GEMM_INT16, ROW_WORDS, 4, multiply_int16_portable},
};

enum { KERNEL_COUNT = sizeof kernels / sizeof *kernels };

int gemm_kernel_count(void) { return KERNEL_COUNT; }

const char *gemm_kernel_name(int kernel) { return kernels[kernel].name; }

int gemm_kernel_format(int kernel) { return kernels[kernel].format; }

int gemm_tile_rows(int kernel) { return kernels[kernel].rows; }

multiply_function *kernel_function(int kernel) { return kernels[kernel].multiply; }

int gemm_kernel_is_supported(int kernel) {
#if defined(__x86_64__)
    multiply_function *const function = kernels[kernel].multiply;
    __builtin_cpu_init();
    const int avx512 = __builtin_cpu_supports("avx512f") != 0;
    if (function == multiply_fp32_avx512 || function == multiply_bf16_avx512_expanding) return avx512;
    if (function == multiply_bf16_avx512) return avx512 && __builtin_cpu_supports("avx512bf16");
    if (function == multiply_int8_avx512 || function == multiply_int16_avx512)
        return avx512 && __builtin_cpu_supports("avx512vnni");
    if (function == multiply_fp32_avx2 || function == multiply_bf16_avx2 || function == multiply_int8_avx2 ||
        function == multiply_int16_avx2)
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
    (void)kernel;
#endif
    return 1;
}

size_t gemm_step_depth(int format) { return format == GEMM_FP32 ? 4 : format == GEMM_INT8 ? 16 : 8; }

size_t gemm_row_element_bytes(int kernel) { return row_element_bytes(kernels[kernel].type); }

size_t row_element_bytes(enum row_type type) {
    switch (type) {
        case ROW_FLOATS:
        case ROW_ROUNDED_FLOATS: return 4;
        case ROW_BFLOATS:
        case ROW_WIDE_BYTES:
        case ROW_WORDS: return 2;
        case ROW_BYTES: return 1;
    }
    return 0;
}

int gemm_rounds_rows(int kernel) { return kernels[kernel].type != ROW_FLOATS; }

void gemm_round_rows(
    int kernel, const float *x, size_t stride, int rows, size_t depth, const float *factors, void *out,
    float *scales, int32_t *zeros) {
    gemm_round_rows_to(
        kernels[kernel].type, kernels[kernel].format, x, stride, rows, depth, factors, out, scales, zeros);
}

// Where a processor does not know the instruction for writing, it does nothing.
#if defined(__x86_64__)
__attribute__((target("prfchw")))
#endif
void gemm_expect_outputs(const float *y, size_t stride, int rows, int columns) {
    const size_t line = 64 / sizeof *y;
    for (size_t r = 0; r < (size_t)rows; r++)
        for (size_t i = 0; i < (size_t)columns; i += line) __builtin_prefetch(y + r * stride + i, 1);
}

void gemm_multiply(
    int kernel, int rows, size_t steps, const void *x, size_t stride, const void *panel, void *c, int more,
    const void *next) {
    kernels[kernel].multiply(rows, steps, x, stride, panel, c, more, next);
}
