// SPDX-License-Identifier: MIT
//
// The scan on every instruction set of this processor against sums written out, with each buffer exactly as long as
// promised; the dot product and the checksum at every length and alignment. Made to be built with the address and
// undefined-behaviour sanitizers. tools/checks/sanitizers builds and runs it.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CSearchKernels.h"

static unsigned long long state = 0x9E3779B97F4A7C15ull;

static unsigned draw(unsigned bound) {
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    return (unsigned)(state >> 33) % bound;
}

// Heap blocks begin at multiples of 16; the sanitizer guards their ends.
static void *filled(size_t count) {
    unsigned char *bytes = malloc(count ? count : 1);
    for (size_t i = 0; i < count; i++) bytes[i] = (unsigned char)draw(256);
    return bytes;
}

static int check_scan(size_t stride, size_t count, int listed, int extreme) {
    const size_t held = listed ? count + 3 : count;
    uint8_t *codes = filled(held * stride);
    if (extreme) memset(codes, extreme > 1 ? 255 : 0, held * stride);
    int16_t *whole = malloc(stride * sizeof *whole);
    int8_t *high = malloc(stride), *low = malloc(stride);
    // The largest numbers whose sums over the row still fit.
    const int limit = stride <= 1024 ? 16319 : (int)(2147483647u / 128 / stride) - 1;
    for (size_t i = 0; i < stride; i++) {
        whole[i] = (int16_t)(extreme ? (draw(8) ? limit : -limit) : (int)draw(2 * (unsigned)limit + 1) - limit);
        low[i] = (int8_t)(((whole[i] + 64) & 127) - 64);
        high[i] = (int8_t)((whole[i] - low[i]) / 128);
    }
    const struct search_query query = {whole, high, low, stride};
    uint16_t *rows = malloc((count ? count : 1) * sizeof *rows);
    for (size_t i = 0; i < count; i++) rows[i] = (uint16_t)(count + 2 - i);
    int32_t *sums = malloc((count ? count : 1) * sizeof *sums);
    int bad = 0;
    for (int level = 0; level < search_level_count(); level++) {
        search_set_level(level);
        search_scan(codes, listed ? rows : NULL, count, &query, sums);
        for (size_t i = 0; i < count; i++) {
            const uint8_t *row = codes + (listed ? rows[i] : i) * stride;
            long long sum = 0;
            for (size_t j = 0; j < stride; j++) sum += ((long long)row[j] - 128) * whole[j];
            if (sum != sums[i]) bad = 1;
        }
        if (bad) {
            printf("scan, level %d, stride %zu, %zu rows, listed %d, extreme %d: wrong\n", level, stride, count, listed, extreme);
            break;
        }
    }
    free(codes), free(whole), free(high), free(low), free(rows), free(sums);
    return bad;
}

static int check_dot(size_t count) {
    float *a = malloc((count ? count : 1) * sizeof *a), *b = malloc((count ? count : 1) * sizeof *b);
    long double expected = 0, size = 0;
    for (size_t i = 0; i < count; i++) {
        a[i] = (float)draw(2001) / 1000 - 1, b[i] = (float)draw(2001) / 1000 - 1;
        expected += (long double)a[i] * b[i], size += fabsl((long double)a[i] * b[i]);
    }
    const double found = search_dot(a, b, count);
    free(a), free(b);
    if (fabsl(expected - found) <= 1e-13L * (size + 1)) return 0;
    printf("dot of %zu numbers: %.17g, expected %.17Lg\n", count, found, expected);
    return 1;
}

static int check_checksum(size_t begin, size_t count) {
    uint8_t *bytes = filled(begin + count);
    uint32_t expected = ~0u;
    for (size_t i = begin; i < begin + count; i++) {
        expected ^= bytes[i];
        for (int bit = 0; bit < 8; bit++) expected = expected >> 1 ^ (expected & 1 ? 0x82F63B78 : 0);
    }
    expected = ~expected;
    const size_t half = count / 2;
    const uint32_t whole = search_crc32c(0, bytes + begin, count);
    const uint32_t parts = search_crc32c(search_crc32c(0, bytes + begin, half), bytes + begin + half, count - half);
    free(bytes);
    if (whole == expected && parts == expected) return 0;
    printf("checksum of %zu bytes from %zu: %08x and %08x, expected %08x\n", count, begin, whole, parts, expected);
    return 1;
}

int main(void) {
    int bad = 0, checks = 0;
    static const size_t strides[] = {64, 128, 192, 512, 768, 1024, 1088, 4096};
    for (size_t s = 0; s < sizeof strides / sizeof *strides; s++)
        for (size_t count = 0; count < 60; count++)
            for (int listed = 0; listed < 2; listed++)
                for (int extreme = 0; extreme < 3; extreme++)
                    bad += check_scan(strides[s], count, listed, extreme), checks++;
    for (size_t count = 0; count < 300; count++) bad += check_dot(count), checks++;
    for (size_t begin = 0; begin < 9; begin++)
        for (size_t count = 0; count < 100; count++) bad += check_checksum(begin, count), checks++;
    printf("%d checks of the search kernels, %d instruction sets: %d wrong\n", checks, search_level_count(), bad);
    return bad != 0;
}
