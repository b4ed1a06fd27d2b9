package io.signvote.tools;

import io.signvote.build.Build;
import io.signvote.error.ConfigurationException;
import io.signvote.error.VoteException;
import io.signvote.tools.doctor.DoctorCommand;
import io.signvote.tools.perf.PerfCommand;
import io.signvote.tools.run.RunCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Entry of the executable jar. Ends with 0 after success, 1 after a failure, and 2 after an invalid argument or
 * setting. A command may add its own codes.
 */
@Command(
        name = "signvote",
        description = "One-bit majority-vote allreduce for the JVM.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        subcommands = {RunCommand.class, PerfCommand.class, DoctorCommand.class, ServeCommand.class})
public final class Main implements Runnable {
    private static final String COMMANDS = "run, perf, doctor and serve";
    private static final String LOG_FORMAT = "java.util.logging.SimpleFormatter.format";

    @Spec
    private CommandSpec spec;

    private Main() {}

    /**
     * Runs one command and ends the process with its code.
     *
     * @param args command, its options and parameters.
     */
    public static void main(final String[] args) {
        // one line for each message, unless the caller sets another format
        if (System.getProperty(LOG_FORMAT) == null) {
            System.setProperty(LOG_FORMAT, "%4$s: %5$s%n");
        }
        System.exit(commandLine().execute(args));
    }

    /**
     * Makes the parser of all commands, for programs that embed them.
     *
     * @return a new parser, which writes to the standard streams.
     */
    public static CommandLine commandLine() {
        final CommandLine commandLine = new CommandLine(new Main());
        // arguments after the program's name belong to the program
        commandLine.getSubcommands().get("run").setStopAtPositional(true);
        return commandLine
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Main::onNonsense)
                .setExecutionExceptionHandler(Main::onException);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name a command, one of " + COMMANDS);
    }

    private static int onNonsense(final ParameterException exception, final String[] ignored) {
        final CommandLine command = exception.getCommandLine();
        final String name = command.getCommandSpec().qualifiedName();
        command.getErr().println(name + ": " + message(exception));
        command.getErr().println("see " + name + " --help");
        command.getErr().flush();
        return CommandLine.ExitCode.USAGE;
    }

    private static String message(final ParameterException exception) {
        if (exception instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()) {
            final String first = unmatched.getUnmatched().get(0);
            return exception.getCommandLine().getParent() == null
                    ? "'" + first + "' is no command, name one of " + COMMANDS
                    : "'" + first + "' is not expected here";
        }
        return exception.getMessage();
    }

    private static int onException(final Exception exception, final CommandLine command, final ParseResult ignored)
            throws Exception {
        if (exception instanceof ConfigurationException || exception instanceof IllegalArgumentException) {
            report(exception, command);
            return CommandLine.ExitCode.USAGE;
        }
        if (exception instanceof VoteException) {
            report(exception, command);
            return CommandLine.ExitCode.SOFTWARE;
        }
        throw exception;
    }

    private static void report(final Exception exception, final CommandLine command) {
        command.getErr()
                .println(command.getCommandSpec().qualifiedName()
                        + ": "
                        + exception.getClass().getSimpleName()
                        + ": "
                        + exception.getMessage());
        command.getErr().flush();
    }

    /** The build of the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            final Build build = Build.current();
            return new String[] {"signvote " + (build.isKnown() ? build.text() : "of an unknown build")};
        }
    }
}
