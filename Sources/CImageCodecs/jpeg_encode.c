// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>

#include "CImageCodecs.h"
#include "jpeg_error.h"

#include <jerror.h>

void image_codec_free(void *buffer) { free(buffer); }

/// A destination that always knows its own buffer, so that an error can release it. (The one that
/// libjpeg brings tells the caller of a grown buffer only at the end.)
typedef struct growing_destination {
    struct jpeg_destination_mgr manager;  // first, as for the error trap
    uint8_t *bytes;
    size_t capacity;
} growing_destination;

static void start(j_compress_ptr codec) { (void)codec; }

static boolean grow(j_compress_ptr codec) {
    growing_destination *destination = (growing_destination *)codec->dest;
    size_t used = destination->capacity;
    size_t capacity = used == 0 ? 1 << 16 : used * 2;
    uint8_t *bytes = realloc(destination->bytes, capacity);
    if (bytes == NULL) ERREXIT1(codec, JERR_OUT_OF_MEMORY, 0);
    destination->bytes = bytes;
    destination->capacity = capacity;
    destination->manager.next_output_byte = bytes + used;
    destination->manager.free_in_buffer = capacity - used;
    return TRUE;
}

static void finish(j_compress_ptr codec) { (void)codec; }

static void configure(j_compress_ptr codec, int width, int height, const jpeg_encoding_options *options) {
    codec->image_width = (JDIMENSION)width;
    codec->image_height = (JDIMENSION)height;
    codec->input_components = 3;
    codec->in_color_space = JCS_RGB;
    jpeg_set_defaults(codec);
    if (options->greyscale) {
        jpeg_set_colorspace(codec, JCS_GRAYSCALE);
    } else {
        codec->comp_info[0].h_samp_factor = options->horizontal_sampling;
        codec->comp_info[0].v_samp_factor = options->vertical_sampling;
    }
    jpeg_set_quality(codec, options->quality, TRUE);
    codec->restart_in_rows = options->restart_rows;
    codec->optimize_coding = TRUE;
    if (options->progressive) jpeg_simple_progression(codec);
}

static void compress(j_compress_ptr codec, const uint8_t *rgb) {
    size_t row_bytes = (size_t)codec->image_width * 3;
    jpeg_start_compress(codec, TRUE);
    while (codec->next_scanline < codec->image_height) {
        JSAMPROW row = (JSAMPROW)(rgb + codec->next_scanline * row_bytes);
        jpeg_write_scanlines(codec, &row, 1);
    }
    jpeg_finish_compress(codec);
}

/// What must survive the jump back; reached by pointer only, so no register holds a stale copy.
typedef struct encoder {
    struct jpeg_compress_struct codec;
    jpeg_error_trap trap;
    growing_destination destination;
} encoder;

static image_codec_status run(encoder *self, const uint8_t *rgb, int width, int height,
                              const jpeg_encoding_options *options, char *message) {
    self->codec.err = jpeg_error_trap_set(&self->trap, message);
    if (setjmp(self->trap.return_point)) return IMAGE_CODEC_CORRUPT;
    jpeg_create_compress(&self->codec);
    self->destination.manager.init_destination = start;
    self->destination.manager.empty_output_buffer = grow;
    self->destination.manager.term_destination = finish;
    self->codec.dest = &self->destination.manager;
    grow(&self->codec);
    configure(&self->codec, width, height, options);
    compress(&self->codec, rgb);
    return IMAGE_CODEC_OK;
}

image_codec_status jpeg_encode(const uint8_t *rgb, int width, int height,
                               const jpeg_encoding_options *options, uint8_t **out,
                               size_t *out_count, char message[IMAGE_CODEC_MESSAGE_CAPACITY]) {
    encoder *self = calloc(1, sizeof *self);
    if (self == NULL) return IMAGE_CODEC_OUT_OF_MEMORY;
    image_codec_status status = run(self, rgb, width, height, options, message);
    if (status == IMAGE_CODEC_OK) {
        *out = self->destination.bytes;
        *out_count = self->destination.capacity - self->destination.manager.free_in_buffer;
    } else {
        free(self->destination.bytes);
    }
    jpeg_destroy_compress(&self->codec);
    free(self);
    return status;
}
