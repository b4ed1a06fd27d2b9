package io.signvote.tools.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Says why the {@code cuda} backend is not there, and whether this machine has a driver for it. */
final class CudaProbe implements Probe {
    private static final String DRIVER = "libcuda.so.1";
    private static final List<Path> USUAL_PLACES = List.of(
            Path.of("/usr/lib/x86_64-linux-gnu"),
            Path.of("/usr/lib/aarch64-linux-gnu"),
            Path.of("/usr/lib64"),
            Path.of("/usr/lib"),
            Path.of("/usr/lib/wsl/lib"),
            Path.of("/usr/local/cuda/compat"));

    private final List<Path> places;

    CudaProbe() {
        this(places(System.getenv("LD_LIBRARY_PATH")));
    }

    CudaProbe(final List<Path> places) {
        this.places = List.copyOf(places);
    }

    @Override
    public List<Finding> look() {
        final String driver = places.stream()
                .map(place -> place.resolve(DRIVER))
                .filter(Files::exists)
                .findFirst()
                .map(path -> "the driver is there, " + path)
                .orElse("no " + DRIVER + " here either");
        return List.of(
                Finding.warn("cuda", "no cuda backend in this version, " + driver, "votes use native or scalar"));
    }

    private static List<Path> places(final String libraryPath) {
        final List<Path> places = new ArrayList<>();
        if (libraryPath != null) {
            Arrays.stream(libraryPath.split(":"))
                    .filter(place -> !place.isEmpty())
                    .map(Path::of)
                    .forEach(places::add);
        }
        places.addAll(USUAL_PLACES);
        return places;
    }
}
