package io.signvote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.error.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules that hold for every option of the list. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class OptionTest {
    /** For each option, a value that is not its default, and values that it refuses. */
    private record Example(String name, String value, String... refused) {
        @Override
        public String toString() {
            return name;
        }

        Option<?> option() {
            return Configuration.options().stream()
                    .filter(option -> option.name().equals(name))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static List<Example> examples() {
        return List.of(
                new Example("signvote.rank", "3", "-1", "one", "2147483648"),
                new Example("signvote.world.size", "7", "0", "256"),
                new Example("signvote.master.address", "host"),
                new Example("signvote.master.port", "1234", "0", "65536"),
                new Example("signvote.job", "mine", "j".repeat(256)),
                new Example("signvote.coordinator", "external", "me"),
                new Example("signvote.secret.file", "job.secret"),
                new Example("signvote.insecure", "true", "yes"),
                new Example("signvote.join.timeout", "7s", "0s", "soon"),
                new Example("signvote.timeout", "8s", "0ms", "8 parsecs"),
                new Example("signvote.suspicion.timeout", "9s", "0ns", "s"),
                new Example("signvote.plan", "star", "ring"),
                new Example("signvote.seed", "-5", "five"),
                new Example("signvote.zeros", "positive", "abstain", "negative"),
                new Example("signvote.ties", "negative", "zero"),
                new Example("signvote.strict", "true", "1"),
                new Example("signvote.kernel", "scalar", "fast"),
                new Example("signvote.kernel.isa.max", "scalar", "avx512"),
                new Example("signvote.aeron.dir", "shared"),
                new Example("signvote.interface", "127.0.0.2"),
                new Example("signvote.port", "4000", "-1", "65536"),
                new Example("signvote.mtu", "8960", "-32", "2g"),
                new Example("signvote.socket.buffer", "65536", "-1", "3g"),
                new Example("signvote.credit", "17", "-1", "257"),
                new Example("signvote.native.path", "libsignvote.so"));
    }

    @Test
    void shouldHaveAnExampleOfEveryOption() {
        assertEquals(
                Configuration.options().stream().map(Option::name).toList(),
                examples().stream().map(Example::name).toList());
    }

    @Test
    void shouldReadEveryOptionFromItsProperty(@TempDir final Path directory) throws Exception {
        final String[] properties = examples().stream()
                .map(example -> "-D" + example.name() + "=" + example.value())
                .toArray(String[]::new);

        assertReads(FreshProcess.run(directory, Probe.class, Map.of(), properties));
    }

    @Test
    void shouldReadEveryOptionFromItsVariable(@TempDir final Path directory) throws Exception {
        final Map<String, String> variables = examples().stream()
                .collect(Collectors.toMap(example -> example.option().variable(), Example::value));

        assertReads(FreshProcess.run(directory, Probe.class, variables));
    }

    private static void assertReads(final String output) {
        final List<String> expected = examples().stream()
                .map(example -> example.name() + "=" + example.value())
                .toList();

        assertEquals(expected, output.lines().toList());
    }

    @ParameterizedTest
    @MethodSource("examples")
    void shouldRefuseWhatIsNoValueByNameAndByWhatIsExpected(final Example example) {
        final Option<?> option = example.option();
        for (final String wrong : example.refused()) {
            ConfigurationTest.with(example.name(), wrong, () -> {
                final String value = assertThrows(ConfigurationException.class, option::value)
                        .getMessage();
                final String context = assertThrows(ConfigurationException.class, () -> new Context().conclude())
                        .getMessage();

                assertTrue(value.startsWith(example.name() + "="), value);
                assertTrue(value.endsWith(", expected " + option.expected()), value);
                assertEquals(value, context);
            });
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void shouldStandOnThePage(final Example example) throws IOException {
        final Path page = Path.of(System.getProperty("signvote.root", "../..")).resolve("java/CONFIGURATION.md");
        final Option<?> option = example.option();

        assertTrue(
                Files.readAllLines(page).stream()
                        .anyMatch(line -> line.startsWith("| `" + option.name() + "` | ")
                                && line.contains(" | " + option.expected() + " | ")
                                && line.endsWith(" | " + option.variable() + " |")),
                option::name);
    }

    /** Prints the value of every option. */
    static final class Probe {
        private Probe() {}

        public static void main(final String[] args) {
            final Context context = new Context();
            for (final Option<?> option : Configuration.options()) {
                final String value =
                        context.print(option).substring(option.key().length() + 1);
                System.out.println(option.name() + "="
                        + (value.equals(value.toUpperCase(Locale.ROOT)) ? value.toLowerCase(Locale.ROOT) : value));
            }
        }
    }
}
