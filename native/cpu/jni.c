/* The native methods of io.signvote.kernel.jni.NativeMethods: addresses in, counts out, nothing else. */
#include "identity.h"
#include "kernels.h"
#include <jni.h>

#define METHOD(type, name) JNIEXPORT type JNICALL Java_io_signvote_kernel_jni_NativeMethods_##name

#define AT(address) ((void *)(intptr_t)(address))
#define DRAW(policy, key, first_word) ((draw){(policy), (uint64_t)(key), (uint64_t)(first_word)})
#define UNUSED (void)env, (void)type

METHOD(jint, abi)(JNIEnv *env, jclass type) {
    UNUSED;
    return SIGNVOTE_ABI;
}

METHOD(jstring, identity)(JNIEnv *env, jclass type) {
    (void)type;
    return (*env)->NewStringUTF(env, SIGNVOTE_IDENTITY);
}

METHOD(jint, bestTier)(JNIEnv *env, jclass type) {
    UNUSED;
    return best_tier();
}

METHOD(jlong, packSigns)
(JNIEnv *env, jclass type, jint tier, jint data_type, jlong values, jlong words, jint n, jint zero_policy,
 jlong zero_key, jlong first_word) {
    UNUSED;
    const draw zeros = DRAW(zero_policy, zero_key, first_word);
    return kernels_of(tier)->pack_signs(data_type, AT(values), AT(words), n, zeros);
}

METHOD(jlong, momentumPackSigns)
(JNIEnv *env, jclass type, jint tier, jlong gradients, jlong momentum, jlong words, jint n, jfloat beta,
 jfloat one_minus_beta, jint zero_policy, jlong zero_key, jlong first_word) {
    UNUSED;
    const draw zeros = DRAW(zero_policy, zero_key, first_word);
    return kernels_of(tier)->momentum_pack_signs(
        AT(gradients), AT(momentum), AT(words), n, beta, one_minus_beta, zeros);
}

METHOD(void, unpackSigns)
(JNIEnv *env, jclass type, jint tier, jint data_type, jlong words, jlong values, jint n) {
    UNUSED;
    kernels_of(tier)->unpack_signs(data_type, AT(words), AT(values), n);
}

METHOD(void, accumulate)
(JNIEnv *env, jclass type, jint tier, jlong words, jlong planes, jint plane_stride, jint word_count, jint ballots) {
    UNUSED;
    kernels_of(tier)->accumulate(AT(words), AT(planes), plane_stride, word_count, ballots);
}

METHOD(jint, majority)
(JNIEnv *env, jclass type, jint tier, jlong planes, jint plane_stride, jlong words, jint n, jint ballots,
 jint tie_policy, jlong tie_key, jlong first_word) {
    UNUSED;
    const draw ties = DRAW(tie_policy, tie_key, first_word);
    return kernels_of(tier)->majority(AT(planes), plane_stride, AT(words), n, ballots, ties);
}

METHOD(void, applySigns)
(JNIEnv *env, jclass type, jint tier, jlong words, jlong parameters, jint n, jfloat eta, jfloat lambda) {
    UNUSED;
    kernels_of(tier)->apply_signs(AT(words), AT(parameters), n, eta, lambda);
}

METHOD(void, add)(JNIEnv *env, jclass type, jint tier, jlong source, jlong target, jint n) {
    UNUSED;
    kernels_of(tier)->add(AT(source), AT(target), n);
}

METHOD(void, fold)
(JNIEnv *env, jclass type, jint tier, jint op, jint data_type, jlong source, jlong target, jint n) {
    UNUSED;
    kernels_of(tier)->fold(op, data_type, AT(source), AT(target), n);
}

METHOD(void, widen)(JNIEnv *env, jclass type, jint tier, jint data_type, jlong source, jlong target, jint n) {
    UNUSED;
    kernels_of(tier)->widen(data_type, AT(source), AT(target), n);
}

METHOD(void, finish)
(JNIEnv *env, jclass type, jint tier, jint op, jint data_type, jlong source, jlong target, jint n, jint ranks) {
    UNUSED;
    kernels_of(tier)->finish(op, data_type, AT(source), AT(target), n, ranks);
}
