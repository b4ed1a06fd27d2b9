/** Words of 64 packed signs, the lots that zeros and ties draw, and memory outside the heap. */
package io.signvote.bits;
