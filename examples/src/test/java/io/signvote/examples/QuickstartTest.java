package io.signvote.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.examples.data.Idx;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class QuickstartTest {
    private static final String SHIPPED =
            Path.of(System.getProperty("signvote.root"), "examples", "data").toString();

    @TempDir
    private Path directory;

    private final StringWriter errors = new StringWriter();

    @Test
    void shouldFindTheShippedSetFitForFourRanks() {
        assertEquals(0, check("4", "--data", SHIPPED), errors::toString);
        assertEquals("", errors.toString());
    }

    static Stream<Arguments> nonsense() {
        return Stream.of(
                Arguments.of("--epochs 0 is not within 1 to 1000", new String[] {"--epochs", "0"}),
                Arguments.of("'many' is not an int", new String[] {"--epochs", "many"}),
                Arguments.of("'x' is not a long", new String[] {"--seed", "x"}),
                Arguments.of("unknown: --epoch=3, see examples/quickstart --help", new String[] {"--epoch=3"}),
                Arguments.of("unknown: lots", new String[] {"lots"}),
                Arguments.of("'--require' (NAME=BOUND)", new String[] {"--require", "speed=1"}),
                Arguments.of("'--require' (NAME=BOUND)", new String[] {"--require", "points"}),
                Arguments.of("'two' is not a double", new String[] {"--require", "points=two"}),
                Arguments.of("--out /none/at/all.png is not a file", new String[] {"--out", "/none/at/all.png"}),
                Arguments.of("--out / is not a file", new String[] {"--out", "/"}));
    }

    @ParameterizedTest
    @MethodSource("nonsense")
    void shouldRefuseNonsense(final String expected, final String... options) {
        assertEquals(CommandLine.ExitCode.USAGE, check("4", options));
        assertTrue(errors.toString().startsWith("quickstart: "), errors.toString());
        assertTrue(errors.toString().contains(expected), errors.toString());
    }

    @Test
    void shouldSayWhichFileIsMissing() {
        assertEquals(CommandLine.ExitCode.SOFTWARE, check("4", "--data", directory.toString()));
        assertTrue(errors.toString().contains("train-images-idx3-ubyte"), errors.toString());
    }

    @Test
    void shouldRefuseMoreRanksThanThereAreImagesFor() throws IOException {
        Idx.writeSet(directory, 255, 2);
        assertEquals(CommandLine.ExitCode.SOFTWARE, check("4", "--data", directory.toString()));
        assertTrue(errors.toString().contains("255 training images are too few for 4 ranks of 64"), errors.toString());
    }

    @Test
    void shouldRefuseFewerTestImagesThanRanks() throws IOException {
        Idx.writeSet(directory, 256, 3);
        assertEquals(CommandLine.ExitCode.SOFTWARE, check("4", "--data", directory.toString()));
        assertTrue(errors.toString().contains("3 test images are too few for 4 ranks"), errors.toString());
    }

    private int check(final String worldSize, final String... options) {
        final CommandLine commandLine = Quickstart.commandLine().setErr(new PrintWriter(errors, true));
        final String[] args = Stream.concat(Stream.of("--shipped", SHIPPED, "--check", worldSize), Stream.of(options))
                .toArray(String[]::new);
        return commandLine.execute(args);
    }
}
