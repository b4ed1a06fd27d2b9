package io.signvote.kernel.cuda;

import java.nio.file.Path;

/**
 * The emulated driver as a test commands it. It must be the {@code libcuda.so.1} that this process uses: it is loaded
 * here, before JCuda asks for that name, from {@code native/target/emulator} or the folder that {@code signvote.emulator}
 * names.
 *
 * <p>Any thread may call. What {@link #configure} reads is described in {@code native/emulator/driver/settings.h}.
 */
public final class Emulator {
    static {
        System.load(folder().resolve("libcuda.so.1").toString());
    }

    private Emulator() {}

    /** The folder with the emulated libraries and {@code kernels.emulated}. */
    static Path folder() {
        final String named = System.getProperty("signvote.emulator");
        final Path folder = named != null
                ? Path.of(named)
                : Path.of(System.getProperty("signvote.root", ".")).resolve("native/target/emulator");
        return folder.toAbsolutePath().normalize();
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
