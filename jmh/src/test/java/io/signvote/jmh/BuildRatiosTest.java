package io.signvote.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.jmh.collective.BuildRatios;
import java.net.ServerSocket;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two builds vote in turns in one process. Both class paths are that of this test, and the job has one rank. */
class BuildRatiosTest {
    @Test
    void shouldTimeEachBuildInEachPair() throws Exception {
        final String build = System.getProperty("java.class.path");

        final double[][] ns = BuildRatios.measure(List.of(build, build), freePort(), 1_000, 20, 3);

        assertEquals(2, ns.length);
        for (final double[] times : ns) {
            assertEquals(3, times.length);
            assertTrue(Arrays.stream(times).allMatch(time -> time > 0), Arrays.toString(times));
        }
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
