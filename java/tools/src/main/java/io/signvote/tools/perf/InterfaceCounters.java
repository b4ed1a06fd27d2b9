package io.signvote.tools.perf;

import io.signvote.error.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The bytes that an interface has sent, counted by the kernel, including Ethernet headers. */
final class InterfaceCounters {
    private static final Path DEV = Path.of("/proc/self/net/dev");
    private static final int SENT_BYTES = 8;

    private final Path dev;
    private final String name;

    /**
     * Makes counters of an interface of this network namespace.
     *
     * @param name of the interface.
     */
    InterfaceCounters(final String name) {
        this(DEV, name);
    }

    InterfaceCounters(final Path dev, final String name) {
        this.dev = dev;
        this.name = name;
    }

    /**
     * Reads the counter.
     *
     * @return bytes sent since the interface came up.
     * @throws ConfigurationException if the counter cannot be read, or if there is no such interface.
     */
    long sentBytes() {
        final List<String> names = new ArrayList<>();
        try {
            for (final String line : Files.readAllLines(dev)) {
                final int colon = line.indexOf(':');
                if (colon < 0) {
                    continue;
                }
                final String candidate = line.substring(0, colon).strip();
                if (candidate.equals(name)) {
                    return Long.parseLong(line.substring(colon + 1).strip().split("\\s+")[SENT_BYTES]);
                }
                names.add(candidate);
            }
        } catch (final IOException e) {
            throw new ConfigurationException(dev + " cannot be read: " + e.getMessage() + ", leave out --wire", e);
        }
        throw new ConfigurationException("interface " + name + " is not here, --wire takes one of " + names);
    }
}
