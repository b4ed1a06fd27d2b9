/** The command line: {@code run} starts local ranks, {@code perf} measures, {@code doctor} looks, {@code serve} tallies. */
package io.signvote.tools;
