// SPDX-License-Identifier: MIT
//
// JPEG pictures decoded for some columns alone, against the same columns of the whole picture: intact and damaged files,
// with the same status and message. A stand-alone program, because a package cannot ask for sanitizers by itself. From
// the repository's root:
//
//     clang -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -ISources/CImageCodecs/include \
//         Sources/CImageCodecs/jpeg_*.c Tests/ImagingTests/Sweeps/jpeg_columns_sweep.c -ljpeg -o /tmp/jpeg_columns_sweep
//     /tmp/jpeg_columns_sweep [SEED [ROUNDS]]
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "CImageCodecs.h"

#define CANARY 4096

static uint64_t state;

static uint64_t next(void) {
    uint64_t z = state += 0x9E3779B97F4A7C15;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
}

static int between(int low, int high) { return low + (int)(next() % (uint64_t)(high - low + 1)); }

static uint8_t *picture(int width, int height) {
    uint8_t *rgb = malloc(3 * (size_t)width * (size_t)height);
    const int noise = between(0, 255), slope = between(0, 9);
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            for (int channel = 0; channel < 3; channel++)
                rgb[3 * ((size_t)y * (size_t)width + (size_t)x) + (size_t)channel] =
                    (uint8_t)(x * slope + y * (channel + 1) + (int)(next() % (uint64_t)(noise + 1)));
    return rgb;
}

static jpeg_encoding_options options(void) {
    const int sampling = between(0, 8);
    return (jpeg_encoding_options){
        .quality = between(1, 100),
        .progressive = between(0, 4) == 0,
        .greyscale = between(0, 9) == 0,
        .horizontal_sampling = sampling == 8 ? 4 : 1 + sampling % 2,
        .vertical_sampling = sampling == 8 ? between(1, 2) : 1 + sampling / 2 % 2,
        .restart_rows = between(0, 3) == 0 ? between(1, 3) : 0,
    };
}

/// Collects the wanted columns of all rows.
struct collector {
    const image_row_sink *sink;
    uint8_t *columns;
    int rows, wrong;
};

static void collect(void *context, int32_t first_row, int32_t row_count, int32_t first_column, int32_t column_count) {
    struct collector *self = context;
    const image_row_sink *sink = self->sink;
    const size_t count = 3 * (size_t)(sink->end_column - sink->first_column);
    self->wrong += first_row != self->rows || first_column % 4 != 0 || first_column > sink->first_column ||
                   first_column + column_count < sink->end_column || row_count > sink->capacity;
    if (self->wrong) return;
    for (int32_t i = 0; i < row_count; i++, self->rows++)
        memcpy(self->columns + count * (size_t)self->rows,
               sink->rows + (size_t)i * sink->stride + 3 * (size_t)(sink->first_column - first_column), count);
}

struct outcome {
    image_codec_status status;
    char message[IMAGE_CODEC_MESSAGE_CAPACITY];
};

static struct outcome decode(const uint8_t *bytes, size_t count, int width, int height, int components, int first,
                             int end, int capacity, uint8_t *columns) {
    struct outcome outcome = {0};
    const size_t stride = 3 * (size_t)width + (size_t)between(0, 20), room = stride * (size_t)capacity;
    image_row_sink sink = {malloc(room + CANARY), stride, capacity, first, end, collect, NULL};
    struct collector collector = {&sink, columns, 0, 0};
    sink.context = &collector;
    memset(sink.rows + room, 0xA5, CANARY);
    outcome.status = jpeg_decode(bytes, count, width, height, components, &sink, outcome.message);
    for (size_t i = 0; i < CANARY; i++) collector.wrong += sink.rows[room + i] != 0xA5;
    if (collector.wrong || (outcome.status == IMAGE_CODEC_OK && collector.rows != height)) {
        printf("the sink was misused\n");
        exit(1);
    }
    free(sink.rows);
    return outcome;
}

static uint64_t accepted, refused;

/// Both ways of decoding come to the same. Every file is a block of its own size, so that reads beyond it are seen.
static int agree(const uint8_t *file, size_t count, int width, int height, int components) {
    uint8_t *bytes = malloc(count), *whole = malloc(3 * (size_t)width * (size_t)height);
    memcpy(bytes, file, count);
    const int first = between(0, width - 1), end = between(first + 1, width);
    const size_t row = 3 * (size_t)width, part_row = 3 * (size_t)(end - first);
    uint8_t *part = malloc(part_row * (size_t)height);
    const struct outcome wanted = decode(bytes, count, width, height, components, 0, width, height, whole);
    const struct outcome got =
        decode(bytes, count, width, height, components, first, end, between(1, 40), part);
    int same = wanted.status == got.status && strcmp(wanted.message, got.message) == 0;
    if (same && wanted.status == IMAGE_CODEC_OK)
        for (int y = 0; y < height; y++)
            same = same && memcmp(whole + row * (size_t)y + 3 * (size_t)first, part + part_row * (size_t)y, part_row) == 0;
    if (!same)
        printf("%d x %d, columns %d to %d: %d \"%s\", whole %d \"%s\"\n", width, height, first, end, got.status,
               got.message, wanted.status, wanted.message);
    if (wanted.status == IMAGE_CODEC_OK) accepted++;
    else refused++;
    free(bytes);
    free(whole);
    free(part);
    return same;
}

/// Flips bits, anywhere or behind the header, and cuts.
static size_t damage(uint8_t *file, size_t count) {
    const size_t from = next() & 1 ? count / 2 : 0;
    for (int flips = between(0, 4); flips > 0; flips--)
        file[from + next() % (count - from)] ^= (uint8_t)(1 << next() % 8);
    return between(0, 2) == 0 ? 1 + next() % count : count;
}

static int round_agrees(void) {
    const int limit = between(0, 9) == 0 ? 700 : 120;
    const int width = between(1, limit), height = between(1, limit);
    const jpeg_encoding_options with = options();
    uint8_t *rgb = picture(width, height), *file = NULL;
    size_t count = 0;
    char message[IMAGE_CODEC_MESSAGE_CAPACITY];
    if (jpeg_encode(rgb, width, height, &with, &file, &count, message) != IMAGE_CODEC_OK) abort();
    const int components = with.greyscale ? 1 : 3;
    int right = agree(file, count, width, height, components) && agree(file, count, width, height, components);
    for (int i = 0; i < 6; i++) {
        uint8_t *damaged = malloc(count);
        memcpy(damaged, file, count);
        const size_t cut = damage(damaged, count);
        right = agree(damaged, cut, width, height, components) && right;
        free(damaged);
    }
    if (!right)
        printf("quality %d, progressive %d, grey %d, sampling %d x %d, restarts %d\n", with.quality, with.progressive,
               with.greyscale, with.horizontal_sampling, with.vertical_sampling, with.restart_rows);
    image_codec_free(file);
    free(rgb);
    return right;
}

int main(int count, char **arguments) {
    const uint64_t seed = count > 1 ? strtoull(arguments[1], NULL, 10) : (uint64_t)time(NULL);
    const int rounds = count > 2 ? atoi(arguments[2]) : 1000;
    printf("seed %llu, %d rounds\n", (unsigned long long)seed, rounds);
    state = seed;
    int wrong = 0;
    for (int i = 0; i < rounds; i++) wrong += !round_agrees();
    printf("%d of %d rounds differ; %llu files were accepted, %llu refused\n", wrong, rounds,
           (unsigned long long)accepted, (unsigned long long)refused);
    return wrong != 0;
}
