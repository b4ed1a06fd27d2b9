package io.signvote.examples.paper.timing;

/**
 * Where the time of an exchange goes, in milliseconds a step.
 *
 * @param total  of the exchange and the step of the parameters, the slowest rank's.
 * @param pack   signs into ballots, with momentum; the mean rank's, as what follows.
 * @param tally  votes counted and decided, or floats added.
 * @param unpack the verdict, or the mean, applied to the parameters.
 * @param bytes  that a rank sends.
 */
public record Phases(double total, double pack, double tally, double unpack, double bytes) {
    /** {@return all that is not arithmetic: sending, receiving, waiting for the others} */
    public double communicate() {
        return Math.max(0, total - pack - tally - unpack);
    }

    static Phases parse(final String[] cells, final int from) {
        return new Phases(
                Double.parseDouble(cells[from]),
                Double.parseDouble(cells[from + 1]),
                Double.parseDouble(cells[from + 2]),
                Double.parseDouble(cells[from + 3]),
                Double.parseDouble(cells[from + 4]));
    }

    String line() {
        return total + "," + pack + "," + tally + "," + unpack + "," + bytes;
    }
}
