package io.signvote.device;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.signvote.kernel.cuda.TestDevice;
import io.signvote.system.RankProcess;
import io.signvote.system.RankProcesses;
import io.signvote.system.TestJob;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs of processes over loopback, of which two vote on a device and one does not. */
@Tag("system")
@Tag("gpu")
class DeviceSystemTest {
    private static final long SUSPICION_MS = 20_000;
    private static RankProcesses processes;

    @BeforeAll
    static void start() throws IOException {
        TestDevice.require();
        processes = new RankProcesses(3, Map.of());
    }

    @AfterAll
    static void end() {
        if (processes != null) {
            processes.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sharded", "star"})
    void shouldGiveDevicesAndHostsTheResultOfTheOracle(final String plan) throws Exception {
        try (TestJob job = new TestJob(plan, 3, SUSPICION_MS)) {
            final List<RankProcess> ranks = processes.take(3);
            job.join(ranks, "");
            openDevices(ranks);
            job.votes(5);
            job.closeAll();
        }
    }

    @Test
    void shouldVoteWithKernelsOfTheDeviceForMemoryOfTheHost() throws Exception {
        try (TestJob job = new TestJob("sharded", 2, SUSPICION_MS)) {
            final List<RankProcess> ranks = processes.take(2);
            ranks.forEach(rank -> rank.send("kernels"));
            ranks.forEach(rank -> rank.expect("on "));
            job.join(ranks, "");
            job.votes(5);
            job.closeAll();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cuLaunchKernel@1:719", "cuMemAlloc@3:2", "cuMemcpyDtoHAsync@2:700"})
    void shouldTellHostsAndDevicesOfADeviceThatFailed(final String fault) throws Exception {
        TestDevice.requireEmulated();
        final List<RankProcess> ranks = processes.take(3);
        try (TestJob job = new TestJob("sharded", 3, SUSPICION_MS)) {
            job.join(ranks, "");
            ranks.get(0).send("device");
            ranks.get(1).send("device fail=" + fault);
            ranks.subList(0, 2).forEach(rank -> rank.expect("on SignVote emulated device"));

            ranks.forEach(rank -> rank.send("reduce"));

            final String told = ranks.get(1).expect("error DeviceException untouched cu");
            final String fact = told.substring("error DeviceException untouched ".length());
            for (final int other : new int[] {0, 2}) {
                final String answer = ranks.get(other).expect("error AbortedException untouched ");
                assertMessage(answer, "rank 1 gave up: " + fact);
            }
            ranks.forEach(rank -> rank.send("close"));
            ranks.forEach(rank -> assertEquals("closed", rank.answer()));
        }
    }

    private static void openDevices(final List<RankProcess> ranks) {
        ranks.subList(0, 2).forEach(rank -> rank.send("device"));
        ranks.subList(0, 2).forEach(rank -> rank.expect("on "));
    }
}
