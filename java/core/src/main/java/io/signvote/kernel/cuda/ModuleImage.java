package io.signvote.kernel.cuda;

import io.signvote.build.Build;
import io.signvote.build.NativeResources;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * The compiled kernels: a fatbin that the build packed where it had nvcc, or the file that a property names.
 *
 * @param name for people.
 * @param bytes what the driver loads.
 */
record ModuleImage(String name, byte[] bytes) {
    /** Names another file to load, as tests do for the emulated device. */
    static final String PROPERTY = "signvote.cuda.module";

    private static final String RESOURCE = "kernels.fatbin";
    private static final String PLATFORM = "linux-x86_64";
    private static final int CUDA_MAJOR_DEFAULT = 13;
    private static final int TURING = 75;

    /** Finds the image to load. If there is none, the exception says why. */
    static ModuleImage find() throws IOException {
        final String named = System.getProperty(PROPERTY, "");
        if (!named.isEmpty()) {
            return new ModuleImage(named, Files.readAllBytes(Path.of(named)));
        }
        try (InputStream packed = NativeResources.open(RESOURCE)) {
            if (packed == null) {
                final Properties build = build();
                throw new IOException("this build has no CUDA kernels (cuda: " + build.getProperty("cuda", "unknown")
                        + ", nvcc: " + build.getProperty("nvcc", "unknown") + "), build it with nvcc 13 on the PATH");
            }
            final String refusal = Build.current().refusalOf(Build.of(build()), NativeResources.origin(RESOURCE));
            if (refusal != null) {
                throw new IOException(refusal);
            }
            return new ModuleImage(RESOURCE, packed.readAllBytes());
        }
    }

    /** Whether a property names the image. Then the requirements of the build do not count. */
    static boolean isNamed() {
        return !System.getProperty(PROPERTY, "").isEmpty();
    }

    /** The CUDA version whose driver the packed kernels need at least: that of nvcc. */
    static int cudaMajor() {
        try {
            final String nvcc = build().getProperty("nvcc", "");
            return nvcc.matches("\\d+\\..*") ? Integer.parseInt(nvcc.split("\\.")[0]) : CUDA_MAJOR_DEFAULT;
        } catch (final IOException e) {
            return CUDA_MAJOR_DEFAULT;
        }
    }

    /**
     * Least compute capability of the packed kernels, 75 for 7.5; 0 if the build does not say it.
     */
    static int capabilityLeast() {
        try {
            return Stream.of(build().getProperty("cuda", "").split(" "))
                    .filter(word -> word.matches("sm_\\d+"))
                    .mapToInt(word -> Integer.parseInt(word.substring("sm_".length())))
                    .min()
                    .orElse(0);
        } catch (final IOException e) {
            return 0;
        }
    }

    /** Requirements of the packed kernels, for people. A build without kernels gives those of nvcc 13. */
    static String needs() {
        final int major = cudaMajor();
        final int least = capabilityLeast() == 0 ? TURING : capabilityLeast();
        return "kernels of nvcc " + major + " need "
                + (major == CUDA_MAJOR_DEFAULT
                        ? "driver 580 or later (CUDA 13.0)"
                        : "a driver of CUDA " + major + ".0 or later")
                + " and compute capability " + least / 10 + "." + least % 10 + " or later"
                + (least == TURING ? " (Turing; no Volta)" : "");
    }

    private static Properties build() throws IOException {
        return NativeResources.build(PLATFORM);
    }
}
