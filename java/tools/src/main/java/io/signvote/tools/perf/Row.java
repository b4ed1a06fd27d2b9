package io.signvote.tools.perf;

/**
 * One line of the table.
 *
 * @param size bytes of the call as float32.
 * @param count coordinates.
 * @param contender that was measured.
 * @param outOfPlace measured with source and target apart.
 * @param inPlace measured with source and target the same.
 */
record Row(long size, long count, Contender contender, Measurement outOfPlace, Measurement inPlace) {}
