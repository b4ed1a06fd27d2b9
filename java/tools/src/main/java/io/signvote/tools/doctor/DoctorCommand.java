package io.signvote.tools.doctor;

import io.signvote.Configuration;
import io.signvote.transport.aeron.AeronSettings;
import io.signvote.transport.aeron.HostReport;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Checks whether this machine meets the needs of a job, and prints the result. Ends with 1 if something required is
 * missing.
 */
@Command(
        name = "doctor",
        description = "Prints what this machine has of what a job needs; ends with 1 when something needed is missing.",
        mixinStandardHelpOptions = true)
public final class DoctorCommand implements Callable<Integer> {
    private static final int MAX_RANKS = 255;
    private static final String HOST = "127.0.0.1";

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--ranks",
            defaultValue = "4",
            paramLabel = "N",
            description = "Ranks that this machine is to carry, ${DEFAULT-VALUE} by default.")
    private int ranks;

    @Option(
            names = "--jvm-options",
            description = "Prints the JVM flags that a program needs, as a file for java @FILE, and looks at nothing.")
    private boolean isForJvmOptions;

    private DoctorCommand() {}

    @Override
    public Integer call() throws IOException {
        if (isForJvmOptions) {
            return printJvmOptions();
        }
        if (ranks < 1 || ranks > MAX_RANKS) {
            throw new ParameterException(spec.commandLine(), "--ranks " + ranks + " is not in 1.." + MAX_RANKS);
        }
        final AeronSettings settings =
                AeronSettings.builder(HOST, ranks).localMembers(ranks).build();
        return Examination.run(
                List.of(
                        new JavaProbe(),
                        new OptionsProbe(Configuration.options()),
                        new NativeProbe(),
                        new CudaProbe(),
                        new TransportProbe(() -> HostReport.inspect(settings), ranks),
                        new InterfaceProbe()),
                spec.commandLine().getOut());
    }

    private int printJvmOptions() throws IOException {
        try (InputStream file = DoctorCommand.class.getResourceAsStream("jvm.options")) {
            final PrintWriter out = spec.commandLine().getOut();
            out.print(new String(file.readAllBytes(), StandardCharsets.UTF_8));
            out.flush();
        }
        return CommandLine.ExitCode.OK;
    }
}
