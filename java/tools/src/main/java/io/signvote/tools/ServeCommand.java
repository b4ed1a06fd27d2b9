package io.signvote.tools;

import io.signvote.Communicator;
import io.signvote.Context;
import picocli.CommandLine.Command;

/** Tallies for all ranks without casting a ballot, until every rank has closed. */
@Command(
        name = "serve",
        description = "Tallies for the plan server without casting a ballot, until every rank has closed.",
        mixinStandardHelpOptions = true)
final class ServeCommand implements Runnable {
    @Override
    public void run() {
        Communicator.serve(new Context());
    }
}
