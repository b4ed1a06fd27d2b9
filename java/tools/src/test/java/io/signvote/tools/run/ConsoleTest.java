package io.signvote.tools.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ConsoleTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Console console = new Console(out, err);

    @Test
    void shouldStartALineOfItsOwnAfterAnUnfinishedRawOne() {
        raw("\r10 %");
        console.line(false, bytes("[1] hello\n"));
        raw("\r20 %\n");
        console.line(false, bytes("[1] bye\n"));

        assertEquals("\r10 %\n[1] hello\n\r20 %\n[1] bye\n", out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void shouldKeepTheStreamsApart() {
        console.line(false, bytes("[0] out\n"));
        console.line(true, bytes("[0] err\n"));

        assertEquals("[0] out\n", out.toString(StandardCharsets.UTF_8));
        assertEquals("[0] err\n", err.toString(StandardCharsets.UTF_8));
    }

    private void raw(final String text) {
        console.raw(false, bytes(text), bytes(text).length);
    }

    private static byte[] bytes(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
