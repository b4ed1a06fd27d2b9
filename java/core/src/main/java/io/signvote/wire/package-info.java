/** The data frame, and the call to which a frame belongs. SBE generates the codecs. */
package io.signvote.wire;
