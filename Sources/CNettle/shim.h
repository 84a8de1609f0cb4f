// SPDX-License-Identifier: MIT
#ifndef AFTERIMAGE_CNETTLE_H
#define AFTERIMAGE_CNETTLE_H
#include <nettle/hmac.h>
#include <nettle/sha2.h>
#endif
