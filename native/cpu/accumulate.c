/*
 * One carry-save add of a ballot into bit-sliced counters:
 *
 *   carry = ballot;  for every plane p that counts so far:  (plane[p], carry) = (plane[p] ^ carry, plane[p] & carry)
 *
 * and where the counters could overflow, the last carry becomes a new plane. Votes are never expanded: 64 lanes cost an
 * exclusive or and an and for every plane. (1 + 2 planes) / 8 bytes a coordinate, in cache: limited by loads and
 * stores.
 */
#include "avx2.h"

void accumulate_scalar(const void *words, void *planes, int32_t plane_stride, int32_t word_count, int32_t ballots) {
    const int plane_count = planes_of(ballots);
    const int opens_plane = planes_of(ballots + 1) > plane_count;
    for (int64_t w = 0; w < word_count; w++) {
        uint64_t carry = load_word(words, w);
        for (int p = 0; p < plane_count; p++) {
            const int64_t at = (int64_t)p * plane_stride + w;
            const uint64_t plane = load_word(planes, at);
            store_word(planes, at, plane ^ carry);
            carry &= plane;
        }
        if (opens_plane) {
            store_word(planes, (int64_t)plane_count * plane_stride + w, carry);
        }
    }
}

/* Four words at a time; plane_count and opens_plane are constants at every call, so that the inner loop unrolls. */
AVX2 INLINE void add_ballot(
    const char *ballot, char *planes, int64_t stride, int64_t length, const int plane_count, const int opens_plane) {
    for (int64_t at = 0; at < length; at += 32) {
        __m256i carry = load256(ballot + at);
        for (int p = 0; p < plane_count; p++) {
            const __m256i plane = load256(planes + p * stride + at);
            store256(planes + p * stride + at, _mm256_xor_si256(plane, carry));
            carry = _mm256_and_si256(plane, carry);
        }
        if (opens_plane) {
            store256(planes + plane_count * stride + at, carry);
        }
    }
}

#define CASE(plane_count)                                                                                              \
    case plane_count:                                                                                                  \
        if (opens_plane) {                                                                                             \
            add_ballot(words, planes, stride, length, plane_count, 1);                                                 \
        } else {                                                                                                       \
            add_ballot(words, planes, stride, length, plane_count, 0);                                                 \
        }                                                                                                              \
        break;

AVX2 void accumulate_avx2(const void *words, void *planes, int32_t plane_stride, int32_t word_count, int32_t ballots) {
    const int opens_plane = planes_of(ballots + 1) > planes_of(ballots);
    const int64_t stride = 8 * (int64_t)plane_stride;
    const int64_t whole = word_count & ~3;
    const int64_t length = 8 * whole;
    switch (planes_of(ballots)) {
        CASE(0)
        CASE(1)
        CASE(2)
        CASE(3)
        CASE(4)
        CASE(5)
        CASE(6)
        CASE(7)
        CASE(8)
    }
    const int32_t rest = (int32_t)(word_count - whole);
    accumulate_scalar(const_word_at(words, whole), word_at(planes, whole), plane_stride, rest, ballots);
}
