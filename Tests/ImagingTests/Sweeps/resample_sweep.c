// SPDX-License-Identifier: MIT
//
// The resampling kernels against their definition, over sizes and windows, on every instruction set; a stand-alone
// program, because a package cannot ask for sanitizers by itself. From the repository's root:
//
//     clang -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -ISources/CResampleKernels/include \
//         Sources/CResampleKernels/*.c Tests/ImagingTests/Sweeps/resample_sweep.c -lm -o /tmp/resample_sweep
//     /tmp/resample_sweep [SEED [ROUNDS]]
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "CResampleKernels.h"

static uint64_t state;

static uint64_t next(void) {
    uint64_t z = state += 0x9E3779B97F4A7C15;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
}

static int32_t between(int32_t low, int32_t high) {
    return low + (int32_t)(next() % (uint64_t)(high - low + 1));
}

/// A direction: weights of the outputs first..<first + count of `whole`. Blocks of exact size, so that any read beyond
/// them is seen.
struct direction {
    int32_t input, whole, first, count, capacity;
    int32_t *starts, *counts, *weights;
};

static double cubic(double x) {
    x = fabs(x);
    if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
    return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
}

static struct direction make(int32_t input, int32_t whole, int32_t first, int32_t count, int extreme) {
    const double scale = (double)input / whole, stretch = scale > 1 ? scale : 1, support = 2 * stretch;
    struct direction d = {input, whole, first, count, 2 * (int32_t)ceil(support) + 1, NULL, NULL, NULL};
    d.starts = malloc((size_t)count * sizeof(int32_t));
    d.counts = malloc((size_t)count * sizeof(int32_t));
    d.weights = malloc((size_t)count * (size_t)d.capacity * sizeof(int32_t));
    for (int32_t i = 0; i < count; i++) {
        const double center = (first + i + 0.5) * scale;
        const int32_t low = center - support + 0.5 > 0 ? (int32_t)(center - support + 0.5) : 0;
        const int32_t end = center + support + 0.5 < input ? (int32_t)(center + support + 0.5) : input;
        int32_t *weights = d.weights + i * d.capacity;
        double sum = 0;
        for (int32_t x = low; x < end; x++) sum += cubic((x - center + 0.5) / stretch);
        d.starts[i] = low;
        d.counts[i] = end - low;
        for (int32_t x = low; x < end; x++)
            weights[x - low] = (int32_t)lround(cubic((x - center + 0.5) / stretch) / sum * 4194304);
        // The largest magnitudes that a weight may have, to try how weights are split.
        if (extreme) weights[next() % (uint64_t)(end - low)] = next() & 1 ? 8355711 - between(0, 70000) : -8355711 + between(0, 70000);
    }
    return d;
}

static void discard(struct direction *d) {
    free(d->starts);
    free(d->counts);
    free(d->weights);
}

static uint8_t clipped(uint32_t sum) {
    const int32_t x = (int32_t)sum >> 22;
    return (uint8_t)(x < 0 ? 0 : x > 255 ? 255 : x);
}

/// Each pass by itself, sample by sample.
static uint8_t *expected(const uint8_t *rgb, const struct direction *columns, const struct direction *rows) {
    const size_t width = (size_t)columns->count;
    uint8_t *wide = malloc(3 * width * (size_t)rows->input), *result = malloc(3 * width * (size_t)rows->count);
    for (int32_t y = 0; y < rows->input; y++)
        for (size_t i = 0; i < 3 * width; i++) {
            const size_t x = i / 3;
            uint32_t sum = 1 << 21;
            for (int32_t tap = 0; tap < columns->counts[x]; tap++)
                sum += rgb[3 * ((size_t)y * (size_t)columns->input + (size_t)(columns->starts[x] + tap)) + i % 3] *
                       (uint32_t)columns->weights[x * (size_t)columns->capacity + (size_t)tap];
            wide[3 * width * (size_t)y + i] = clipped(sum);
        }
    for (int32_t y = 0; y < rows->count; y++)
        for (size_t i = 0; i < 3 * width; i++) {
            uint32_t sum = 1 << 21;
            for (int32_t tap = 0; tap < rows->counts[y]; tap++)
                sum += wide[3 * width * (size_t)(rows->starts[y] + tap) + i] *
                       (uint32_t)rows->weights[(size_t)y * (size_t)rows->capacity + (size_t)tap];
            result[3 * width * (size_t)y + i] = clipped(sum);
        }
    free(wide);
    return result;
}

