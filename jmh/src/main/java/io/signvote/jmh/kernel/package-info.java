/** Kernels beside plain sweeps over the same bytes, and the table of their ratios. */
package io.signvote.jmh.kernel;
