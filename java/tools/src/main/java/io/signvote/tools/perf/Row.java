package io.signvote.tools.perf;

/**
 * One line of the table.
 *
 * @param contender that was measured.
 * @param size bytes of the larger side of the call.
 * @param count elements of a block.
 * @param outOfPlace measured with source and target apart.
 * @param inPlace measured with source and target in the same memory.
 */
record Row(Contender contender, long size, long count, Measurement outOfPlace, Measurement inPlace) {}
