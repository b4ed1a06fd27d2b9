package io.signvote.examples.paper.figure;

import io.signvote.examples.paper.run.Machine;
import io.signvote.examples.paper.timing.ShapedLink;
import java.util.List;

/** What figures 4 and 5 share: the rates of links, the length of measurements, and words. */
final class Timing {
    static final Prose PROSE = Prose.of("timing");

    private static final List<ShapedLink> LINKS =
            List.of(new ShapedLink(1000), new ShapedLink(265), new ShapedLink(100), new ShapedLink(25));
    private static final List<ShapedLink> LINKS_QUICK = List.of(new ShapedLink(265), new ShapedLink(100));

    private Timing() {}

    /** A note on times that were measured on one machine. */
    static String note() {
        return PROSE.note("shared processors");
    }

    static List<ShapedLink> links(final FigureContext context) {
        return context.scale() == Scale.QUICK ? LINKS_QUICK : LINKS;
    }

    /** The least time of a train of rounds, in milliseconds. */
    static double trainMs(final FigureContext context) {
        return context.scale().of(150, 300, 3000);
    }

    /** How long computing is measured, in milliseconds. */
    static int computeMs(final FigureContext context) {
        return context.scale().of(500, 2000, 5000);
    }

    static Settings add(final Settings settings, final TimedJobs jobs, final Machine machine, final int hosts) {
        return jobs.addTo(settings.add("machine", machine), machine)
                .add("compute", PROSE.setting("compute", "hosts", hosts, "processors", machine.processors()))
                .add("exchange", PROSE.setting("exchange", "hosts", hosts))
                .add("communicate", PROSE.setting("communicate"));
    }
}
