/** Checks whether this machine meets the needs of a job, and prints the remedy if something is missing. */
package io.signvote.tools.doctor;
