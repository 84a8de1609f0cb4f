// SPDX-License-Identifier: MIT
//
// Attention of one head at many sizes, on every instruction set of this processor, against its definition in double
// precision: with and without a mask, with damaged numbers, row by row and all rows together. Every buffer ends with what
// may be read or written; between rows stands NaN.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CVectorKernels.h"

static unsigned long long state = 88172645463325252ull;
static float noise(void) {
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    return (float)((double)(state >> 11) / (double)(1ull << 53) * 2 - 1);
}
static int failures;
static double worst;
static long rows_checked;
#define FAIL(...)                                  \
    do {                                           \
        if (failures++ < 20) printf(__VA_ARGS__), puts(""); \
    } while (0)

enum damage { NONE, NAN_QUERY, NAN_KEY, NAN_VALUE, INF_QUERY, INF_KEY, INF_VALUE, MINUS_INF_SCORES, DAMAGES };

/// Exactly sized: `rows` rows of `width`, `stride` apart, the last without what follows it.
static float *matrix(size_t rows, size_t width, size_t stride, float range) {
    const size_t n = rows == 0 ? 0 : (rows - 1) * stride + width;
    float *x = malloc(n * sizeof *x + (n == 0));
    for (size_t i = 0; i < n; i++) x[i] = i % stride < width ? noise() * range : NAN;
    return x;
}

static void reference(const struct vector_attention *a, size_t row, double *y, double *size) {
    size_t visible = a->token_count;
    if (a->first_query >= 0 && (size_t)a->first_query + row + 1 < visible) visible = (size_t)a->first_query + row + 1;
    double *s = malloc(visible * sizeof *s), largest = -INFINITY, sum = 0;
    for (size_t j = 0; j < visible; j++) {
        s[j] = 0;
        for (size_t d = 0; d < a->head_width; d++)
            s[j] += (double)a->queries[row * a->query_stride + d] * a->keys[j * a->key_value_stride + d];
        s[j] *= a->scale;
        if (s[j] > largest) largest = s[j];
    }
    for (size_t j = 0; j < visible; j++) sum += s[j] = exp(s[j] - largest);
    for (size_t d = 0; d < a->head_width; d++) {
        y[d] = 0, size[d] = 1e-30;
        for (size_t j = 0; j < visible; j++) {
            const double v = a->values[j * a->key_value_stride + d];
            y[d] += s[j] / sum * v, size[d] += s[j] / sum * fabs(v);
        }
    }
    free(s);
}

