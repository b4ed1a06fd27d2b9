package io.signvote.tools.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineSplitterTest {
    private final List<String> lines = new ArrayList<>();
    private long nowNs;
    private final LineSplitter splitter = new LineSplitter(
            "[3] ".getBytes(StandardCharsets.UTF_8),
            line -> lines.add(new String(line, StandardCharsets.UTF_8)),
            () -> nowNs);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 1000})
    void shouldPrefixWholeLinesHoweverTheyArrive(final int pieceLength) {
        final byte[] text = "één\n\ntwo\r\nlast".getBytes(StandardCharsets.UTF_8);

        for (int offset = 0; offset < text.length; offset += pieceLength) {
            final int length = Math.min(pieceLength, text.length - offset);
            final byte[] piece = new byte[length];
            System.arraycopy(text, offset, piece, 0, length);
            splitter.accept(piece, length);
        }
        splitter.end();

        assertEquals(List.of("[3] één\n", "[3] \n", "[3] two\n", "[3] last\n"), lines);
    }

    @Test
    void shouldPassAProgressBarOnOnceASecondAndAtItsEnd() {
        for (int percent = 0; percent <= 100; percent++) {
            accept("\r" + percent + " %");
            nowNs += 30_000_000L;
        }
        accept("\ndone\n");

        assertEquals(List.of("[3] 0 %\n", "[3] 34 %\n", "[3] 68 %\n", "[3] 100 %\n", "[3] done\n"), lines);
    }

    @Test
    void shouldKeepWhatAReturnAtTheEndLeavesOnTheScreen() {
        accept("old\rnew\r");
        splitter.end();

        assertEquals(List.of("[3] old\n", "[3] new\n"), lines);
    }

    @Test
    void shouldCutALineThatDoesNotEnd() {
        accept("x".repeat(LineSplitter.MAX_LINE_LENGTH + 5));
        splitter.end();

        assertEquals(2, lines.size());
        assertEquals("[3] xxxxx\n", lines.get(1));
    }

    @Test
    void shouldSayNothingAboutAnEmptyStream() {
        splitter.end();

        assertEquals(List.of(), lines);
    }

    private void accept(final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        splitter.accept(bytes, bytes.length);
    }
}
