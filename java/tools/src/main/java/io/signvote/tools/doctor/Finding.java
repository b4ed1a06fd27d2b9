package io.signvote.tools.doctor;

/**
 * What a look at one thing gave.
 *
 * @param level whether it will do.
 * @param subject what was looked at.
 * @param fact what was found.
 * @param remedy what helps; empty where all is well.
 */
record Finding(Level level, String subject, String fact, String remedy) {
    /** Whether it will do. */
    enum Level {
        /** It will. */
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
     * One line for people.
     *
     * @return level, subject, fact and remedy.
     */
    String line() {
        return String.format("%-4s  %-14s %s%s", level, subject, fact, remedy.isEmpty() ? "" : ": " + remedy);
    }
}
