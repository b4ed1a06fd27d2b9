package io.signvote.collective;

import java.util.List;

/**
 * The members that have not contributed to a late round. Control plane.
 *
 * @param text for the message of the timeout.
 * @param ranks that the text names.
 */
record Missing(String text, List<Integer> ranks) {}
