/*
 * Baselines of the kernel benchmarks: plain sweeps over memory, as fast as this core can make them with ordinary
 * 32-byte loads and stores. What a sweep reads or writes in vain is what no kernel over the same bytes can save.
 */
#include <immintrin.h>
#include <jni.h>
#include <stdint.h>
#include <string.h>

#define METHOD(type, name) JNIEXPORT type JNICALL Java_io_signvote_jmh_kernel_Sweeps_##name
#define AVX2 __attribute__((target("avx2")))
#define STEP 128

static AVX2 inline __m256i load(const char *at) {
    return _mm256_loadu_si256((const __m256i *)at);
}

static AVX2 inline void store(char *at, __m256i value) {
    _mm256_storeu_si256((__m256i *)at, value);
}

/* Reads every byte; length is a multiple of 128. */
METHOD(AVX2 jlong, read)(JNIEnv *env, jclass type, jlong source, jlong length) {
    (void)env, (void)type;
    const char *const from = (const char *)(intptr_t)source;
    __m256i found[4] = {_mm256_setzero_si256()};
    for (int64_t at = 0; at < length; at += STEP) {
        for (int k = 0; k < 4; k++) {
            found[k] = _mm256_or_si256(found[k], load(from + at + 32 * k));
        }
    }
    const __m256i all = _mm256_or_si256(_mm256_or_si256(found[0], found[1]), _mm256_or_si256(found[2], found[3]));
    return _mm256_extract_epi64(all, 0) | _mm256_extract_epi64(all, 1) | _mm256_extract_epi64(all, 2) |
           _mm256_extract_epi64(all, 3);
}

/* Copies every byte with ordinary stores; length is a multiple of 128. */
METHOD(AVX2 void, copy)(JNIEnv *env, jclass type, jlong source, jlong target, jlong length) {
    (void)env, (void)type;
    const char *const from = (const char *)(intptr_t)source;
    char *const to = (char *)(intptr_t)target;
    for (int64_t at = 0; at < length; at += STEP) {
        for (int k = 0; k < 4; k++) {
            store(to + at + 32 * k, load(from + at + 32 * k));
        }
    }
}

/* Reads and writes every byte in place; length is a multiple of 128. */
METHOD(AVX2 void, update)(JNIEnv *env, jclass type, jlong target, jlong length) {
    (void)env, (void)type;
    char *const to = (char *)(intptr_t)target;
    const __m256i ones = _mm256_set1_epi64x(-1);
    for (int64_t at = 0; at < length; at += STEP) {
        for (int k = 0; k < 4; k++) {
            store(to + at + 32 * k, _mm256_xor_si256(load(to + at + 32 * k), ones));
        }
    }
}

/* Reads every byte of the source, and reads and writes every byte of the target; length is a multiple of 128. */
METHOD(AVX2 void, merge)(JNIEnv *env, jclass type, jlong source, jlong target, jlong length) {
    (void)env, (void)type;
    const char *const from = (const char *)(intptr_t)source;
    char *const to = (char *)(intptr_t)target;
    for (int64_t at = 0; at < length; at += STEP) {
        for (int k = 0; k < 4; k++) {
            store(to + at + 32 * k, _mm256_xor_si256(load(to + at + 32 * k), load(from + at + 32 * k)));
        }
    }
}

/* Copies with the C library, which may bypass the cache. */
METHOD(void, memcpy)(JNIEnv *env, jclass type, jlong source, jlong target, jlong length) {
    (void)env, (void)type;
    memcpy((void *)(intptr_t)target, (const void *)(intptr_t)source, (size_t)length);
}