static void check(size_t tokens, size_t width, size_t queries, ptrdiff_t first, size_t extra, enum damage damage) {
    const size_t qs = width + extra, kvs = width + 2 * extra, os = width + extra / 2;
    float *q = matrix(queries, width, qs, damage ? 1 : 2), *k = matrix(tokens, width, kvs, 2), *v = matrix(tokens, width, kvs, 3);
    const size_t hit_row = queries / 2, hit_token = tokens * 2 / 3, hit_depth = width / 2;
    switch (damage) {
    case NAN_QUERY: q[hit_row * qs + hit_depth] = NAN; break;
    case INF_QUERY: q[hit_row * qs + hit_depth] = -INFINITY; break;
    case NAN_KEY: k[hit_token * kvs + hit_depth] = -NAN; break;
    case INF_KEY: k[hit_token * kvs + hit_depth] = INFINITY; break;
    case NAN_VALUE: v[hit_token * kvs + hit_depth] = NAN; break;
    case INF_VALUE: v[hit_token * kvs + hit_depth] = INFINITY; break;
    case MINUS_INF_SCORES:
        for (size_t i = 0; i < queries; i++) q[i * qs] = 1;
        for (size_t j = 0; j < tokens; j++) k[j * kvs] = -INFINITY;
        break;
    default: break;
    }
    const size_t n = vector_attention_workspace(tokens, width), m = queries == 0 ? 0 : (queries - 1) * os + width;
    float *workspace = aligned_alloc(64, (n * 4 + 63) / 64 * 64), *out = malloc(m * 4 + 4), *alone = malloc(width * 4);
    // Right up to the end of the allocation, and full of what must not be used.
    workspace += ((n * 4 + 63) / 64 * 64 - n * 4) / 4;
    for (size_t i = 0; i < n; i++) workspace[i] = i % 2 ? NAN : INFINITY;
    for (size_t i = 0; i < m; i++) out[i] = 12345;
    struct vector_attention a = {q, qs, queries, k, v, kvs, tokens, width, 1 / sqrtf((float)width), first, workspace, out, os};
    vector_attention(&a);
    double *y = malloc(width * 8), *size = malloc(width * 8);
    for (size_t r = 0; r < queries; r++) {
        reference(&a, r, y, size);
        rows_checked++;
        for (size_t d = 0; d < width; d++) {
            const float got = out[r * os + d];
            if (isnan(y[d]) ? !isnan(got) : !isfinite(y[d]) ? (double)got != y[d] : !isfinite(got)) {
                FAIL("%s tokens %zu width %zu queries %zu first %td damage %d row %zu column %zu: %g for %g", vector_level_name(), tokens, width, queries, first, damage, r, d, got, y[d]);
                break;
            }
            if (!isfinite(y[d])) continue;
            const double error = fabs(got - y[d]) / size[d];
            if (error > worst) worst = error;
            if (error > 4e-6) FAIL("%s tokens %zu width %zu queries %zu first %td row %zu: %g for %g", vector_level_name(), tokens, width, queries, first, r, got, y[d]);
        }
        if (r + 1 < queries)
            for (size_t i = width; i < os; i++) if (out[r * os + i] != 12345) FAIL("wrote beside its columns");
        struct vector_attention one = a;
        one.queries = q + r * qs, one.query_count = 1, one.output = alone;
        if (first >= 0) one.first_query = first + (ptrdiff_t)r;
        vector_attention(&one);
        for (size_t d = 0; d < width; d++)
            if (memcmp(&alone[d], &out[r * os + d], 4) && !(isnan(alone[d]) && isnan(out[r * os + d]))) { FAIL("%s: row %zu of %zu differs when alone (tokens %zu width %zu first %td)", vector_level_name(), r, queries, tokens, width, first); break; }
    }
    free(y), free(size), free(alone), free(out), free(q), free(k), free(v);
    free(workspace - ((n * 4 + 63) / 64 * 64 - n * 4) / 4);
}

int main(int argc, char **argv) {
    (void)argv;
    const size_t step = argc > 1 ? 4 : 1;
    for (int level = 0; level < vector_level_count(); level++) {
        vector_set_level(level);
        worst = 0, rows_checked = 0;
        static const size_t widths[] = {1, 2, 3, 5, 8, 13, 15, 16, 17, 24, 31, 32, 33, 48, 50, 63, 64, 65, 79, 80, 81, 96, 100, 113, 128, 130};
        size_t turn = 0;
        for (size_t tokens = 1; tokens <= 82; tokens++) {
            const size_t t = tokens == 81 ? 197 : tokens == 82 ? 257 : tokens;
            for (size_t w = turn % step; w < sizeof widths / sizeof *widths; w += step, turn++) {
                const size_t queries[] = {t, 1, 0, 2 + turn % 12};
                const size_t count = t > 80 && turn % 3 ? 13 : queries[turn % 4];
                check(t, widths[w], count, -1, turn % 3 * 5, NONE);
                check(t, widths[w], count, (ptrdiff_t)(turn % 5 == 0 ? 0 : turn % (t + 3)), turn % 3 * 5, NONE);
            }
            check(t, 64, t, 0, 2240, NONE);
            for (int damage = NAN_QUERY; damage < DAMAGES; damage++) {
                check(t, 64, t < 40 ? t : 13, -1, 3, (enum damage)damage);
                check(t, 64, t < 60 ? t : 13, 0, 3, (enum damage)damage);
                check(t, 37, 7, -1, 0, (enum damage)damage);
                check(t, 37, 8, (ptrdiff_t)(t * 2 / 3) - 4, 0, (enum damage)damage);
            }
        }
        printf("%-8s %ld rows, largest error %.3g\n", vector_level_name(), rows_checked, worst);
    }
    printf("%d failures\n", failures);
    return failures != 0;
}
