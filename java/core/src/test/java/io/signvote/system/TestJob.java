package io.signvote.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.signvote.build.Build;
import io.signvote.rendezvous.Coordinator;
import io.signvote.rendezvous.RendezvousConfig;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A job whose coordinator lives in the test, so that any of its ranks may die. */
public final class TestJob implements AutoCloseable {
    /** What the variable SIGNVOTE_SECRET of every process holds. */
    public static final String SECRET = "sixteen bytes, or a few more";

    private static final long JOIN_TIMEOUT_MS = 40_000;

    private final List<RankProcess> members = new ArrayList<>();
    private final Coordinator coordinator;
    private final String plan;
    private final long suspicionMs;
    private final long joinTimeoutMs;
    private final int ranks;

    /** Starts the coordinator of a job with these ranks and, for the plan "server", a server behind them. */
    public TestJob(final String plan, final int ranks, final long suspicionMs) {
        this(plan, ranks, suspicionMs, JOIN_TIMEOUT_MS);
    }

    /** Starts the coordinator of a job that waits this long for its members. */
    public TestJob(final String plan, final int ranks, final long suspicionMs, final long joinTimeoutMs) {
        this.joinTimeoutMs = joinTimeoutMs;
        this.plan = plan;
        this.ranks = ranks;
        this.suspicionMs = suspicionMs;
        coordinator = Coordinator.start(
                new RendezvousConfig(
                        "127.0.0.1",
                        0,
                        0,
                        ranks,
                        plan.equals("server"),
                        RendezvousConfig.Role.VOTER,
                        SECRET.getBytes(StandardCharsets.UTF_8),
                        false,
                        TimeUnit.MILLISECONDS.toNanos(joinTimeoutMs),
                        TimeUnit.MILLISECONDS.toNanos(suspicionMs / 5),
                        TimeUnit.MILLISECONDS.toNanos(suspicionMs),
                        "",
                        "",
                        Build.current().text()),
                error -> {});
    }

    /** The coordinator. */
    public Coordinator coordinator() {
        return coordinator;
    }

    /** One process joins as a rank, with these options beside those of the job, and may fail. */
    public void join(final RankProcess process, final int rank, final String options) {
        process.send("join rank=" + rank + " " + common() + " " + options);
    }

    /** All processes join, with these options beside those of the job; a process more than ranks is the server. */
    public TestJob join(final List<RankProcess> processes, final String options) {
        members.addAll(processes);
        for (int i = 0; i < members.size(); i++) {
            final String role = i == ranks ? "serve" : "join rank=" + i;
            members.get(i).send(role + " " + common() + " " + options);
        }
        for (int i = 0; i < ranks; i++) {
            members.get(i).expect("joined");
        }
        return this;
    }

    /** TCP port of the coordinator. */
    public int port() {
        return coordinator.port();
    }

    /** Options that every member of the job has. */
    public String common() {
        return "world.size=" + ranks + " plan=" + plan + " coordinator=external master.port=" + coordinator.port()
                + " suspicion.timeout=" + suspicionMs + "ms join.timeout=" + joinTimeoutMs + "ms mtu=1408";
    }

    /** Tells every rank. */
    public void send(final String command) {
        members.subList(0, ranks).forEach(member -> member.send(command));
    }

    /** Rounds of every collective: right on every rank, and the same. */
    public void votes(final int rounds) {
        send("votes " + rounds);
        final String first = members.get(0).expect("votes ");
        for (int i = 1; i < ranks; i++) {
            assertEquals(first, members.get(i).answer());
        }
    }

    /** All leave at once, and nothing is left of them. */
    public void closeAll() {
        send("close");
        for (int i = 0; i < members.size(); i++) {
            final RankProcess member = members.get(i);
            assertEquals(i < ranks ? "closed" : "served", member.answer());
            assertEquals(List.of(), member.directories());
            assertFalse(member.errors().contains("WARNING: while closing"), member::errors);
        }
    }

    @Override
    public void close() {
        coordinator.close();
    }
}
