package io.signvote.examples.paper.run;

/**
 * One line of a comparison.
 *
 * @param label  for charts and tables.
 * @param base   what is trained; rate, seed and split are set by the study.
 * @param search that finds its rate; arms may share one.
 */
public record Arm(String label, TrialSettings base, Search search) {}
