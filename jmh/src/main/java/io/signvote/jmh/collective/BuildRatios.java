package io.signvote.jmh.collective;

import io.signvote.Communicator;
import io.signvote.jmh.Medians;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToLongFunction;
import org.agrona.CloseHelper;

/**
 * Compares the votes of two builds of the library within one job. Each rank loads both builds, and times trains of votes
 * in turns: before, after, after, before. So both builds run under the same conditions, even if the speed of the machine
 * changes every second.
 */
public final class BuildRatios {
    private static final int WARMUP_PAIRS = 30;

    private BuildRatios() {}

    /**
     * Runs on every rank. Rank 0 prints.
     *
     * @param args class path of the build before the change, class path of the build after it, port of the first
     *     coordinator, coordinates of a vote, votes in a train, number of pairs.
     * @throws Exception if a build cannot be loaded or a vote fails.
     */
    public static void main(final String[] args) throws Exception {
        final double[][] ns = measure(
                List.of(args[0], args[1]),
                Integer.parseInt(args[2]),
                Integer.parseInt(args[3]),
                Integer.parseInt(args[4]),
                Integer.parseInt(args[5]));
        if ("0".equals(System.getenv("RANK"))) {
            print(ns);
        }
    }

    /**
     * Times both builds in turns.
     *
     * @param builds class path of each build.
     * @param port of the first build's coordinator. The next build has the next port.
     * @param count coordinates of a vote.
     * @param votes number of votes in a train.
     * @param pairs number of pairs. A pair is one train of each build.
     * @return ns of a vote, by build and pair.
     * @throws ReflectiveOperationException if a class path does not contain the library.
     * @throws MalformedURLException if an entry of a class path cannot be written as a URL.
     */
    public static double[][] measure(
            final List<String> builds, final int port, final int count, final int votes, final int pairs)
            throws ReflectiveOperationException, MalformedURLException {
        final List<IntToLongFunction> trains = new ArrayList<>();
        try {
            for (int build = 0; build < builds.size(); build++) {
                trains.add(load(builds.get(build), port + build, count));
            }
            return measure(trains, votes, pairs);
        } finally {
            trains.forEach(train -> CloseHelper.close((AutoCloseable) train));
        }
    }

    private static double[][] measure(final List<IntToLongFunction> trains, final int votes, final int pairs) {
        final double[][] ns = new double[trains.size()][pairs];
        for (int pair = -WARMUP_PAIRS; pair < pairs; pair++) {
            for (int turn = 0; turn < trains.size(); turn++) {
                final int build = (pair & 1) == 0 ? turn : trains.size() - 1 - turn;
                final double time = (double) trains.get(build).applyAsLong(votes) / votes;
                if (pair >= 0) {
                    ns[build][pair] = time;
                }
            }
        }
        return ns;
    }

    private static IntToLongFunction load(final String classPath, final int port, final int count)
            throws ReflectiveOperationException, MalformedURLException {
        final List<URL> urls = new ArrayList<>();
        for (final String path : classPath.split(File.pathSeparator)) {
            urls.add(Path.of(path).toUri().toURL());
        }
        final URL own = BuildRatios.class.getProtectionDomain().getCodeSource().getLocation();
        urls.add(own);
        // nothing closes it: the threads of the build use it until the process ends
        final ClassLoader loader = new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
        final Class<?> communicator = loader.loadClass(Communicator.class.getName());
        if (communicator.getProtectionDomain().getCodeSource().getLocation().equals(own)) {
            throw new ClassNotFoundException(communicator.getName() + " is not in " + classPath);
        }
        return (IntToLongFunction) loader.loadClass(VoteTrain.class.getName())
                .getConstructor(int.class, int.class)
                .newInstance(port, count);
    }

    private static void print(final double[][] ns) {
        final double[] ratios = new double[ns[0].length];
        for (int pair = 0; pair < ratios.length; pair++) {
            ratios[pair] = ns[1][pair] / ns[0][pair];
        }
        final double[] interval = Medians.interval(ratios);
        System.out.printf(
                Locale.ROOT,
                "before %.0f ns, after %.0f ns, ratio %.3f (%.3f to %.3f)%n",
                Medians.median(ns[0]),
                Medians.median(ns[1]),
                Medians.median(ratios),
                interval[0],
                interval[1]);
    }
}
