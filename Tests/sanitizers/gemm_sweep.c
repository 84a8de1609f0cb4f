// SPDX-License-Identifier: MIT
//
// Every kernel that this processor runs, over all tile heights and many depths and widths, against sums written out,
// with each buffer exactly as long as promised: made to be built with the address and undefined-behaviour sanitizers.
// tools/checks/sanitizers builds and runs it.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CGEMMKernels.h"

enum { N = GEMM_PANEL_COLUMNS };

static unsigned long long state = 0x9E3779B97F4A7C15ull;

static float uniform(void) {
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    return (float)(state >> 40) / (1 << 23) - 1;
}

static float bf16(float x) {
    unsigned bits;
    memcpy(&bits, &x, sizeof bits);
    bits = (bits + 0x7FFF + (bits >> 16 & 1)) & 0xFFFF0000u;
    memcpy(&x, &bits, sizeof bits);
    return x;
}

static double product(int format, const float *x, const float *w, size_t depth) {
    double sum = 0;
    for (size_t k = 0; k < depth; k++)
        sum += format == GEMM_BF16 ? (double)bf16(x[k]) * bf16(w[k]) : (double)x[k] * w[k];
    return sum;
}

static int check(int kernel, int rows, int columns, size_t depth) {
    const int format = gemm_kernel_format(kernel);
    const size_t step = gemm_step_depth(format), padded = (depth + step - 1) / step * step;
    const size_t stride = depth + 3;
    float *x = malloc(((size_t)(rows - 1) * stride + depth) * sizeof *x);
    float *w = malloc(((size_t)(columns - 1) * stride + depth) * sizeof *w);
    // Padding between rows is never read as a number; NaN would show.
    for (size_t i = 0; i < (size_t)(rows - 1) * stride + depth; i++) x[i] = i % stride < depth ? 3 * uniform() : NAN;
    for (size_t i = 0; i < (size_t)(columns - 1) * stride + depth; i++) w[i] = i % stride < depth ? uniform() : NAN;

    char *panel = malloc(padded / step * GEMM_STEP_BYTES);
    const size_t row_bytes = padded * gemm_row_element_bytes(kernel);
    char *rounded = malloc(row_bytes * (size_t)rows);
    float column_scales[N], row_scales[GEMM_LARGEST_TILE], c[GEMM_LARGEST_TILE * N];
    int32_t sums[N], zeros[GEMM_LARGEST_TILE];
    float *result = malloc((size_t)rows * N * sizeof *result);
    gemm_pack_panel(format, w, stride, columns, depth, panel, column_scales, sums);
    gemm_round_rows(kernel, x, stride, rows, depth, NULL, rounded, row_scales, zeros);
    // Reads nothing, whatever the address.
    gemm_expect_outputs(result, N, rows, columns);
    // In two parts, the second added to the first, as deep products are computed.
    const size_t steps = padded / step, first = steps / 2;
    gemm_multiply(kernel, rows, first, rounded, row_bytes, panel, result, 0, panel);
    gemm_multiply(
        kernel, rows, steps - first, rounded + first * step * gemm_row_element_bytes(kernel), row_bytes,
        panel + first * GEMM_STEP_BYTES, result, first > 0, panel);
    memcpy(c, result, (size_t)rows * N * sizeof *c);

    int failures = 0;
    for (int r = 0; r < rows; r++) {
        // Columns that a panel does not have are zero.
        for (int j = 0; j < N; j++) {
            const double expected =
                j < columns ? product(format, x + (size_t)r * stride, w + (size_t)j * stride, depth) : 0;
            double found = c[r * N + j], bound = 4e-7 * (4 + (double)depth);
            if (format == GEMM_INT8 || format == GEMM_INT16) {
                int32_t sum;
                memcpy(&sum, c + r * N + j, sizeof sum);
                found = ((double)sum - (double)zeros[r] * sums[j]) * row_scales[r] * column_scales[j];
                // Half a step of each factor at every depth, where w is at most 1 and x, rounded, 3 and half a step.
                const double x_step = row_scales[r], w_step = j < columns ? column_scales[j] : 0;
                bound = (x_step / 2 + (3 + x_step / 2) * w_step / 2) * (double)depth * (1 + 1e-5) + 1e-6;
            }
            if (!(fabs(found - expected) <= bound)) failures++;
        }
    }
    if (failures)
        printf("FAILED kernel %d %s format %d: %d of %d sums at rows %d columns %d depth %zu\n", kernel,
               gemm_kernel_name(kernel), format, failures, rows * N, rows, columns, depth);
    free(x), free(w), free(panel), free(rounded), free(result);
    return failures;
}

int main(void) {
    static const size_t depths[] = {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 48, 64, 100, 129, 257, 768};
    static const int widths[] = {1, 2, 15, 16, 17, 33, 47, 48};
    int failures = 0, cases = 0;
    for (int kernel = 0; kernel < gemm_kernel_count(); kernel++) {
#ifdef SOFTWARE_BF16
        // Only the kernel whose instruction was replaced.
        if (strcmp(gemm_kernel_name(kernel), "AVX-512 BF16") != 0 || !gemm_kernel_is_supported(0)) continue;
#else
        if (!gemm_kernel_is_supported(kernel)) {
            printf("skipped: this processor cannot run %s in format %d\n", gemm_kernel_name(kernel),
                   gemm_kernel_format(kernel));
            continue;
        }
#endif
        for (int rows = 1; rows <= gemm_tile_rows(kernel); rows++)
            for (size_t d = 0; d < sizeof depths / sizeof *depths; d++)
                for (size_t n = 0; n < sizeof widths / sizeof *widths; n++, cases++)
                    failures += check(kernel, rows, widths[n], depths[d]);
    }
    printf("%d products, %d wrong sums\n", cases, failures);
    return failures != 0;
}
