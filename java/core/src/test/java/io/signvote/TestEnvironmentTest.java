package io.signvote;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Tests may run in a step of Slurm, in a pod, or under torchrun: pom.xml takes the variables of those away from them. */
class TestEnvironmentTest {
    @Test
    void shouldRunTestsUnderNoLauncher() {
        final Launcher launcher = Launcher.of(System.getenv());

        assertTrue(launcher.isNone(), launcher::toString);
        assertNull(launcher.crowd());
        assertNull(launcher.worldSize().complaint());
        assertNull(launcher.masterAddress().value());
        assertNull(launcher.masterPort().value());
    }
}
