// SPDX-License-Identifier: MIT
#include "jpeg_error.h"

#include <string.h>

#include "CImageCodecs.h"

_Static_assert(IMAGE_CODEC_MESSAGE_CAPACITY >= JMSG_LENGTH_MAX, "libjpeg writes up to JMSG_LENGTH_MAX");

static void leave(j_common_ptr codec) {
    jpeg_error_trap *trap = (jpeg_error_trap *)codec->err;
    codec->err->format_message(codec, trap->message);
    longjmp(trap->return_point, 1);
}

static void ignore_message(j_common_ptr codec) { (void)codec; }

struct jpeg_error_mgr *jpeg_error_trap_set(jpeg_error_trap *trap, char *message) {
    struct jpeg_error_mgr *manager = jpeg_std_error(&trap->manager);
    manager->error_exit = leave;
    manager->output_message = ignore_message;
    trap->message = message;
    memset(message, 0, IMAGE_CODEC_MESSAGE_CAPACITY);
    return manager;
}
