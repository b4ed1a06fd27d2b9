package io.signvote.tools.doctor;

import java.util.ArrayList;
import java.util.List;

/** Checks the Java version and the flags that Agrona and JNI need. */
final class JavaProbe implements Probe {
    /** Flag that opens the package by which Agrona accesses memory. */
    static final String OPENS_FLAG = "--add-opens java.base/jdk.internal.misc=ALL-UNNAMED";

    private static final String NATIVE_FLAG = "--enable-native-access=ALL-UNNAMED";
    private static final int LEAST_VERSION = 17;

    /** Since this version a JVM prints a warning about native libraries unless a flag allows them. */
    private static final int NATIVE_FLAG_VERSION = 24;

    private final int version;
    private final boolean isOpen;
    private final boolean isNativeAllowed;

    JavaProbe() {
        this(
                Runtime.version().feature(),
                Object.class.getModule().isOpen("jdk.internal.misc", JavaProbe.class.getModule()),
                isNativeAllowed(JavaProbe.class.getModule()));
    }

    JavaProbe(final int version, final boolean isOpen, final boolean isNativeAllowed) {
        this.version = version;
        this.isOpen = isOpen;
        this.isNativeAllowed = isNativeAllowed;
    }

    @Override
    public List<Finding> look() {
        final List<Finding> findings = new ArrayList<>();
        final String running =
                System.getProperty("java.vm.name") + " " + Runtime.version() + " in " + System.getProperty("java.home");
        findings.add(
                version >= LEAST_VERSION
                        ? Finding.ok("java", running)
                        : Finding.fail("java", running, "needs Java " + LEAST_VERSION + " or later"));
        findings.add(
                isOpen
                        ? Finding.ok("java flags", "java.base/jdk.internal.misc is open")
                        : Finding.fail("java flags", "java.base/jdk.internal.misc is not open", "add " + OPENS_FLAG));
        if (version >= NATIVE_FLAG_VERSION) {
            findings.add(
                    isNativeAllowed
                            ? Finding.ok("java flags", "native access is allowed")
                            : Finding.warn("java flags", "native access prints a warning", "add " + NATIVE_FLAG));
        }
        return findings;
    }

    /** {@code Module.isNativeAccessEnabled()} exists since Java 22. */
    private static boolean isNativeAllowed(final Module module) {
        try {
            return (boolean) Module.class.getMethod("isNativeAccessEnabled").invoke(module);
        } catch (final ReflectiveOperationException e) {
            return true;
        }
    }
}
