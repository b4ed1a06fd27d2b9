package io.signvote.examples.paper.run;

/**
 * A result that the load of the machine may have changed, with that load.
 *
 * @param result of the job.
 * @param before load average of the last minute when the job began; negative where the machine does not tell.
 * @param after  the same when it ended, the job's own work included.
 * @param <T>    kind of the result.
 */
public record Loaded<T>(T result, double before, double after) {}
