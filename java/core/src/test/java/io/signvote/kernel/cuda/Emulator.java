package io.signvote.kernel.cuda;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The emulated driver as a test commands it: the {@code libcuda.so.1} that the loader finds for JCuda, loaded here once more,
 * by its path, so that these methods are found in it.
 *
 * <p>Any thread may call. What {@link #configure} reads is described in {@code native/emulator/driver/settings.h}.
 */
public final class Emulator {
    private static final String DRIVER = "libcuda.so.1";

    static {
        System.load(folder().resolve(DRIVER).toString());
    }

    private Emulator() {}

    /** The folder with the emulated libraries and {@code kernels.emulated}: where the loader finds libcuda. */
    static Path folder() {
        final String searched = System.getenv("LD_LIBRARY_PATH");
        return Arrays.stream(searched == null ? new String[0] : searched.split(File.pathSeparator))
                .filter(place -> !place.isEmpty())
                .map(Path::of)
                .filter(place -> Files.exists(place.resolve(DRIVER)))
                .findFirst()
                .orElse(Path.of(System.getProperty("signvote.root", ".")).resolve("native/target/emulator"))
                .toAbsolutePath()
                .normalize();
    }

    /**
     * Makes the machine behave as a line says from now on, from the defaults: {@code lanes=random,seed=7,delay=200}.
     *
     * @throws IllegalArgumentException if a part of the line is no setting.
     */
    static native void configure(String line);

    /** What programs did since the last call that no program may do, one a line; empty if nothing. */
    static native String violations();

    /** {@code contexts=1 streams=2 events=0 modules=1 allocations=3 bytes=4096 pinned=0 registered=0 cublas=0 queued=0}. */
    static native String live();

    /** Makes a fresh machine: contexts, memory, violations are gone, settings are those of the start. */
    static native void reset();
}
