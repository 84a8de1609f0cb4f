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

#endif
