package io.signvote.tools.run;

import io.signvote.Configuration;
import io.signvote.rendezvous.Coordinator;
import io.signvote.rendezvous.RendezvousConfig;
import io.signvote.transport.aeron.AeronSettings;
import io.signvote.transport.aeron.SharedDriver;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.CloseHelper;

/**
 * What the launcher holds for its ranks while they run, and the variables by which they find it.
 *
 * <pre>
 * MASTER_ADDR, MASTER_PORT          the coordinator
 * SIGNVOTE_COORDINATOR=external     it is not for rank 0 to host
 * SIGNVOTE_AERON_DIR                the media driver of this host
 * SIGNVOTE_SECRET_FILE              what proves a process to belong to the job
 * SIGNVOTE_PLAN=server              a pure server tallies; only set where the job has one
 * </pre>
 */
final class Services implements AutoCloseable {
    private static final String HOST = "127.0.0.1";

    /** Signs of life in the time of silence that counts as a loss. */
    private static final int HEARTBEATS = 5;

    private final SecretFile secret;
    private final Coordinator coordinator;
    private final SharedDriver driver;
    private final Map<String, String> environment = new TreeMap<>();

    private Services(
            final SecretFile secret,
            final Coordinator coordinator,
            final SharedDriver driver,
            final boolean hasServer) {
        this.secret = secret;
        this.coordinator = coordinator;
        this.driver = driver;
        environment.put("SIGNVOTE_AERON_DIR", driver.directory().toString());
        environment.put("MASTER_ADDR", HOST);
        environment.put("MASTER_PORT", Integer.toString(coordinator.port()));
        environment.put("SIGNVOTE_COORDINATOR", "external");
        environment.put("SIGNVOTE_SECRET_FILE", secret.path().toString());
        if (hasServer) {
            environment.put("SIGNVOTE_PLAN", "server");
        }
    }

    /**
     * Starts them.
     *
     * @param ranks of the job.
     * @param hasServer whether a pure server joins as well.
     * @param port of the coordinator, 0 for a free one.
     * @param joinTimeoutNs how long the coordinator waits for the last one to come.
     * @param console is told what the coordinator has to say.
     * @return running services; close them after the last process has ended.
     */
    static Services start(
            final int ranks, final boolean hasServer, final int port, final long joinTimeoutNs, final Console console) {
        final SecretFile secret = SecretFile.create();
        Coordinator coordinator = null;
        try {
            final RendezvousConfig config = new RendezvousConfig(
                    HOST,
                    port,
                    0,
                    ranks,
                    hasServer,
                    RendezvousConfig.Role.VOTER,
                    secret.bytes(),
                    false,
                    joinTimeoutNs,
                    Configuration.suspicionTimeoutNs() / HEARTBEATS,
                    Configuration.suspicionTimeoutNs(),
                    "");
            coordinator = Coordinator.start(config, error -> console.say("coordinator: " + error.getMessage()));
            final int members = ranks + (hasServer ? 1 : 0);
            final SharedDriver driver = SharedDriver.launch(
                    AeronSettings.builder(HOST, members).localMembers(members).build());
            driver.notes().forEach(note -> console.say("media driver: " + note));
            return new Services(secret, coordinator, driver, hasServer);
        } catch (final RuntimeException e) {
            CloseHelper.quietCloseAll(coordinator, secret);
            throw e;
        }
    }

    /**
     * What every process of the job is told.
     *
     * @return variables and values.
     */
    Map<String, String> environment() {
        return Map.copyOf(environment);
    }

    @Override
    public void close() {
        CloseHelper.closeAll(driver, coordinator, secret);
    }
}
