// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>

#include "CImageCodecs.h"
#include "jpeg_error.h"

#include <jerror.h>

/// Bytes that become visible to libjpeg at a time. Pillow reads a file in blocks of this size, and
/// whether damage behind the last row is noticed depends on the blocks.
#define BLOCK_BYTES 65536

/// More scans than any real progressive file has. Every scan of a large frame costs a pass over its
/// coefficients, so a small file with many scans would keep the processor busy for minutes.
#define SCAN_LIMIT 500

/// A source that suspends at the end of the visible bytes instead of inventing an end-of-image marker.
typedef struct suspending_source {
    struct jpeg_source_mgr manager;  // first, so that a pointer to it is a pointer to the source
    const uint8_t *end_of_visible;
    const uint8_t *end;
    size_t bytes_to_skip;
} suspending_source;

/// What must survive the jump back; reached by pointer only, so no register holds a stale copy.
typedef struct decoder {
    struct jpeg_decompress_struct codec;
    jpeg_error_trap trap;
    struct jpeg_progress_mgr progress;
    suspending_source source;
    uint8_t *row;
    image_codec_status status;
} decoder;

static void stub(j_decompress_ptr codec) { (void)codec; }

static boolean suspend(j_decompress_ptr codec) {
    (void)codec;
    return FALSE;
}

static void skip(j_decompress_ptr codec, long count) {
    suspending_source *source = (suspending_source *)codec->src;
    size_t available = source->manager.bytes_in_buffer;
    size_t wanted = count > 0 ? (size_t)count : 0;
    size_t now = wanted < available ? wanted : available;
    source->manager.next_input_byte += now;
    source->manager.bytes_in_buffer -= now;
    source->bytes_to_skip = wanted - now;
}

static void limit_scans(j_common_ptr codec) {
    if (((j_decompress_ptr)codec)->input_scan_number <= SCAN_LIMIT) return;
    jpeg_error_trap *trap = (jpeg_error_trap *)codec->err;
    snprintf(trap->message, IMAGE_CODEC_MESSAGE_CAPACITY, "more than %d scans", SCAN_LIMIT);
    longjmp(trap->return_point, 1);
}

/// Shows libjpeg the next block; 0 when there is none left.
static int show_more(suspending_source *source) {
    size_t hidden = (size_t)(source->end - source->end_of_visible);
    if (hidden == 0) return 0;
    size_t more = hidden < BLOCK_BYTES ? hidden : BLOCK_BYTES;
    source->end_of_visible += more;
    source->manager.bytes_in_buffer += more;
    return 1;
}

/// Goes on after a suspension; jumps out when the data is at its end.
static void resume(decoder *self) {
    do {
        if (!show_more(&self->source)) {
            self->status = IMAGE_CODEC_TRUNCATED;
            longjmp(self->trap.return_point, 1);
        }
        if (self->source.bytes_to_skip > 0) skip(&self->codec, (long)self->source.bytes_to_skip);
    } while (self->source.bytes_to_skip > 0);
}

static void refuse(decoder *self, const char *message) {
    snprintf(self->trap.message, IMAGE_CODEC_MESSAGE_CAPACITY, "%s", message);
    longjmp(self->trap.return_point, 1);
}

static void read_header(decoder *self) {
    for (;;) {
        int result = jpeg_read_header(&self->codec, FALSE);
        if (result == JPEG_HEADER_OK) return;
        if (result == JPEG_SUSPENDED) resume(self);
    }
}

static void start(decoder *self, int width, int height, int components) {
    j_decompress_ptr codec = &self->codec;
    codec->out_color_space = components == 1 ? JCS_GRAYSCALE : components == 3 ? JCS_RGB : JCS_CMYK;
    while (!jpeg_start_decompress(codec)) resume(self);
    if (codec->output_width != (JDIMENSION)width || codec->output_height != (JDIMENSION)height ||
        codec->output_components != components) {
        refuse(self, "the frame header and the image data disagree");
    }
}

static void expand_grey(const uint8_t *grey, uint8_t *rgb, int width) {
    for (int x = 0; x < width; x++) {
        rgb[3 * x] = rgb[3 * x + 1] = rgb[3 * x + 2] = grey[x];
    }
}

/// a · b / 255, rounded as Pillow rounds it.
static unsigned multiply_255(unsigned a, unsigned b) {
    unsigned product = a * b + 128;
    return ((product >> 8) + product) >> 8;
}

/// Adobe stores CMYK inverted, so the samples are 255 − C, M, Y, K; each colour becomes
/// (255 − K) · (255 − C) / 255, in the two rounding steps of Pillow.
static void convert_inverted_cmyk(const uint8_t *cmyk, uint8_t *rgb, int width) {
    for (int x = 0; x < width; x++) {
        unsigned white = cmyk[4 * x + 3];
        for (int channel = 0; channel < 3; channel++) {
            unsigned ink = 255u - cmyk[4 * x + channel];
            unsigned absorbed = multiply_255(ink, white);
            rgb[3 * x + channel] = (uint8_t)(white > absorbed ? white - absorbed : 0);
        }
    }
}

static void read_rows(decoder *self, int width, int height, int components, uint8_t *rgb) {
    for (int y = 0; y < height; y++) {
        uint8_t *target = rgb + (size_t)y * (size_t)width * 3;
        JSAMPROW row = components == 3 ? target : self->row;
        while (jpeg_read_scanlines(&self->codec, &row, 1) != 1) resume(self);
        if (components == 1) expand_grey(self->row, target, width);
        if (components == 4) convert_inverted_cmyk(self->row, target, width);
    }
}

static image_codec_status run(decoder *self, int width, int height, int components, uint8_t *rgb,
                              char *message) {
    self->codec.err = jpeg_error_trap_set(&self->trap, message);
    if (setjmp(self->trap.return_point)) return self->status;
    jpeg_create_decompress(&self->codec);
    self->progress.progress_monitor = limit_scans;
    self->codec.progress = &self->progress;
    self->codec.src = &self->source.manager;
    show_more(&self->source);
    read_header(self);
    start(self, width, height, components);
    read_rows(self, width, height, components, rgb);
    // With every row at hand, a missing end-of-image marker is forgiven; damage in sight is not.
    jpeg_finish_decompress(&self->codec);
    return IMAGE_CODEC_OK;
}

image_codec_status jpeg_decode(const uint8_t *bytes, size_t count, int width, int height, int components,
                               uint8_t *rgb, char message[IMAGE_CODEC_MESSAGE_CAPACITY]) {
    decoder *self = calloc(1, sizeof *self);
    uint8_t *row = malloc((size_t)width * 4);
    image_codec_status status = IMAGE_CODEC_OUT_OF_MEMORY;
    if (self != NULL && row != NULL) {
        self->row = row;
        self->status = IMAGE_CODEC_CORRUPT;
        self->source.manager = (struct jpeg_source_mgr){
            .next_input_byte = bytes,
            .init_source = stub,
            .fill_input_buffer = suspend,
            .skip_input_data = skip,
            .resync_to_restart = jpeg_resync_to_restart,
            .term_source = stub,
        };
        self->source.end_of_visible = bytes;
        self->source.end = bytes + count;
        status = run(self, width, height, components, rgb, message);
        jpeg_destroy_decompress(&self->codec);
    }
    free(row);
    free(self);
    return status;
}
