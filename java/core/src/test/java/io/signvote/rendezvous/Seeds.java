package io.signvote.rendezvous;

/** Seeds of random tests: {@code -Dsignvote.test.seed} or a new one. */
final class Seeds {
    private Seeds() {}

    static long seed() {
        final String given = System.getProperty("signvote.test.seed", "");
        return given.isBlank() ? System.nanoTime() : Long.parseLong(given);
    }
}
