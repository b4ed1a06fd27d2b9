/** The headers of frames. */
package io.signvote.jmh.wire;
