package io.signvote.rendezvous;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.signvote.rendezvous.ControlMessage.Cancelled;
import io.signvote.rendezvous.ControlMessage.Members;
import io.signvote.rendezvous.ControlMessage.Welcome;
import io.signvote.rendezvous.Jobs.Settings;
import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Several callers on one place, by a clock of its own. The coordinator has nothing to do for seconds: it looks at the clock when
 * somebody calls, and then only.
 */
class TwinsTest {
    private final Settings settings = settings();
    private final AtomicLong nowNs = new AtomicLong(1_000_000_000_000L);
    private final Queue<Throwable> errors = new ConcurrentLinkedQueue<>();
    private final Coordinator coordinator = Coordinator.start(settings.config(), errors::add, nowNs::get);

    private static Settings settings() {
        final Settings settings = Settings.of(3);
        settings.heartbeatIntervalMs = 10_000;
        settings.suspicionTimeoutMs = 20_000;
        settings.joinTimeoutMs = 1_000_000;
        return settings;
    }

    @AfterEach
    void close() {
        coordinator.close();
    }

    @Test
    void shouldNotTakeDeadOneForTwinAfterPauseOfItsOwn() throws IOException {
        try (RawMember dead = welcomed(1);
                RawMember second = welcomed(1)) {
            passAt(25);

            dead.reset();
            try (RawMember zero = welcomed(0);
                    RawMember two = welcomed(2)) {
                assertInstanceOf(Members.class, second.next());
                assertInstanceOf(Members.class, zero.next());
                assertInstanceOf(Members.class, two.next());
            }
        }
    }

    @Test
    void shouldCancelOnceWhereSilenceAndTwinsMeet() throws IOException {
        try (RawMember silent = welcomed(2);
                RawMember first = welcomed(1);
                RawMember second = welcomed(1)) {
            passAt(15);
            passAt(30);
            nowNs.addAndGet(TimeUnit.SECONDS.toNanos(3));
            first.send(ControlWriter.heartbeat());

            final Cancelled cancelled = assertInstanceOf(Cancelled.class, second.next());
            assertMessage(cancelled.message(), "rank 2 at");
            assertEquals(cancelled, first.next());
            silent.awaitClosed();
            passAt(34);
            assertEquals(
                    1,
                    errors.stream()
                            .filter(e -> e.getMessage().contains("; came: "))
                            .count(),
                    errors::toString);
        }
    }

    @Test
    void shouldGivePlaceToTheThirdWhereTwoHaveDiedUnseen() throws IOException {
        try (RawMember dead = welcomed(1);
                RawMember alsoDead = welcomed(1)) {
            passAt(12);
            passAt(21);
            try (RawMember third = welcomed(1)) {
                final Cancelled told = assertInstanceOf(Cancelled.class, alsoDead.next());
                assertMessage(told.message(), "rank 1 came again, from 127.0.0.1:");
                dead.reset();
                try (RawMember zero = welcomed(0);
                        RawMember two = welcomed(2)) {
                    assertInstanceOf(Members.class, third.next());
                    assertInstanceOf(Members.class, zero.next());
                    assertInstanceOf(Members.class, two.next());
                }
            }
        }
    }

    @Test
    void shouldCancelWhereThreeClaimOnePlaceAtOnce() throws IOException {
        try (RawMember first = welcomed(1);
                RawMember second = welcomed(1);
                RawMember third = new RawMember(coordinator.port()).join(settings, 1)) {
            final Cancelled cancelled = assertInstanceOf(Cancelled.class, third.next());

            assertMessage(cancelled.message(), "give every process its own RANK", "a rank that starts again and again");
            assertEquals(cancelled, first.next());
            assertEquals(cancelled, second.next());
        }
    }

    @Test
    void shouldMeasureAgesByItsOwnClock() throws IOException {
        try (RawMember doomed = welcomed(1)) {
            doomed.reset();
            Jobs.await("cancelled", () -> coordinator.progress() == Coordinator.Progress.FAILED);
        }
        try (RawMember alone = welcomed(0)) {
            for (int second = 15; second <= 1005; second += 15) {
                nowNs.addAndGet(TimeUnit.SECONDS.toNanos(15));
                alone.send(ControlWriter.heartbeat());
                visit();
            }

            final Cancelled cancelled = assertInstanceOf(Cancelled.class, alone.next());
            assertMessage(cancelled.message(), "the previous job ended 1005.0 s ago");
        }
    }

    private RawMember welcomed(final int rank) throws IOException {
        final RawMember member = new RawMember(coordinator.port()).join(settings, rank);
        assertInstanceOf(Welcome.class, member.next());
        return member;
    }

    /** Lets the coordinator look at a clock that stands at so many seconds after its start. */
    private void passAt(final long seconds) throws IOException {
        nowNs.set(1_000_000_000_000L + TimeUnit.SECONDS.toNanos(seconds));
        visit();
    }

    private void visit() throws IOException {
        final long before = coordinator.refusedCount();
        try (RawMember stranger = new RawMember(coordinator.port())) {
            stranger.write(new byte[8]);
            stranger.awaitClosed();
        }
        Jobs.await("a stranger was refused", () -> coordinator.refusedCount() > before);
    }
}
