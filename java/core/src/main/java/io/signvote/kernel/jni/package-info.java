/** The kernels in C behind JNI, the only native methods of the library, and how their shared library is found. */
package io.signvote.kernel.jni;
