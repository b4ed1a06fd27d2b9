/** The kernels in C behind JNI: the only native methods of the library, and the search for their shared library. */
package io.signvote.kernel.jni;
