package io.signvote.tools.doctor;

/**
 * The result of one check.
 *
 * @param level of the result.
 * @param subject of the check.
 * @param fact that was found.
 * @param remedy for the user; empty if none is needed.
 */
record Finding(Level level, String subject, String fact, String remedy) {
    /** Whether a job can run. */
    enum Level {
        /** A job can run. */
        OK,
        /** A job runs, but slower or with less than this machine has. */
        WARN,
        /** A job does not run. */
        FAIL
    }

    static Finding ok(final String subject, final String fact) {
        return new Finding(Level.OK, subject, fact, "");
    }

    static Finding warn(final String subject, final String fact, final String remedy) {
        return new Finding(Level.WARN, subject, fact, remedy);
    }

    static Finding fail(final String subject, final String fact, final String remedy) {
        return new Finding(Level.FAIL, subject, fact, remedy);
    }

    /**
     * The result as one line for people.
     *
     * @return level, subject, fact and remedy.
     */
    String line() {
        return String.format("%-4s  %-14s %s%s", level, subject, fact, remedy.isEmpty() ? "" : ": " + remedy);
    }
}
