package io.signvote.tools.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;

class SecretFileTest {
    @Test
    void shouldBeForItsOwnerAloneAndGoWhenClosed() throws IOException {
        final SecretFile secret = SecretFile.create();

        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(secret.path())));
        assertTrue(Files.readString(secret.path()).matches("[0-9a-f]{64}"));

        secret.close();
        secret.close();

        assertFalse(Files.exists(secret.path()));
    }

    @Test
    void shouldBeFreshForEachJob() throws IOException {
        try (SecretFile one = SecretFile.create();
                SecretFile other = SecretFile.create()) {
            assertNotEquals(Files.readString(one.path()), Files.readString(other.path()));
        }
    }
}
