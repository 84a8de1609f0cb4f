// SPDX-License-Identifier: MIT
//
// The same products in plain C, for every processor; the compiler makes vectors of the loops over columns.
#include <string.h>

#include "kernels.h"

enum { COLUMNS = GEMM_PANEL_COLUMNS };

void multiply_fp32_portable(
    int rows, size_t steps, const void *x, size_t stride, const void *panel, void *c, int more, const void *next) {
    const float *w = panel;
    (void)next;
    for (int r = 0; r < rows; r++) {
        const float *row = (const void *)((const char *)x + (size_t)r * stride);
        float sums[COLUMNS] = {0};
        if (more) memcpy(sums, (float *)c + r * COLUMNS, sizeof sums);
        for (size_t k = 0; k < steps * 4; k++)
            for (int j = 0; j < COLUMNS; j++) sums[j] += row[k] * w[k * COLUMNS + (size_t)j];
        memcpy((float *)c + r * COLUMNS, sums, sizeof sums);
    }
}

/// Half `odd` of a pair of bfloat16 as a float.
static inline float expanded(uint32_t pair, int odd) {
    const uint32_t bits = odd ? pair & 0xFFFF0000u : pair << 16;
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

void multiply_bf16_portable(
    int rows, size_t steps, const void *x, size_t stride, const void *panel, void *c, int more, const void *next) {
    const uint32_t *w = panel;
    (void)next;
    for (int r = 0; r < rows; r++) {
        const float *row = (const void *)((const char *)x + (size_t)r * stride);
        float sums[COLUMNS] = {0};
        if (more) memcpy(sums, (float *)c + r * COLUMNS, sizeof sums);
        for (size_t k = 0; k < steps * 8; k++)
            for (int j = 0; j < COLUMNS; j++)
                sums[j] += row[k] * expanded(w[k / 2 * COLUMNS + (size_t)j], k % 2 != 0);
        memcpy((float *)c + r * COLUMNS, sums, sizeof sums);
    }
}

/// Sums of `group` products each, of 16-bit activations and weights of any integer type.
#define INTEGER_KERNEL(name, weight, group)                                                                         \
    void multiply_##name##_portable(                                                                                \
        int rows, size_t steps, const void *x, size_t stride, const void *panel, void *c, int more,                 \
        const void *next) {                                                                                         \
        const weight *w = panel;                                                                                    \
        (void)next;                                                                                                 \
        for (int r = 0; r < rows; r++) {                                                                            \
            const int16_t *row = (const void *)((const char *)x + (size_t)r * stride);                              \
            int32_t sums[COLUMNS] = {0};                                                                            \
            if (more) memcpy(sums, (int32_t *)c + r * COLUMNS, sizeof sums);                                        \
            for (size_t k = 0; k < steps * GROUPS; k++)                                                             \
                for (size_t j = 0; j < COLUMNS; j++)                                                                \
                    for (size_t i = 0; i < (group); i++)                                                            \
                        sums[j] += row[k * (group) + i] * w[(k * COLUMNS + j) * (group) + i];                       \
            memcpy((int32_t *)c + r * COLUMNS, sums, sizeof sums);                                                  \
        }                                                                                                           \
    }

INTEGER_KERNEL(int8, int8_t, 4)
INTEGER_KERNEL(int16, int16_t, 2)
