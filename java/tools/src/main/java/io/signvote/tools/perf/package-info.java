/** Measures collectives in the form of nccl-tests and checks every result against a tally of its own. */
package io.signvote.tools.perf;
