// SPDX-License-Identifier: MIT
#include "CSearchKernels.h"

#include <stdatomic.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

// The sums are unsigned where they may pass 2^31 on their way: the codes are shifted by 128, which is taken back once
// a row, and arithmetic modulo 2^32 does not mind the detour.

typedef void scan_function(const uint8_t *, const uint16_t *, size_t, const struct search_query *, int32_t *);

static uint32_t shift_of(const struct search_query *query) {
    uint32_t sum = 0;
    for (size_t i = 0; i < query->stride; i++) sum += (uint32_t)(int32_t)query->whole[i];
    return 128 * sum;
}

static const uint8_t *row_at(const uint8_t *codes, const uint16_t *rows, size_t i, size_t stride) {
    return codes + (rows ? rows[i] : i) * stride;
}

static void portable_scan(
    const uint8_t *codes, const uint16_t *rows, size_t count, const struct search_query *query, int32_t *sums) {
    const uint32_t shift = shift_of(query);
    for (size_t i = 0; i < count; i++) {
        const uint8_t *row = row_at(codes, rows, i, query->stride);
        uint32_t sum = 0;
        for (size_t j = 0; j < query->stride; j++) sum += (uint32_t)((int32_t)row[j] * query->whole[j]);
        sums[i] = (int32_t)(sum - shift);
    }
}

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
static void avx2_scan(
    const uint8_t *codes, const uint16_t *rows, size_t count, const struct search_query *query, int32_t *sums) {
    const uint32_t shift = shift_of(query);
    for (size_t i = 0; i < count; i++) {
        const uint8_t *row = row_at(codes, rows, i, query->stride);
        __m256i sum = _mm256_setzero_si256();
        for (size_t j = 0; j < query->stride; j += 16) {
            const __m256i x = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(row + j)));
            const __m256i y = _mm256_loadu_si256((const __m256i *)(query->whole + j));
            sum = _mm256_add_epi32(sum, _mm256_madd_epi16(x, y));
        }
        __m128i half = _mm_add_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
        half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0x4E));
        half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0xB1));
        sums[i] = (int32_t)((uint32_t)_mm_cvtsi128_si32(half) - shift);
    }
}
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vnni"))), apply_to = function)
// Rows ahead that are asked for; the processor's own prefetching stops at the end of a page, every eighth row.
#define AHEAD 24

static inline int32_t vnni_sum(__m512i high, __m512i low, uint32_t shift) {
    const __m512i sum = _mm512_add_epi32(_mm512_slli_epi32(high, 7), low);
    return (int32_t)((uint32_t)_mm512_reduce_add_epi32(sum) - shift);
}

static void vnni_scan(
    const uint8_t *codes, const uint16_t *rows, size_t count, const struct search_query *query, int32_t *sums) {
    const uint32_t shift = shift_of(query);
    const size_t stride = query->stride;
    size_t i = 0;
    for (; i + 4 <= count; i += 4) {
        const uint8_t *row[4];
        __m512i high[4], low[4];
        for (int r = 0; r < 4; r++) {
            row[r] = row_at(codes, rows, i + (size_t)r, stride);
            high[r] = low[r] = _mm512_setzero_si512();
            if (i + (size_t)r + AHEAD < count) {
                const uint8_t *ahead = row_at(codes, rows, i + (size_t)r + AHEAD, stride);
                for (size_t j = 0; j < stride; j += 64) _mm_prefetch((const char *)ahead + j, _MM_HINT_T0);
            }
        }
        for (size_t j = 0; j < stride; j += 64) {
            const __m512i y_high = _mm512_loadu_si512(query->high + j), y_low = _mm512_loadu_si512(query->low + j);
            for (int r = 0; r < 4; r++) {
                const __m512i x = _mm512_loadu_si512(row[r] + j);
                high[r] = _mm512_dpbusd_epi32(high[r], x, y_high);
                low[r] = _mm512_dpbusd_epi32(low[r], x, y_low);
            }
        }
        for (int r = 0; r < 4; r++) sums[i + (size_t)r] = vnni_sum(high[r], low[r], shift);
    }
    for (; i < count; i++) {
        const uint8_t *row = row_at(codes, rows, i, stride);
        __m512i high = _mm512_setzero_si512(), low = high;
        for (size_t j = 0; j < stride; j += 64) {
            const __m512i x = _mm512_loadu_si512(row + j);
            high = _mm512_dpbusd_epi32(high, x, _mm512_loadu_si512(query->high + j));
            low = _mm512_dpbusd_epi32(low, x, _mm512_loadu_si512(query->low + j));
        }
        sums[i] = vnni_sum(high, low, shift);
    }
}
#pragma clang attribute pop

static scan_function *const scans[] = {portable_scan, avx2_scan, vnni_scan};

int search_level_count(void) {
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2")) return 1;
    return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vnni") ? 3 : 2;
}
#else
static scan_function *const scans[] = {portable_scan};

int search_level_count(void) { return 1; }
#endif

// Every thread that finds no choice makes the same one, so the order does not matter.
static _Atomic(scan_function *) chosen;

void search_set_level(int level) {
    const int count = search_level_count();
    atomic_store_explicit(&chosen, scans[level >= 0 && level < count ? level : count - 1], memory_order_relaxed);
}

void search_scan(
    const uint8_t *codes, const uint16_t *rows, size_t count, const struct search_query *query, int32_t *sums) {
    if (atomic_load_explicit(&chosen, memory_order_relaxed) == NULL) search_set_level(-1);
    atomic_load_explicit(&chosen, memory_order_relaxed)(codes, rows, count, query, sums);
}

// Eight sums side by side, then in pairs: an order that the compiler may keep in registers of any width.
double search_dot(const float *a, const float *b, size_t count) {
    double sums[8] = {0};
    size_t i = 0;
    for (; i + 8 <= count; i += 8)
        for (size_t lane = 0; lane < 8; lane++) sums[lane] += (double)a[i + lane] * (double)b[i + lane];
    for (size_t lane = 0; i < count; i++, lane++) sums[lane] += (double)a[i] * (double)b[i];
    return ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
}

// CRC-32C, reflected polynomial 0x82F63B78 (RFC 3720, appendix B.4).
static uint32_t portable_crc32c(uint32_t crc, const uint8_t *bytes, size_t count) {
    for (size_t i = 0; i < count; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (0x82F63B78 & (0u - (crc & 1)));
    }
    return crc;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) static uint32_t sse_crc32c(uint32_t crc, const uint8_t *bytes, size_t count) {
    uint64_t wide = crc;
    for (; count >= 8; bytes += 8, count -= 8) {
        uint64_t word;
        __builtin_memcpy(&word, bytes, sizeof word);
        wide = _mm_crc32_u64(wide, word);
    }
    crc = (uint32_t)wide;
    for (; count > 0; bytes++, count--) crc = _mm_crc32_u8(crc, *bytes);
    return crc;
}
#endif

uint32_t search_crc32c(uint32_t crc, const void *bytes, size_t count) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("sse4.2")) return ~sse_crc32c(~crc, bytes, count);
#endif
    return ~portable_crc32c(~crc, bytes, count);
}
