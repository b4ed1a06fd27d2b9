package io.signvote.collective;

import java.util.List;

/**
 * Who has not contributed to a round that is late. Control plane.
 *
 * @param text for the message of the timeout.
 * @param ranks that the text names.
 */
record Missing(String text, List<Integer> ranks) {}
