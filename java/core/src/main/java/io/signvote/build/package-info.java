/**
 * The identity of the sources from which this library was built. All ranks of a job and their native libraries must
 * have the same sources.
 */
package io.signvote.build;
