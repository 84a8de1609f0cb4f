// SPDX-License-Identifier: MIT
#include <limits.h>
#include <stdlib.h>

#include <zlib.h>

#include "CImageCodecs.h"

struct inflater {
    z_stream stream;
};

inflater *inflater_create(void) {
    inflater *self = calloc(1, sizeof *self);
    if (self == NULL) return NULL;
    if (inflateInit(&self->stream) != Z_OK) {
        free(self);
        return NULL;
    }
    return self;
}

void inflater_destroy(inflater *self) {
    if (self == NULL) return;
    inflateEnd(&self->stream);
    free(self);
}

static uInt clamp(size_t count) { return count < UINT_MAX ? (uInt)count : UINT_MAX; }

inflater_status inflater_run(inflater *self, const uint8_t *input, size_t input_count, size_t *consumed,
                             uint8_t *output, size_t output_count, size_t *produced) {
    uInt available_in = clamp(input_count);
    uInt available_out = clamp(output_count);
    self->stream.next_in = (Bytef *)input;
    self->stream.avail_in = available_in;
    self->stream.next_out = output;
    self->stream.avail_out = available_out;
    int result = inflate(&self->stream, Z_NO_FLUSH);
    *consumed = available_in - self->stream.avail_in;
    *produced = available_out - self->stream.avail_out;
    // A stream that asks for a preset dictionary makes no progress and never will: the caller sees
    // its data run out.
    if (result == Z_STREAM_END) return INFLATER_ENDED;
    return result < 0 ? INFLATER_FAILED : INFLATER_RUNNING;
}

uint32_t crc32_continue(uint32_t seed, const uint8_t *bytes, size_t count) {
    return (uint32_t)crc32_z(seed, bytes, count);
}
