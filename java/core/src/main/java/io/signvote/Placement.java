package io.signvote;

import io.signvote.Launcher.Variable;
import io.signvote.error.ConfigurationException;
import io.signvote.rendezvous.RendezvousConfig.Role;

/**
 * The place of this process in its job, by its launcher and its own settings. Reports the settings that are missing.
 * Control plane.
 */
final class Placement {
    private static final String HERE = "127.0.0.1";

    private final Context context;
    private final Launcher launcher;
    private final Role role;

    Placement(final Context context, final Launcher launcher, final Role role) {
        this.context = context;
        this.launcher = launcher;
        this.role = role;
    }

    /**
     * Refuses incomplete settings. The defaults suit a rank that works alone. If all ranks of a job used them, each
     * would work alone.
     *
     * @throws ConfigurationException with the variable that is missing, or the variable that shows a larger world.
     */
    void check() {
        ensureSaid(Configuration.RANK);
        ensureSaid(Configuration.WORLD_SIZE);
        ensureSaid(Configuration.LOCAL_RANK);
        ensureSaid(Configuration.LOCAL_WORLD_SIZE);
        final int worldSize = context.worldSize();
        if (launcher.crowd() != null
                && launcher.crowd().size() > worldSize
                && !context.isGiven(Configuration.WORLD_SIZE)) {
            throw new ConfigurationException("worldSize=" + worldSize + " by " + source() + ", but " + launcher.crowd()
                    + ": groups of " + worldSize
                    + " would run as separate jobs; start all ranks by one launcher, or unset "
                    + launcher.crowd().variable()
                    + ", or set SIGNVOTE_RANK and SIGNVOTE_WORLD_SIZE (1 for a process that"
                    + " works alone)");
        }
        if (worldSize == 1) {
            return;
        }
        if (role == Role.VOTER && launcher.rank().value() == null && !context.isGiven(Configuration.RANK)) {
            throw new ConfigurationException(Configuration.RANK.name() + " is not set and worldSize=" + worldSize
                    + ": set SIGNVOTE_RANK on every process, 0 to " + (worldSize - 1)
                    + ", each its own; or start them by a launcher that sets it");
        }
        if (!isHere()) {
            ensureSaid(Configuration.MASTER_ADDRESS);
        }
        ensureSaid(Configuration.MASTER_PORT);
        if (isSpread() && launcher.masterAddress().value() == null && !context.isGiven(Configuration.MASTER_ADDRESS)) {
            throw new ConfigurationException(Configuration.MASTER_ADDRESS.name() + " is not set, and only "
                    + Configuration.LOCAL_WORLD_SIZE.value() + " of worldSize=" + worldSize
                    + " ranks are on this host: set SIGNVOTE_MASTER_ADDRESS to the host of rank 0 on every rank, for example by "
                    + launcher.addressExample());
        }
    }

    /** Whether this rank is the only member of its job, without a server and without a coordinator in the launcher. */
    boolean isAlone() {
        return context.worldSize() == 1 && role == Role.VOTER && isHostedByRank0() && !hasServer();
    }

    /** Whether the coordinator lives in this process. */
    boolean isHost() {
        return isHostedByRank0() && isRank0();
    }

    /** Whether this process is rank 0, rather than another rank or the server. */
    boolean isRank0() {
        return role == Role.VOTER && context.rank() == 0;
    }

    /** Whether ranks are known to be on other hosts. */
    boolean isSpread() {
        return isLocalWorldSizeKnown() && Configuration.LOCAL_WORLD_SIZE.value() < context.worldSize();
    }

    /** Host at which the coordinator listens: the loopback address if all members are known to be on this host. */
    String host() {
        return isHere() ? HERE : context.masterAddress();
    }

    /** The launcher, and the settings that override its rank and its world size, for the line at the start. */
    String source() {
        final String given =
                given(", rank by ", Configuration.RANK) + given(", world size by ", Configuration.WORLD_SIZE);
        if (launcher.isNone()) {
            return given.isEmpty() ? "default, no launcher was found" : "no launcher" + given;
        }
        return launcher.name() + given;
    }

    private String given(final String what, final Option<?> option) {
        return context.isGiven(option) ? what + context.giver(option) : "";
    }

    boolean hasServer() {
        return context.plan() == Configuration.PlanKind.SERVER;
    }

    /**
     * Whether all members are known to be on this host. A server, or a coordinator outside rank 0, may be elsewhere
     * even if all ranks are here.
     */
    private boolean isHere() {
        return isHostedByRank0()
                && !hasServer()
                && isLocalWorldSizeKnown()
                && Configuration.LOCAL_WORLD_SIZE.value() == context.worldSize()
                && !context.isGiven(Configuration.MASTER_ADDRESS);
    }

    /**
     * Whether the number of ranks on this host is known. A launcher counts the ranks of its own world. If a setting
     * gives the world size, that count does not apply.
     */
    private boolean isLocalWorldSizeKnown() {
        return Configuration.LOCAL_WORLD_SIZE.isKnown()
                && Configuration.LOCAL_WORLD_SIZE.isGiven() == context.isGiven(Configuration.WORLD_SIZE);
    }

    private boolean isHostedByRank0() {
        return context.coordinator() == Configuration.Host.RANK0;
    }

    private void ensureSaid(final Option<?> option) {
        final Variable variable = option.launched(launcher);
        if (variable.value() == null && variable.complaint() != null && !context.isGiven(option)) {
            throw new ConfigurationException(variable.complaint() + "; or set " + option.variable());
        }
    }
}
