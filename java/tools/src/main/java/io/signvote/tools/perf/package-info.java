/** Measures collectives in the form of nccl-tests, and compares results with an independent tally. */
package io.signvote.tools.perf;
