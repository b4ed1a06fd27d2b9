package io.signvote.rendezvous;

import io.signvote.build.Build;
import io.signvote.rendezvous.ControlMessage.Join;

/** Reasons to refuse a Join, now and later. Each method returns null if it finds no reason. */
final class Objections {
    private Objections() {}

    /** The caller belongs to another job. This is its own mistake and must not affect the job of this coordinator. */
    static String otherJob(final RendezvousConfig config, final Caller caller, final Join join) {
        if (join.job().equals(config.job())) {
            return null;
        }
        return name(caller, join) + " belongs to " + job(join.job()) + ", the coordinator serves " + job(config.job())
                + ": two jobs use this address: set another SIGNVOTE_MASTER_PORT for one of them; if it is one job, set"
                + " SIGNVOTE_JOB to the same name on every rank and the server";
    }

    /** The caller and the coordinator have different configurations. Waiting does not help. */
    static String mismatch(final RendezvousConfig config, final Caller caller, final Join join) {
        final String contradiction = contradiction(config, join);
        return contradiction == null ? null : name(caller, join) + " " + contradiction;
    }

    /** The mismatch as text without the port of the connection. A repeated mistake has the same text. */
    static String mistake(final RendezvousConfig config, final Caller caller, final Join join) {
        final String remote = caller.connection().remote();
        return join.role() + " " + join.rank() + " at " + remote.substring(0, remote.lastIndexOf(':')) + " "
                + contradiction(config, join);
    }

    private static String contradiction(final RendezvousConfig config, final Join join) {
        if (!join.build().isEmpty() && !config.build().isEmpty() && !Build.isSame(join.build(), config.build())) {
            return "runs SignVote [" + join.build() + "], the coordinator runs [" + config.build()
                    + "]: run the same SignVote everywhere";
        }
        if (join.worldSize() != config.worldSize()) {
            return "expects worldSize=" + join.worldSize() + ", the coordinator expects worldSize=" + config.worldSize()
                    + ": set SIGNVOTE_WORLD_SIZE to the same number everywhere";
        }
        if (join.hasServer() != config.hasServer()) {
            return "expects a job " + withServer(join.hasServer()) + ", the coordinator expects one "
                    + withServer(config.hasServer()) + ": configure the plan the same everywhere";
        }
        if (place(config, join) < 0) {
            return "gives rank=" + join.rank() + ", not in 0.." + (config.worldSize() - 1) + " of worldSize="
                    + config.worldSize() + ": give every process its own SIGNVOTE_RANK from 0";
        }
        final String objection = join.endpoint().objection();
        return objection == null ? null : "has " + Control.clip(objection, 512) + ": no job runs with such an endpoint";
    }

    /** The caller has other settings than a member that has already come. */
    static String otherSettings(final Attendance attendance, final Caller caller, final Join join) {
        final Caller other = attendance.any();
        if (other == null || other.join().settings().equals(join.settings())) {
            return null;
        }
        return "settings differ: " + attendance.name(other.member()) + " has ["
                + other.join().settings() + "], " + name(caller, join) + " has [" + join.settings()
                + "]: configure them the same everywhere";
    }

    /** The caller's place in the roster, or -1 if the job has none for it. */
    static int place(final RendezvousConfig config, final Join join) {
        final boolean isServer = join.role() == RendezvousConfig.Role.SERVER;
        final boolean isFine =
                isServer ? config.hasServer() && join.rank() == config.worldSize() : join.rank() < config.worldSize();
        return isFine ? join.rank() : -1;
    }

    private static String name(final Caller caller, final Join join) {
        return (join.role() == RendezvousConfig.Role.SERVER ? "a server" : "rank " + join.rank()) + " at "
                + caller.connection().remote();
    }

    private static String job(final String id) {
        return id.isEmpty() ? "a job without an id" : "job [" + id + "]";
    }

    private static String withServer(final boolean hasServer) {
        return hasServer ? "with a pure server" : "without a server";
    }
}
