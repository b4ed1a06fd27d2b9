package io.signvote.transport.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DriverDirectoryTest {
    private static final long NO_PID = 4_194_305; // one above the kernel's highest
    private static final int ROOT = 0;
    private static final int NOBODY = 65534;

    private final List<String> notes = new ArrayList<>();

    @TempDir
    private Path memory;

    @TempDir
    private Path home;

    private Path precious;

    @BeforeEach
    void writeWhatMustSurvive() throws Exception {
        precious = Files.writeString(home.resolve("precious"), "kept");
    }

    @Test
    void shouldDeleteLinksAndNotWhatTheyLeadTo() throws Exception {
        final Path dead = Files.createDirectory(memory.resolve(deadName()));
        Files.createSymbolicLink(dead.resolve("link"), home);
        Files.createSymbolicLink(dead.resolve("file"), precious);
        Files.writeString(Files.createDirectory(dead.resolve("images")).resolve("0.logbuffer"), "left");

        DriverDirectory.sweep(memory, notes);

        assertFalse(Files.exists(dead, LinkOption.NOFOLLOW_LINKS));
        assertEquals("kept", Files.readString(precious));
        assertEquals(List.of("removed what a dead process left in " + dead), notes);
    }

    @Test
    void shouldLeaveALinkThatBearsOurName() throws Exception {
        final Path link = Files.createSymbolicLink(memory.resolve(deadName()), home);

        DriverDirectory.sweep(memory, notes);

        assertTrue(Files.isSymbolicLink(link));
        assertEquals("kept", Files.readString(precious));
        assertEquals(0, DriverDirectory.heldLength(memory));
        assertEquals(List.of(), notes);
    }

    @Test
    void shouldLeaveWhatAnotherUserMade() throws Exception {
        assumeTrue(Files.getAttribute(memory, "unix:uid").equals(ROOT), "only root may give files away");
        final Path foreign = Files.createDirectory(memory.resolve(deadName()));
        Files.writeString(foreign.resolve("cnc.dat"), "theirs");
        Files.setAttribute(foreign, "unix:uid", NOBODY);

        DriverDirectory.sweep(memory, notes);

        assertTrue(Files.exists(foreign.resolve("cnc.dat")));
        assertEquals(0, DriverDirectory.heldLength(memory));
        assertEquals(List.of(), notes);
    }

    @Test
    void shouldPassOverNumbersThatNoProcessHas() throws Exception {
        final Path odd = Files.createDirectory(memory.resolve("signvote-1-99999999999999999999-1-0123abcd"));

        DriverDirectory.sweep(memory, notes);

        assertTrue(Files.exists(odd));
    }

    private static String deadName() {
        return "signvote-" + DriverDirectory.pidNamespace() + '-' + NO_PID + "-1-0123abcd";
    }
}
