// SPDX-License-Identifier: MIT
#include <stdio.h>

#include <webp/demux.h>

#include "CImageCodecs.h"

static image_codec_status refuse(image_codec_status status, char *message, const char *text) {
    snprintf(message, IMAGE_CODEC_MESSAGE_CAPACITY, "%s", text);
    return status;
}

/// Looks at the container before the animation decoder allocates a canvas for it.
static image_codec_status check(const WebPData *data, int width, int height, char *message) {
    WebPDemuxState state = WEBP_DEMUX_PARSE_ERROR;
    WebPDemuxer *demuxer = WebPDemuxPartial(data, &state);
    uint32_t canvas_width = demuxer ? WebPDemuxGetI(demuxer, WEBP_FF_CANVAS_WIDTH) : 0;
    uint32_t canvas_height = demuxer ? WebPDemuxGetI(demuxer, WEBP_FF_CANVAS_HEIGHT) : 0;
    WebPDemuxDelete(demuxer);
    if (state == WEBP_DEMUX_PARSE_ERROR) {
        return refuse(IMAGE_CODEC_CORRUPT, message, "its chunks are malformed");
    }
    if (state != WEBP_DEMUX_DONE) return refuse(IMAGE_CODEC_TRUNCATED, message, "data ends early");
    if (canvas_width != (uint32_t)width || canvas_height != (uint32_t)height) {
        return refuse(IMAGE_CODEC_CORRUPT, message, "the header and the image data disagree");
    }
    return IMAGE_CODEC_OK;
}

static void drop_alpha(const uint8_t *rgba, uint8_t *rgb, size_t pixels) {
    for (size_t i = 0; i < pixels; i++) {
        rgb[3 * i] = rgba[4 * i];
        rgb[3 * i + 1] = rgba[4 * i + 1];
        rgb[3 * i + 2] = rgba[4 * i + 2];
    }
}

image_codec_status webp_decode(const uint8_t *bytes, size_t count, int width, int height, uint8_t *rgb,
                               char message[IMAGE_CODEC_MESSAGE_CAPACITY]) {
    WebPData data = {bytes, count};
    image_codec_status status = check(&data, width, height, message);
    if (status != IMAGE_CODEC_OK) return status;
    WebPAnimDecoder *decoder = WebPAnimDecoderNew(&data, NULL);
    if (decoder == NULL) return refuse(IMAGE_CODEC_CORRUPT, message, "its chunks are malformed");
    uint8_t *rgba = NULL;
    int timestamp = 0;
    if (WebPAnimDecoderGetNext(decoder, &rgba, &timestamp)) {
        drop_alpha(rgba, rgb, (size_t)width * (size_t)height);
    } else {
        status = refuse(IMAGE_CODEC_CORRUPT, message, "the first frame cannot be decoded");
    }
    WebPAnimDecoderDelete(decoder);
    return status;
}
