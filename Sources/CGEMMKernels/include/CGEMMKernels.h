// SPDX-License-Identifier: MIT
#ifndef AFTERIMAGE_CGEMMKERNELS_H
#define AFTERIMAGE_CGEMMKERNELS_H

#include <stddef.h>
#include <stdint.h>

// Matrix products y = x * W^T on operands that were laid out for them beforehand.
//
// W, [columns, depth], is cut into panels of 48 columns; a panel holds, for each group of depths, its 48 columns side
// by side. A group is what one instruction multiplies and adds in a lane: 1 depth in single precision, 2 in 16 bits,
// 4 in 8 bits. x, [rows, depth], stays in rows, rounded to what the kernel multiplies, and is taken in tiles of at most
// gemm_tile_rows rows. The sums of a tile and a panel, [rows, 48], stay in registers.
//
// Depths are padded with zeros so that a panel is made of steps of 768 bytes: 4, 8 or 16 depths.
//
// A kernel is one way to multiply on one instruction set. Kernels of the same format share the layout of panels; what
// rows are rounded to is the kernel's own. Code for an instruction set is reached only when the caller asks for a kernel
// that gemm_kernel_is_supported said yes to.

enum { GEMM_PANEL_COLUMNS = 48, GEMM_STEP_BYTES = 768, GEMM_LARGEST_TILE = 9 };

enum gemm_format {
    /// Single precision.
    GEMM_FP32 = 0,
    /// Both factors rounded to bfloat16, sums in single precision.
    GEMM_BF16 = 1,
    /// Both factors rounded to 8 bits, sums in 32-bit integers, exact.
    GEMM_INT8 = 2,
    /// Weights rounded to 12 bits and activations to 11, as 16-bit integers; sums in 32-bit integers, exact.
    GEMM_INT16 = 3,
};

/// Number of kernels in this build, supported or not; fastest first within a format.
int gemm_kernel_count(void);

/// Name of the instruction set of a kernel.
const char *gemm_kernel_name(int kernel);

/// enum gemm_format of a kernel.
int gemm_kernel_format(int kernel);

/// Whether this processor and operating system can run the kernel.
int gemm_kernel_is_supported(int kernel);

/// Rows of the largest tile, 1...GEMM_LARGEST_TILE.
int gemm_tile_rows(int kernel);

/// Depths of one step of a panel: 4, 8 or 16. Depths are padded to a multiple of it.
size_t gemm_step_depth(int format);

/// Bytes of one depth of a row as the kernel reads it.
size_t gemm_row_element_bytes(int kernel);

/// Whether rows must be rounded for the kernel; else it reads floats as they are.
int gemm_rounds_rows(int kernel);

/// Lays out `columns` rows of W (1...48), `stride` floats apart, `depth` floats long, as a panel.
///
/// Integers: w = scale * q with q = round(w / scale); scale = max |w| / 2047 of the row in 16 bits. In 8 bits it is
/// max |w| / 127, or max |w[2 i] + w[2 i + 1]| / 127.5 where that is more: then |q[2 i] + q[2 i + 1]| <= 128, and no two
/// products with bytes (255 * 128) pass 16 bits, which AVX2 adds in. `scales` and `sums` (of q) receive 48 numbers each,
/// zeros beyond `columns`. Else both are ignored and may be null.
void gemm_pack_panel(
    int format, const float *w, size_t stride, int columns, size_t depth, void *panel, float *scales,
    int32_t *sums);

/// Rounds `rows` rows of x, `stride` floats apart, `depth` floats long, for the kernel: one after the other, each with as
/// many depths as whole steps have, zeros beyond `depth`.
///
/// GEMM_INT8: f x = scale * (q - zero) with q = round(f x / scale) + zero in 0...255, scale = (max - min) / 255 of the row,
/// where the range always includes 0. f are `depth` factors, or 1 where `factors` is null.
/// GEMM_INT16: x = scale * q with q = round(x / scale), scale = max |x| / limit, limit the largest up to 1023 for which
/// no sum can overflow; zero = 0.
/// `scales` and `zeros` receive `rows` numbers each. In floating point all three are ignored and may be null.
void gemm_round_rows(
    int kernel, const float *x, size_t stride, int rows, size_t depth, const float *factors, void *out,
    float *scales, int32_t *zeros);

/// c[rows][48] = x * panel over `steps` steps of both, or c += x * panel where `more` is not 0; rows of x are `stride`
/// bytes apart. c holds float sums, or int32 sums of q_x * q_w.
///
/// While it multiplies it asks for 128 bytes a step from `next` on to be brought near; any address will do.
void gemm_multiply(
    int kernel, int rows, size_t steps, const void *x, size_t stride, const void *panel, void *c, int more,
    const void *next);

/// Asks for the lines that hold `columns` numbers from `y` on, and of the `rows` - 1 rows that follow `stride` numbers
/// apart, to be brought near for writing; any address will do.
void gemm_expect_outputs(const float *y, size_t stride, int rows, int columns);

/// Does nothing but multiply and add in registers with the instruction of a kernel, `rounds` times 24 of them, and
/// returns how many operations that were (a product and a sum are two): the limit that a kernel is measured against.
/// 0 where a kernel is plain C.
double gemm_peak(int kernel, size_t rounds);

#endif
