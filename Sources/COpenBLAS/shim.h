// SPDX-License-Identifier: MIT
#ifndef AFTERIMAGE_COPENBLAS_H
#define AFTERIMAGE_COPENBLAS_H
#include <cblas.h>
#endif
