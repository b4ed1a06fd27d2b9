package io.signvote.tools.doctor;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints what this machine has of what a job needs. Ends with 1 when something needed is missing. */
@Command(
        name = "doctor",
        description = "Prints what this machine has of what a job needs; ends with 1 when something needed is missing.",
        mixinStandardHelpOptions = true)
public final class DoctorCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    private DoctorCommand() {}

    @Override
    public Integer call() {
        return Examination.run(
                List.of(new JavaProbe(), new NativeProbe(), new CudaProbe(), new InterfaceProbe()),
                spec.commandLine().getOut());
    }
}
