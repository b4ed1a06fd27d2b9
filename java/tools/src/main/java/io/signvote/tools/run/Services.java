package io.signvote.tools.run;

import io.signvote.error.ConfigurationException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.TreeMap;

/** What the launcher holds for its ranks while they run, and the variables by which they find it. */
final class Services implements AutoCloseable {
    /** File with the job's secret. */
    static final String SECRET_FILE = "SIGNVOTE_SECRET_FILE";

    private final SecretFile secret;
    private final Map<String, String> environment = new TreeMap<>();

    private Services(final SecretFile secret, final int port) {
        this.secret = secret;
        environment.put("MASTER_ADDR", "127.0.0.1");
        environment.put("MASTER_PORT", Integer.toString(port));
        environment.put(SECRET_FILE, secret.path().toString());
    }

    /**
     * Starts them.
     *
     * @param ranks of the job.
     * @param hasServer whether a pure server joins as well.
     * @param port of the coordinator, 0 for a free one.
     * @return running services; close them after the last process has ended.
     */
    static Services start(final int ranks, final boolean hasServer, final int port) {
        return new Services(SecretFile.create(), port == 0 ? freePort() : port);
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
        secret.close();
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (final IOException e) {
            throw new ConfigurationException("no free port on 127.0.0.1: " + e.getMessage() + ", name one by --port", e);
        }
    }
}
