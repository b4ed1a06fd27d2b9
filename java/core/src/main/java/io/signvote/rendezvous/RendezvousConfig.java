package io.signvote.rendezvous;

import io.signvote.error.ConfigurationException;
import java.util.Objects;

/**
 * The configuration that a process needs to meet the others. A coordinator ignores rank, role and settings, because it
 * is not a member of the job. Immutable.
 *
 * @param host name or address of the coordinator.
 * @param port TCP port of the coordinator; 0 lets a coordinator choose one.
 * @param rank 0 to worldSize - 1 for a voter; worldSize for a server, which is its place in the roster.
 * @param worldSize ranks, 1 to {@link #MAX_WORLD_SIZE}.
 * @param hasServer whether the job has a pure server besides its ranks.
 * @param role of this process.
 * @param secret at least {@link #MIN_SECRET_LENGTH} bytes that all processes of the job share, or null for none.
 * @param isInsecure allows addresses other than loopback without a secret.
 * @param joinTimeoutNs longest wait for the last member to come.
 * @param heartbeatIntervalNs time between heartbeats; all members use the coordinator's value.
 * @param suspicionTimeoutNs silence that ends the job; all members use the coordinator's value.
 * @param settings of the job, which must be equal on all members, at most {@link #MAX_SETTINGS_LENGTH} bytes of UTF-8.
 * @param job id of the job, equal on the coordinator and on all members, at most {@link #MAX_JOB_LENGTH} bytes of
 *     UTF-8; empty if there is none. It is not a secret.
 * @param build of this process's SignVote, at most {@link #MAX_BUILD_LENGTH} bytes of UTF-8; the coordinator's must be of the
 *     same sources, see {@link io.signvote.build.Build#isSame}. An empty one is not compared.
 */
public record RendezvousConfig(
        String host,
        int port,
        int rank,
        int worldSize,
        boolean hasServer,
        Role role,
        byte[] secret,
        boolean isInsecure,
        long joinTimeoutNs,
        long heartbeatIntervalNs,
        long suspicionTimeoutNs,
        String settings,
        String job,
        String build) {
    /** Most ranks of a job. */
    public static final int MAX_WORLD_SIZE = 255;

    /** Number of heartbeats in the suspicion timeout. */
    public static final int HEARTBEATS_PER_SUSPICION = 10;

    /** Least bytes of a secret. */
    public static final int MIN_SECRET_LENGTH = 16;

    /** Most bytes of the settings, as UTF-8. */
    public static final int MAX_SETTINGS_LENGTH = Control.MAX_SETTINGS_LENGTH;

    /** Most bytes of the job, as UTF-8. */
    public static final int MAX_JOB_LENGTH = Control.MAX_JOB_LENGTH;

    /** Most bytes of the build, as UTF-8. */
    public static final int MAX_BUILD_LENGTH = Control.MAX_BUILD_LENGTH;

    /** The role of a process in the job. */
    public enum Role {
        /** It has a rank and casts ballots. */
        VOTER,
        /** It has no rank and only tallies. */
        SERVER
    }

    /** Checks every value and copies the secret. {@inheritDoc} */
    public RendezvousConfig {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(settings, "settings");
        Objects.requireNonNull(job, "job");
        Objects.requireNonNull(build, "build");
        check(!host.isBlank(), "the coordinator's host is empty: set SIGNVOTE_MASTER_ADDRESS");
        check(port >= 0 && port <= 65535, "port=" + port + " is not in 0..65535: set SIGNVOTE_MASTER_PORT");
        check(
                worldSize >= 1 && worldSize <= MAX_WORLD_SIZE,
                "worldSize=" + worldSize + " is not in 1.." + MAX_WORLD_SIZE + ": set SIGNVOTE_WORLD_SIZE");
        check(role == Role.VOTER || hasServer, "a server joins a job without a server: configure one on every rank");
        final int least = role == Role.VOTER ? 0 : worldSize;
        final int most = role == Role.VOTER ? worldSize - 1 : worldSize;
        check(
                rank >= least && rank <= most,
                "rank=" + rank + " is not in " + least + ".." + most + " for a "
                        + role.name().toLowerCase() + " with worldSize=" + worldSize
                        + ": set SIGNVOTE_RANK and SIGNVOTE_WORLD_SIZE");
        check(
                secret == null || secret.length >= MIN_SECRET_LENGTH,
                "the secret has " + (secret == null ? 0 : secret.length) + " bytes, fewer than " + MIN_SECRET_LENGTH
                        + ": put at least that many random bytes where " + Control.SECRET_REMEDY);
        check(
                joinTimeoutNs > 0,
                "joinTimeoutNs=" + joinTimeoutNs + " is not positive, set signvote.join.timeout above 0");
        check(
                heartbeatIntervalNs > 0,
                "heartbeatIntervalNs=" + heartbeatIntervalNs
                        + " is not positive, set signvote.suspicion.timeout above 0");
        check(
                suspicionTimeoutNs >= 2 * heartbeatIntervalNs,
                "suspicionTimeoutNs=" + suspicionTimeoutNs + " is less than twice heartbeatIntervalNs="
                        + heartbeatIntervalNs + ": a single late heartbeat would end the job");
        check(
                Control.fits(settings, MAX_SETTINGS_LENGTH),
                "settings of " + settings.length() + " characters have more than " + MAX_SETTINGS_LENGTH + " bytes");
        check(
                fitsJob(job),
                "job of " + job.length() + " characters has more than " + MAX_JOB_LENGTH
                        + " bytes: set a shorter signvote.job");
        check(
                Control.fits(build, MAX_BUILD_LENGTH),
                "build of " + build.length() + " characters has more than " + MAX_BUILD_LENGTH + " bytes");
        job = Control.clip(job, MAX_JOB_LENGTH); // as the coordinator reads them
        build = Control.clip(build, MAX_BUILD_LENGTH);
        secret = secret == null ? null : secret.clone();
    }

    /**
     * A copy of the secret.
     *
     * @return bytes, or null if there is none.
     */
    @Override
    public byte[] secret() {
        return secret == null ? null : secret.clone();
    }

    /** Leaves the secret out. */
    @Override
    public String toString() {
        return "RendezvousConfig[" + host + ":" + port + " rank=" + rank + " worldSize=" + worldSize + " hasServer="
                + hasServer + " role=" + role + " secret=" + (secret == null ? "none" : "held") + " isInsecure="
                + isInsecure + " settings=" + settings + " job=" + job + " build=" + build + "]";
    }

    /** A copy with the port on which the coordinator actually listens. */
    RendezvousConfig at(final int actualPort) {
        return new RendezvousConfig(
                host,
                actualPort,
                rank,
                worldSize,
                hasServer,
                role,
                secret,
                isInsecure,
                joinTimeoutNs,
                heartbeatIntervalNs,
                suspicionTimeoutNs,
                settings,
                job,
                build);
    }

    /** Ranks and the server, if there is one. */
    int memberCount() {
        return worldSize + (hasServer ? 1 : 0);
    }

    private static void check(final boolean isFine, final String message) {
        if (!isFine) {
            throw new ConfigurationException(message);
        }
    }

    /**
     * Whether a job may have this name.
     *
     * @param job name.
     * @return true for at most {@link #MAX_JOB_LENGTH} bytes of UTF-8.
     */
    public static boolean fitsJob(final String job) {
        return Control.fits(job, MAX_JOB_LENGTH);
    }
}
