// SPDX-License-Identifier: MIT
#ifndef AFTERIMAGE_CIMAGECODECS_H
#define AFTERIMAGE_CIMAGECODECS_H

#include <stddef.h>
#include <stdint.h>

/// Room for a codec's own message, with its terminating zero.
#define IMAGE_CODEC_MESSAGE_CAPACITY 200

/// What a codec call came to. Everything but IMAGE_CODEC_OK leaves the outputs untouched.
typedef enum image_codec_status {
    IMAGE_CODEC_OK = 0,
    /// The data ended before the image did.
    IMAGE_CODEC_TRUNCATED,
    /// The codec refused the data; `message` says why.
    IMAGE_CODEC_CORRUPT,
    /// The data is intact but of a kind that is not supported; `message` names it.
    IMAGE_CODEC_UNSUPPORTED,
    IMAGE_CODEC_OUT_OF_MEMORY,
} image_codec_status;

/// Releases a buffer that one of these functions returned. NULL is allowed.
void image_codec_free(void *buffer);

// MARK: JPEG encoding

typedef struct jpeg_encoding_options {
    int quality;      // 1 to 100
    int progressive;  // 0 or 1
    int greyscale;    // 0 or 1: store luma only
    int horizontal_sampling;  // of luma against chroma: 1 or 2
    int vertical_sampling;
    int restart_rows;  // MCU rows between restart markers, 0 for none
} jpeg_encoding_options;

/// Compresses `width` × `height` interleaved RGB8 pixels. `*out` is freed by `image_codec_free`.
image_codec_status jpeg_encode(const uint8_t *rgb, int width, int height,
                               const jpeg_encoding_options *options, uint8_t **out,
                               size_t *out_count, char message[IMAGE_CODEC_MESSAGE_CAPACITY]);

// MARK: Decoding

/// Where the rows of a picture go while it is decoded: into memory, and from there to a function.
typedef struct image_row_sink {
    uint8_t *rows;  // room for `capacity` rows, `stride` bytes apart, each of 3 · width bytes
    size_t stride;
    int32_t capacity;  // at least 1
    // The columns that are of use, `end_column` the first that is not. The rows may begin and end with others.
    int32_t first_column, end_column;
    // Called when `row_count` rows from `first_row` on are there: `capacity`, or less for the last. They hold columns
    // `first_column` (a multiple of 4) and on of the picture. With NULL, rows are only stored.
    void (*take)(void *context, int32_t first_row, int32_t row_count, int32_t first_column, int32_t column_count);
    void *context;
} image_row_sink;

/// Decodes a whole JPEG file to RGB8, row by row from the top.
///
/// `width`, `height` and `components` (1, 3 or 4) are what the caller read in the frame header; data
/// that says otherwise is corrupt. Only with success has the sink been given every row.
image_codec_status jpeg_decode(const uint8_t *bytes, size_t count, int width, int height, int components,
                               const image_row_sink *sink, char message[IMAGE_CODEC_MESSAGE_CAPACITY]);

/// Decodes the first frame of a WebP file to RGB8, alpha dropped.
///
/// Arguments as for `jpeg_decode`; `rgb` holds 3 · width · height bytes and is filled on success.
image_codec_status webp_decode(const uint8_t *bytes, size_t count, int width, int height, uint8_t *rgb,
                               char message[IMAGE_CODEC_MESSAGE_CAPACITY]);

// MARK: Decompression of zlib streams

typedef struct inflater inflater;

/// A fresh stream, or NULL when memory is short.
inflater *inflater_create(void);
void inflater_destroy(inflater *self);

typedef enum inflater_status {
    /// Either the input is used up or the output is full.
    INFLATER_RUNNING = 0,
    /// The stream ended and its checksum is right.
    INFLATER_ENDED,
    /// The stream is damaged.
    INFLATER_FAILED,
} inflater_status;

/// Decompresses as much as fits. `*consumed` and `*produced` tell how far it came.
inflater_status inflater_run(inflater *self, const uint8_t *input, size_t input_count, size_t *consumed,
                             uint8_t *output, size_t output_count, size_t *produced);

/// The CRC-32 of PNG chunks, continued from `seed` (0 to start).
uint32_t crc32_continue(uint32_t seed, const uint8_t *bytes, size_t count);

#endif
