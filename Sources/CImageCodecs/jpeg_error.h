// SPDX-License-Identifier: MIT
#ifndef AFTERIMAGE_JPEG_ERROR_H
#define AFTERIMAGE_JPEG_ERROR_H

#include <setjmp.h>
#include <stdio.h>

#include <jpeglib.h>

/// libjpeg's error manager with a way back: libjpeg must not return from `error_exit`.
typedef struct jpeg_error_trap {
    struct jpeg_error_mgr manager;  // first, so that a pointer to it is a pointer to the trap
    jmp_buf return_point;
    char *message;
} jpeg_error_trap;

/// Prepares the trap: errors jump to `return_point` with the text in `message`, warnings are ignored.
struct jpeg_error_mgr *jpeg_error_trap_set(jpeg_error_trap *trap, char *message);

#endif
