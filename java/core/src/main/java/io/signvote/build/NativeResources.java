package io.signvote.build;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Properties;

/**
 * What the jar of natives holds. On the module path that jar is another module, and a class finds resources of its own module
 * alone: so its loader is asked, which knows all. No room of the natives is a legal name of a package, so nothing hides them.
 */
public final class NativeResources {
    private static final String ROOM = "io/signvote/native/";
    private static final String MODULE = "io.signvote.natives";

    private NativeResources() {}

    /**
     * Opens a resource.
     *
     * @param name below the room of the natives, for example {@code kernels.fatbin}.
     * @return its bytes, for the caller to close, or null where it is not there.
     * @throws IOException where it cannot be opened.
     */
    public static InputStream open(final String name) throws IOException {
        final ClassLoader loader = NativeResources.class.getClassLoader();
        final InputStream found = loader == null
                ? ClassLoader.getSystemResourceAsStream(ROOM + name)
                : loader.getResourceAsStream(ROOM + name);
        return found == null ? openInLayer(ROOM + name) : found;
    }

    /**
     * Where a resource is looked for, for messages.
     *
     * @param name as {@link #open} takes it.
     * @return its path.
     */
    public static String path(final String name) {
        return ROOM + name;
    }

    /**
     * A file and where it was found, for messages: on a class path there may be several.
     *
     * @param name as {@link #open} takes it.
     * @return the file's name, and behind it the address of the jar or folder, or the path alone where the loader knows none.
     */
    public static String origin(final String name) {
        final ClassLoader loader = NativeResources.class.getClassLoader();
        final URL found = loader == null ? ClassLoader.getSystemResource(ROOM + name) : loader.getResource(ROOM + name);
        return name.substring(name.lastIndexOf('/') + 1) + " (" + (found == null ? ROOM + name : found) + ")";
    }

    /**
     * What the build of the natives says of itself.
     *
     * @param platform whose natives.
     * @return its properties; empty where there are none.
     * @throws IOException where they cannot be read.
     */
    public static Properties build(final String platform) throws IOException {
        final Properties build = new Properties();
        try (InputStream packed = open(platform + "/build.properties")) {
            if (packed != null) {
                build.load(packed);
            }
        }
        return build;
    }

    /** In a layer that gives each module a loader, ours knows our module alone. */
    private static InputStream openInLayer(final String path) throws IOException {
        final ModuleLayer layer = NativeResources.class.getModule().getLayer();
        final Module natives = layer == null ? null : layer.findModule(MODULE).orElse(null);
        return natives == null ? null : natives.getResourceAsStream(path);
    }
}
