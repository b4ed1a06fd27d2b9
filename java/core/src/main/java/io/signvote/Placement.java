package io.signvote;

import io.signvote.Launcher.Variable;
import io.signvote.error.ConfigurationException;
import io.signvote.rendezvous.RendezvousConfig.Role;
import java.util.Locale;

/**
 * The place of this process in its job, as its launcher and its own settings give it, and what they leave out. Control plane.
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
     * Refuses what is incomplete. The defaults suit a rank on its own: taken by all of a job, they would not meet.
     *
     * @throws ConfigurationException naming the variable that is missing, or that gives a larger world.
     */
    void check() {
        ensureSaid(Configuration.RANK_PROP_NAME, launcher.rank());
        ensureSaid(Configuration.WORLD_SIZE_PROP_NAME, launcher.worldSize());
        ensureSaid("signvote.local.rank", launcher.localRank());
        ensureSaid("signvote.local.world.size", launcher.localWorldSize());
        final int worldSize = context.worldSize();
        if (launcher.crowd() != null
                && launcher.crowd().size() > worldSize
                && !context.isGiven(Configuration.WORLD_SIZE_PROP_NAME)) {
            throw new ConfigurationException("worldSize=" + worldSize + " by " + source() + ", but " + launcher.crowd()
                    + ": several jobs of " + worldSize
                    + " would train apart; start all ranks by one launcher, or unset "
                    + launcher.crowd().variable()
                    + ", or set SIGNVOTE_RANK and SIGNVOTE_WORLD_SIZE (1 for a process that"
                    + " works alone)");
        }
        if (worldSize == 1) {
            return;
        }
        if (role == Role.VOTER && launcher.rank().value() == null && !context.isGiven(Configuration.RANK_PROP_NAME)) {
            throw new ConfigurationException(Configuration.RANK_PROP_NAME + " is not set and worldSize=" + worldSize
                    + ": set SIGNVOTE_RANK on every process, 0 to " + (worldSize - 1)
                    + ", each its own; or start them by a launcher that sets it");
        }
        if (!isHere()) {
            ensureSaid(Configuration.MASTER_ADDRESS_PROP_NAME, launcher.masterAddress());
        }
        ensureSaid(Configuration.MASTER_PORT_PROP_NAME, launcher.masterPort());
        if (isSpread()
                && launcher.masterAddress().value() == null
                && !context.isGiven(Configuration.MASTER_ADDRESS_PROP_NAME)) {
            throw new ConfigurationException(Configuration.MASTER_ADDRESS_PROP_NAME + " is not set, and only "
                    + Configuration.localWorldSize() + " of worldSize=" + worldSize
                    + " ranks are on this host: set SIGNVOTE_MASTER_ADDRESS to the host of rank 0 on every rank, for example by "
                    + launcher.addressExample());
        }
    }

    /** Whether this rank has nobody to talk to, not even a launcher that waits for it. */
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
        return isLocalWorldSizeKnown() && Configuration.localWorldSize() < context.worldSize();
    }

    /** Where the coordinator listens and all members connect: on this host where all are known to be. */
    String host() {
        return isHere() ? HERE : context.masterAddress();
    }

    /** The launcher, and the settings that override its rank and its world size, for the line at the start. */
    String source() {
        final String given = given(", rank by ", Configuration.RANK_PROP_NAME)
                + given(", world size by ", Configuration.WORLD_SIZE_PROP_NAME);
        if (launcher.isNone()) {
            return given.isEmpty() ? "default, no launcher was found" : "no launcher" + given;
        }
        return launcher.name() + given;
    }

    private String given(final String what, final String option) {
        return context.isGiven(option) ? what + context.giver(option) : "";
    }

    boolean hasServer() {
        return context.plan() == Configuration.PlanKind.SERVER;
    }

    /** A server, or a coordinator that is not rank 0, may be elsewhere even where no rank is. */
    private boolean isHere() {
        return isHostedByRank0()
                && !hasServer()
                && isLocalWorldSizeKnown()
                && Configuration.localWorldSize() == context.worldSize()
                && !context.isGiven(Configuration.MASTER_ADDRESS_PROP_NAME);
    }

    /** A launcher counts the ranks of its own world on this host: of a world that a setting gives, it says nothing. */
    private boolean isLocalWorldSizeKnown() {
        return Configuration.hasLocalWorldSize()
                && Configuration.isLocalWorldSizeGiven() == context.isGiven(Configuration.WORLD_SIZE_PROP_NAME);
    }

    private boolean isHostedByRank0() {
        return context.coordinator() == Configuration.Host.RANK0;
    }

    private void ensureSaid(final String option, final Variable variable) {
        if (variable.value() == null && variable.complaint() != null && !context.isGiven(option)) {
            throw new ConfigurationException(variable.complaint() + "; or set "
                    + option.replace('.', '_').toUpperCase(Locale.ROOT));
        }
    }
}
