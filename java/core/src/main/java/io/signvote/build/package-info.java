/** The tree that this library was built from: ranks of one job and the native libraries that they load share it. */
package io.signvote.build;
