package io.signvote.tools.doctor;

import java.util.List;

/** Looks at one thing. What it throws counts as a failure of that thing. */
@FunctionalInterface
interface Probe {
    /**
     * Looks.
     *
     * @return one finding or more.
     */
    List<Finding> look();
}
