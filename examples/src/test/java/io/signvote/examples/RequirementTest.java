package io.signvote.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class RequirementTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /** The vote has 89.1 % and sends 20 MB, averaging has 90 % and sends 640 MB. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    points=2           | 0 |
                    points=0.9         | 0 |
                    points=0.89        | 1 | 0.90 points below averaging, required: at most 0.89
                    POINTS=-1          | 1 | 0.90 points below averaging, required: at most -1.0
                    bytes=32           | 0 |
                    bytes=32.1         | 1 | 32.00 times fewer bytes, required: at least 32.1
                    seconds=100000     | 0 |
                    seconds=0          | 1 | seconds, required: less than 0.0
                    points=2,bytes=28  | 0 |
                    points=2,bytes=100 | 1 | 32.00 times fewer bytes, required: at least 100.0
                    """)
    void shouldJudgeWhatIsRequired(final String required, final int code, final String miss) {
        assertEquals(code, judge("--require", required));

        assertTrue(err.toString().contains(miss == null ? "" : miss), err.toString());
        assertEquals(code, err.toString().lines().count());
        assertEquals(
                required.split(",").length,
                out.toString().lines().count() + err.toString().lines().count());
    }

    @Test
    void shouldRequireNothingUnlessAsked() {
        assertEquals(0, judge());
        assertEquals("", out.toString() + err);
    }

    private int judge(final String... options) {
        final CommandLine commandLine =
                Quickstart.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        final String[] all = new String[options.length + 2];
        all[0] = "--shipped";
        all[1] = "nowhere";
        System.arraycopy(options, 0, all, 2, options.length);
        commandLine.parseArgs(all);
        return commandLine.<Quickstart>getCommand().judge(curve(0.891, 20e6), curve(0.90, 640e6));
    }

    private static Curve curve(final double accuracy, final double bytes) {
        final Curve curve = new Curve("curve");
        curve.add(accuracy, 1);
        curve.finish(1, new double[] {bytes, bytes});
        return curve;
    }
}
