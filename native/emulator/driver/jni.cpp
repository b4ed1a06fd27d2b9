/* io.signvote.kernel.cuda.Emulator, a class of the tests. */
#include "control.h"
#include <jni.h>

#define EMULATOR(name) JNICALL Java_io_signvote_kernel_cuda_Emulator_##name

extern "C" {

JNIEXPORT void EMULATOR(configure)(JNIEnv *env, jclass, jstring line) {
    const char *const text = env->GetStringUTFChars(line, nullptr);
    if (text == nullptr) {
        return;
    }
    const std::string wrong = emu::configure(text);
    env->ReleaseStringUTFChars(line, text);
    if (!wrong.empty()) {
        env->ThrowNew(env->FindClass("java/lang/IllegalArgumentException"), wrong.c_str());
    }
}

JNIEXPORT jstring EMULATOR(violations)(JNIEnv *env, jclass) {
    return env->NewStringUTF(emu::violations().c_str());
}

JNIEXPORT jstring EMULATOR(live)(JNIEnv *env, jclass) {
    return env->NewStringUTF(emu::live().c_str());
}

JNIEXPORT void EMULATOR(reset)(JNIEnv *, jclass) {
    emu::reset();
}
}
