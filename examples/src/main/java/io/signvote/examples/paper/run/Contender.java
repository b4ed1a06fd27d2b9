package io.signvote.examples.paper.run;

/**
 * One of the settings that a study compares: a line of its chart.
 *
 * @param label  for charts and tables.
 * @param base   what is trained; rate, seed and split are set by the study.
 * @param search that finds its rate; contenders may share one.
 */
public record Contender(String label, TrialSettings base, Search search) {}
