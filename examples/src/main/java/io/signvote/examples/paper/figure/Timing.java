package io.signvote.examples.paper.figure;

import io.signvote.examples.paper.run.Machine;
import io.signvote.examples.paper.timing.ShapedLink;
import java.util.List;

/** What figures that measure time share: rates, how long is measured, and what is said of it. */
final class Timing {
    /** What a reader must know of such times. */
    static final String NOTE =
            "all hosts share the processors of this machine: what exchanging costs them is in the time of the exchange, of the"
                    + " vote as of averaging, and is more than on machines of their own; computing is not";

    private static final List<ShapedLink> LINKS =
            List.of(new ShapedLink(1000), new ShapedLink(265), new ShapedLink(100), new ShapedLink(25));
    private static final List<ShapedLink> LINKS_QUICK = List.of(new ShapedLink(265), new ShapedLink(100));

    private Timing() {}

    static List<ShapedLink> links(final Bench bench) {
        return bench.scale() == Scale.QUICK ? LINKS_QUICK : LINKS;
    }

    /** Least time of a train of rounds. */
    static double trainMs(final Bench bench) {
        return bench.scale().of(150, 300, 3000);
    }

    /** Time that computing is measured for. */
    static int computeMs(final Bench bench) {
        return bench.scale().of(500, 2000, 5000);
    }

    static Settings add(final Settings settings, final TimedJobs jobs, final Machine machine, final int hosts) {
        return jobs.addTo(settings.add("machine", machine), machine)
                .add(
                        "compute",
                        "the gradients of one rank's batch, by one thread with nothing else running, median: a rank is taken to"
                                + " have a core of its own, since " + hosts + " ranks on " + machine.processors()
                                + " processors would measure the machine")
                .add(
                        "exchange",
                        hosts
                                + " processes over Aeron, on hosts made of network namespaces, by ci/testbed: links shaped in both"
                                + " directions, MTU of 9000, a queue of 1 MiB, a burst of 1 ms or 32 KiB; trains of rounds back"
                                + " to back, in turns, of which the first does not count, the train of median time; Java"
                                + " compiles with C1 alone, since so many JVMs with both compilers would be measured compiling")
                .add(
                        "communicate",
                        "the whole exchange, the slowest rank's, less the mean rank's pack, tally and unpack, which are timed"
                                + " inside the kernels");
    }
}
