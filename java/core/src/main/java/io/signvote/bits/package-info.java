/** Words of 64 packed signs, the lots that decide zeros and ties, and memory outside the heap. */
package io.signvote.bits;