static resampler *create(const struct direction *columns, const struct direction *rows) {
    return resampler_create(
        resampler_axis_create(columns->input, columns->count, columns->starts, columns->counts, columns->weights,
                              (size_t)columns->capacity),
        resampler_axis_create(rows->input, rows->count, rows->starts, rows->counts, rows->weights,
                              (size_t)rows->capacity));
}

/// As a decoder does it: strip by strip, perhaps without the columns that are not needed.
static void feed(resampler *resampler, const uint8_t *rgb, int32_t width, int32_t height) {
    int32_t first, end;
    resampler_columns(resampler, &first, &end);
    first = next() & 1 ? first / 4 * 4 : 0;
    end = next() & 1 ? end : width;
    for (int32_t row = 0; row < height; row += RESAMPLER_STRIP_ROWS) {
        const int32_t count = height - row < RESAMPLER_STRIP_ROWS ? height - row : RESAMPLER_STRIP_ROWS;
        size_t stride;
        uint8_t *strip = resampler_strip(resampler, &stride);
        for (int32_t i = 0; i < count; i++)
            memcpy(strip + (size_t)i * stride, rgb + 3 * ((size_t)(row + i) * (size_t)width + (size_t)first),
                   3 * (size_t)(end - first));
        resampler_take_strip(resampler, row, count, first, end - first);
    }
}

static int agrees(const uint8_t *rgb, const struct direction *columns, const struct direction *rows,
                  const uint8_t *wanted, const float *table) {
    const size_t width = (size_t)columns->count, pixels = width * (size_t)rows->count;
    uint8_t *bytes = malloc(3 * pixels);
    float *planes = malloc(3 * pixels * sizeof(float));
    resampler *resampler = create(columns, rows);
    resampler_take_picture(resampler, rgb);
    resampler_finish_interleaved(resampler, bytes);
    int right = memcmp(bytes, wanted, 3 * pixels) == 0;
    memset(bytes, 0, 3 * pixels);
    feed(resampler, rgb, columns->input, rows->input);
    resampler_finish_interleaved(resampler, bytes);
    resampler_finish_planar(resampler, table, planes);
    right = right && memcmp(bytes, wanted, 3 * pixels) == 0;
    for (size_t i = 0; i < 3 * pixels; i++)
        right = right && planes[i % 3 * pixels + i / 3] == table[256 * (i % 3) + wanted[i]];
    resampler_destroy(resampler);
    free(bytes);
    free(planes);
    return right;
}

static int round_agrees(int32_t limit) {
    const int32_t width = between(1, limit), height = between(1, limit);
    const int32_t to_width = between(1, limit), to_height = between(1, limit);
    const int32_t column = between(0, to_width - 1), row = between(0, to_height - 1);
    const int extreme = next() % 4 == 0;
    struct direction columns = make(width, to_width, column, between(1, to_width - column), extreme);
    struct direction rows = make(height, to_height, row, between(1, to_height - row), extreme);
    const size_t count = 3 * (size_t)width * (size_t)height;
    uint8_t *rgb = malloc(count);
    for (size_t i = 0; i < count; i++) rgb[i] = next() % 3 == 0 ? (uint8_t)(next() & 1 ? 255 : 0) : (uint8_t)next();
    float table[3 * 256];
    for (int i = 0; i < 3 * 256; i++) table[i] = (float)(next() >> 40);
    uint8_t *wanted = expected(rgb, &columns, &rows);
    int right = 1;
    for (int level = 0; level < resampler_level_count(); level++) {
        resampler_set_level(level);
        if (agrees(rgb, &columns, &rows, wanted, table)) continue;
        printf("level %d: %d x %d to %d x %d, columns from %d, rows from %d\n", level, width, height, to_width,
               to_height, column, row);
        right = 0;
    }
    free(wanted);
    free(rgb);
    discard(&columns);
    discard(&rows);
    return right;
}

int main(int count, char **arguments) {
    const uint64_t seed = count > 1 ? strtoull(arguments[1], NULL, 10) : (uint64_t)time(NULL);
    const int rounds = count > 2 ? atoi(arguments[2]) : 400;
    printf("seed %llu, %d rounds, %d instruction sets\n", (unsigned long long)seed, rounds, resampler_level_count());
    state = seed;
    int wrong = 0;
    for (int i = 0; i < rounds; i++) wrong += !round_agrees(i % 8 == 0 ? 300 : i % 2 == 0 ? 70 : 12);
    printf("%d of %d rounds differ\n", wrong, rounds);
    return wrong != 0;
}
