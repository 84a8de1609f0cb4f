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
    const image_row_sink *sink;
    /// The columns that libjpeg gives.
    int32_t first_column, column_count;
    /// A row before its conversion to RGB.
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

/// Decodes only what the sink needs of every row, where that is known to change no sample of it.
///
/// The data of the other columns is still read, and damage in it found, but not transformed to samples. Files in
/// several scans and rare ways of sampling are decoded whole.
static void choose_columns(decoder *self) {
    j_decompress_ptr codec = &self->codec;
    const jpeg_component_info *components = codec->comp_info;
    self->first_column = 0;
    self->column_count = (int32_t)codec->output_width;
    if (codec->num_components != 3 || codec->comps_in_scan != 3 || jpeg_has_multiple_scans(codec)) return;
    if (components[0].h_samp_factor > 2 || components[0].v_samp_factor > 2) return;
    for (int i = 1; i < 3; i++) {
        if (components[i].h_samp_factor != 1 || components[i].v_samp_factor != 1) return;
    }
    // A sample of colour reaches to its neighbours, which are two columns away.
    int32_t first = self->sink->first_column - 2, end = self->sink->end_column + 2;
    if (first < 0) first = 0;
    if (end > self->column_count) end = self->column_count;
    JDIMENSION offset = (JDIMENSION)first, count = (JDIMENSION)(end - first);
    jpeg_crop_scanline(codec, &offset, &count);
    self->first_column = (int32_t)offset;
    self->column_count = (int32_t)count;
}

/// Rows that libjpeg is asked for at a time.
#define BATCH_ROWS 16

static void read_colour(decoder *self, uint8_t *target, int32_t row_count) {
    for (int32_t done = 0; done < row_count;) {
        JSAMPROW rows[BATCH_ROWS];
        int32_t count = row_count - done < BATCH_ROWS ? row_count - done : BATCH_ROWS;
        for (int32_t i = 0; i < count; i++) rows[i] = target + (size_t)(done + i) * self->sink->stride;
        JDIMENSION read = jpeg_read_scanlines(&self->codec, rows, (JDIMENSION)count);
        if (read == 0) resume(self);
        done += (int32_t)read;
    }
}

static void read_converted(decoder *self, uint8_t *target, int32_t row_count, int components) {
    int width = self->column_count;
    for (int32_t y = 0; y < row_count; y++, target += self->sink->stride) {
        while (jpeg_read_scanlines(&self->codec, &self->row, 1) != 1) resume(self);
        if (components == 1) expand_grey(self->row, target, width);
        if (components == 4) convert_inverted_cmyk(self->row, target, width);
    }
}

static void read_rows(decoder *self, int32_t height, int components) {
    const image_row_sink *sink = self->sink;
    for (int32_t y = 0; y < height; y += sink->capacity) {
        int32_t count = height - y < sink->capacity ? height - y : sink->capacity;
        if (components == 3) {
            read_colour(self, sink->rows, count);
        } else {
            read_converted(self, sink->rows, count, components);
        }
        if (sink->take != NULL) sink->take(sink->context, y, count, self->first_column, self->column_count);
    }
}

static image_codec_status run(decoder *self, int width, int height, int components, char *message) {
    self->codec.err = jpeg_error_trap_set(&self->trap, message);
    if (setjmp(self->trap.return_point)) return self->status;
    jpeg_create_decompress(&self->codec);
    self->progress.progress_monitor = limit_scans;
    self->codec.progress = &self->progress;
    self->codec.src = &self->source.manager;
    show_more(&self->source);
    read_header(self);
    start(self, width, height, components);
    choose_columns(self);
    read_rows(self, height, components);
    // With every row at hand, a missing end-of-image marker is forgiven; damage in sight is not.
    jpeg_finish_decompress(&self->codec);
    return IMAGE_CODEC_OK;
}

image_codec_status jpeg_decode(const uint8_t *bytes, size_t count, int width, int height, int components,
                               const image_row_sink *sink, char message[IMAGE_CODEC_MESSAGE_CAPACITY]) {
    decoder *self = calloc(1, sizeof *self);
    uint8_t *row = malloc((size_t)width * 4);
    image_codec_status status = IMAGE_CODEC_OUT_OF_MEMORY;
    if (self != NULL && row != NULL) {
        self->row = row;
        self->sink = sink;
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
        status = run(self, width, height, components, message);
        jpeg_destroy_decompress(&self->codec);
    }
    free(row);
    free(self);
    return status;
}
