// SPDX-License-Identifier: MIT
#ifndef AFTERIMAGE_ALLOCATIONCOUNTER_H
#define AFTERIMAGE_ALLOCATIONCOUNTER_H

/// Allocations of the whole process since it started: malloc, calloc, realloc and the aligned ones. -1 where they cannot
/// be counted.
long allocation_count(void);

#endif
