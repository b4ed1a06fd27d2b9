package io.signvote.examples.paper.run;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What times were measured on.
 *
 * @param processors that this Java may use.
 * @param model      of processor.
 * @param memoryGib  of the machine.
 * @param system     and its version.
 * @param java       and its version.
 */
public record Machine(int processors, String model, double memoryGib, String system, String java) {
    private static final double KIB_PER_GIB = 1 << 20;

    /** {@return this one} */
    public static Machine here() {
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                value("/proc/cpuinfo", "model name", System.getProperty("os.arch")),
                Double.parseDouble(value("/proc/meminfo", "MemTotal", "0 kB").split(" ")[0]) / KIB_PER_GIB,
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
    }

    /** {@return how many threads ran or waited to run, the mean of the last minute; negative where the system does not tell} */
    public static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    /** {@return what decides times, in one line} */
    public String settings() {
        return "processors=" + processors + " model=" + model + " java=" + java;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "%d x %s, %.0f GiB, %s, %s", processors, model.strip(), memoryGib, system, java);
    }

    private static String value(final String file, final String name, final String byDefault) {
        try {
            return Files.readAllLines(Path.of(file)).stream()
                    .filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(byDefault);
        } catch (final IOException e) {
            return byDefault;
        }
    }
}
