package io.signvote.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class MainTest {
    private final StringWriter err = new StringWriter();
    private final StringWriter out = new StringWriter();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "\"\"                              | name a command",
                "dance                           | 'dance' is no command, name one of run, perf, doctor and serve",
                "serve drinks                    | 'drinks' is not expected here",
                "run                             | -np",
                "run -np 2                       | command",
                "run -np 0 -- true               | -np 0 is not in 1..255",
                "run -np 256 -- true             | -np 256 is not in 1..255",
                "run -np two -- true             | two",
                "run -np 2 --port 65536 -- true  | --port 65536 is not in 0..65535",
                "run -np 2 --raw 2 -- true       | --raw 2 is not a rank of 0..1",
                "run -np 2 --grace soon -- true  | 'soon' is not a duration",
                "run -np 2 --timeout 0 -- true   | --timeout 0",
                "perf -b 8x                      | '8x' is not a size",
                "perf -b 3                       | -b 3 is less than one float",
                "perf -e 1000g                   | the most of one call",
                "perf -b 8M -e 1M                | is more than -e",
                "perf -b 1M -e 8M -f 1           | -f 1 is less than 2",
                "perf -n 0                       | -n 0",
                "perf -w -1                      | -w -1",
                "perf -c -1                      | -c -1",
                "perf -a 4                       | -a 4 is not in 0..3",
                "perf -r x                       | -r x is no rank",
                "perf -d uint4                   | -d uint4 is unknown",
                "perf allreduce -o bxor          | -o bxor takes no float",
                "perf all_reduce_perf -o mean    | -o mean is unknown",
                "perf -I dance                   | collective 'dance' is unknown",
                "perf -I 1 dance                 | collective 'dance' is unknown",
                "perf allreduce -d double -b 4   | -b 4 is less than one double of 8 bytes",
                "perf --plan ring                | ring",
                "perf --op mean                  | mean",
                "perf --op sum --bits            | a sum is float to float",
                "perf --bits --both              | mutually exclusive",
                "perf --limit 100                | '100' is not a rate",
                "perf --wire nowhere0            | interface nowhere0 is not here",
                "perf --json /nowhere/rows.json  | --json /nowhere/rows.json cannot be written: /nowhere is no directory",
                "perf --json /proc               | --json /proc cannot be written: it is a directory",
                "doctor --ranks 0                | --ranks 0",
            })
    void shouldRefuseNonsenseWithAMessage(final String line, final String message) {
        assertEquals(CommandLine.ExitCode.USAGE, execute(line.isEmpty() ? new String[0] : line.split(" ")));

        assertTrue(err.toString().contains(message), err.toString());
        assertTrue(err.toString().lines().count() <= 3, err.toString());
    }

    @Test
    void shouldExplainEveryCommand() {
        for (final String command : new String[] {"run", "perf", "doctor", "serve"}) {
            assertEquals(0, execute(command, "--help"), command);
        }

        assertTrue(out.toString().contains("-np"), out.toString());
    }

    private int execute(final String... args) {
        return Main.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(args);
    }
}
