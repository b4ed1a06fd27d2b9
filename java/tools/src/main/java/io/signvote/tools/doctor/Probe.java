package io.signvote.tools.doctor;

import java.util.List;

/** Checks one need of a job. An exception counts as a failed check. */
@FunctionalInterface
interface Probe {
    /**
     * Runs the check.
     *
     * @return one finding or more.
     */
    List<Finding> look();
}
