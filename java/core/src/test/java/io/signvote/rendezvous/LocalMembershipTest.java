package io.signvote.rendezvous;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import org.junit.jupiter.api.Test;

class LocalMembershipTest {
    private final List<LocalMembership> members = LocalMembership.create(3);
    private final Failure first = new Failure(Failure.Kind.ABORTED, List.of(1), "first");

    @Test
    void shouldShowAllMembersTheFirstFailure() {
        members.forEach(member -> assertNull(member.failure()));

        members.get(1).fail(first);
        members.get(2).fail(new Failure(Failure.Kind.TIMEOUT, List.of(2), "second"));

        assertEquals(3, members.size());
        members.forEach(member -> assertSame(first, member.failure()));
    }

    @Test
    void shouldNotFailTheOthersOnceClosed() {
        members.get(0).close();
        members.get(0).close();

        members.get(0).fail(first);

        assertNull(members.get(1).failure());
        members.get(1).fail(first);
        assertSame(first, members.get(0).failure());
    }

    @Test
    void shouldKeepJobsApart() {
        members.get(0).fail(first);

        assertNull(LocalMembership.create(1).get(0).failure());
    }
}
