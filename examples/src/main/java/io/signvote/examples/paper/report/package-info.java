/** The report of a figure: settings, charts, numbers, claims and verdicts. It is written as text, CSV, PNG and HTML. */
package io.signvote.examples.paper.report;
