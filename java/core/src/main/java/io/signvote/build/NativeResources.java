package io.signvote.build;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Properties;

/**
 * The resources of the jar of natives. On the module path that jar is another module, and a class finds only the
 * resources of its own module. So this class uses the class loader, which finds all. Folders of the natives are not
 * legal package names, so no module encapsulates them.
 */
public final class NativeResources {
    private static final String ROOM = "io/signvote/native/";
    private static final String MODULE = "io.signvote.natives";

    private NativeResources() {}

    /**
     * Opens a resource.
     *
     * @param name of a resource of the natives, for example {@code kernels.fatbin}.
     * @return its bytes, which the caller closes, or null if there is no such resource.
     * @throws IOException if it cannot be opened.
     */
    public static InputStream open(final String name) throws IOException {
        final ClassLoader loader = NativeResources.class.getClassLoader();
        final InputStream found = loader == null
                ? ClassLoader.getSystemResourceAsStream(ROOM + name)
                : loader.getResourceAsStream(ROOM + name);
        return found == null ? openInLayer(ROOM + name) : found;
    }

    /**
     * The path of a resource, for messages.
     *
     * @param name as for {@link #open}.
     * @return its path.
     */
    public static String path(final String name) {
        return ROOM + name;
    }

    /**
     * The name of a resource and its origin, for messages. A class path may contain several files of one name.
     *
     * @param name as for {@link #open}.
     * @return the file name, and in brackets its URL, or its path if the class loader does not find it.
     */
    public static String origin(final String name) {
        final ClassLoader loader = NativeResources.class.getClassLoader();
        final URL found = loader == null ? ClassLoader.getSystemResource(ROOM + name) : loader.getResource(ROOM + name);
        return name.substring(name.lastIndexOf('/') + 1) + " (" + (found == null ? ROOM + name : found) + ")";
    }

    /**
     * The properties that the build of the natives has written.
     *
     * @param platform of the natives, for example {@code linux-x86_64}.
     * @return the properties; empty if there are none.
     * @throws IOException if they cannot be read.
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

    /**
     * Opens a resource in the module of the natives. In a layer with a class loader for each module, our loader finds
     * only our module.
     */
    private static InputStream openInLayer(final String path) throws IOException {
        final ModuleLayer layer = NativeResources.class.getModule().getLayer();
        final Module natives = layer == null ? null : layer.findModule(MODULE).orElse(null);
        return natives == null ? null : natives.getResourceAsStream(path);
    }
}
