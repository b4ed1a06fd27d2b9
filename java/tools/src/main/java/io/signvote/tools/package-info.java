/**
 * The command line: {@code run} starts local ranks, {@code perf} measures, {@code doctor} checks the machine, and
 * {@code serve} tallies.
 */
package io.signvote.tools;
