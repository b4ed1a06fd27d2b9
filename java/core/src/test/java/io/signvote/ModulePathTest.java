package io.signvote;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.kernel.cuda.TestDevice;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A program that is a named module of its own, and one whose classes a loader of its own brings. Processes of this JVM. */
@Timeout(180)
class ModulePathTest {
    private static final Pattern MODULE_NAME =
            Pattern.compile("<Automatic-Module-Name>([^<]+)</Automatic-Module-Name>");
    private static final String OPENS = "java.base/jdk.internal.misc=";
    private static final String MODULE = "module votes { requires io.signvote; }";
    private static final String PROGRAM = """
            package votes;

            import io.signvote.Communicator;
            import io.signvote.Context;
            import io.signvote.op.ReduceOp;
            import java.net.ServerSocket;
            import java.util.concurrent.CompletableFuture;

            public class Main {
                public static void main(String[] kernel) throws Exception {
                    int port;
                    try (ServerSocket free = new ServerSocket(0)) {
                        port = free.getLocalPort();
                    }
                    CompletableFuture<Float> other = CompletableFuture.supplyAsync(() -> vote(1, port, kernel[0]));
                    System.out.println("voted " + vote(0, port, kernel[0]) + " and " + other.get());
                }

                static float vote(int rank, int port, String kernel) {
                    Context context = new Context().rank(rank).worldSize(2).masterPort(port).kernel(kernel);
                    try (Communicator communicator = Communicator.connect(context)) {
                        float[] verdict = new float[1];
                        communicator.allReduce(new float[] {-2}, verdict, ReduceOp.MAJORITY);
                        return verdict[0];
                    }
                }
            }
            """;
    private static final String DEVICE_PROGRAM = """
            package votes;

            import io.signvote.Communicator;
            import io.signvote.bits.HeapArrays;
            import io.signvote.device.DeviceCollectives;
            import io.signvote.kernel.DeviceKernels;
            import io.signvote.op.DataType;
            import io.signvote.op.ReduceOp;

            public class Main {
                public static void main(String[] arguments) {
                    try (Communicator communicator = Communicator.createLocal(1)[0];
                            DeviceCollectives device = DeviceCollectives.open(communicator)) {
                        DeviceKernels kernels = device.kernels();
                        float[] verdict = {-2};
                        long pinned = kernels.allocatePinned(4);
                        long memory = kernels.allocate(4);
                        HeapArrays.copy(verdict, pinned, 1);
                        kernels.upload(pinned, memory, 4, 0);
                        device.allReduce(memory, memory, 1, DataType.FLOAT32, ReduceOp.MAJORITY, 0);
                        kernels.download(memory, pinned, 4, 0);
                        kernels.await(0);
                        HeapArrays.copy(pinned, verdict, 1);
                        kernels.free(memory);
                        kernels.freePinned(pinned);
                        System.out.println("voted " + verdict[0]);
                    }
                }
            }
            """;
    private static final String LOADER = """
            import java.net.URL;
            import java.net.URLClassLoader;
            import java.nio.file.Path;

            public class Loader {
                public static void main(String[] jars) throws Exception {
                    URL[] urls = new URL[jars.length];
                    for (int i = 0; i < jars.length; i++) {
                        urls[i] = Path.of(jars[i]).toUri().toURL();
                    }
                    try (URLClassLoader loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader())) {
                        Class<?> main = loader.loadClass("votes.Main");
                        main.getMethod("main", String[].class).invoke(null, (Object) new String[] {"native"});
                    }
                }
            }
            """;

    @TempDir
    private Path directory;

    @Test
    void shouldVoteWithNativeKernelsOnTheModulePath() throws Exception {
        final String output = runModule(PROGRAM, "native", "--add-opens", OPENS + "io.aeron.all");

        assertMessage(output, "voted -1.0 and -1.0");
    }

    /** Not of the bundle for GPUs, which has no Java compiler: it runs wherever Maven runs tests with a device. */
    @Test
    void shouldFindDriverAndKernelsOfTheDeviceOnTheModulePath() throws Exception {
        TestDevice.require();
        final String output = runModule(
                DEVICE_PROGRAM,
                "",
                "--add-opens",
                OPENS + "io.aeron.all",
                "-Dsignvote.cuda.module=" + System.getProperty("signvote.cuda.module", ""));

        assertMessage(output, "voted -1.0");
    }

    /** We compile and test with agrona.jar, and users run the classes that aeron-all.jar holds: they must be the same. */
    @Test
    void shouldCompileWithTheAgronaThatAeronHolds() throws IOException {
        try (JarFile agrona = new JarFile(jar("agrona").toFile());
                JarFile aeron = new JarFile(jar("aeron-all").toFile())) {
            final List<JarEntry> classes = agrona.stream()
                    .filter(entry -> entry.getName().matches("org/agrona/.*\\.class"))
                    .toList();
            assertFalse(classes.isEmpty());
            for (final JarEntry entry : classes) {
                final JarEntry held = aeron.getJarEntry(entry.getName());
                assertNotNull(held, entry.getName());
                assertEquals(entry.getCrc(), held.getCrc(), entry.getName());
            }
        }
    }

    private static Path jar(final String name) {
        return Stream.of(System.getProperty("java.class.path").split(":"))
                .map(Path::of)
                .filter(path -> path.getFileName().toString().matches(name + "-\\d.*\\.jar"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not on the class path"));
    }

    @Test
    void shouldNameTheModuleThatMustBeLetIn() throws Exception {
        final String output = runModule(PROGRAM, "native");

        assertMessage(output, "start it with --add-opens " + OPENS + "io.aeron.all");
        assertEquals(-1, output.indexOf("ALL-UNNAMED"), output);
    }

    @Test
    void shouldNameAllUnnamedModulesOnTheClassPath() throws Exception {
        compile("votes", PROGRAM);
        final String output =
                run("-cp", directory.resolve("votes") + ":" + String.join(":", jars()), "votes.Main", "native");

        assertMessage(output, "start it with --add-opens " + OPENS + "ALL-UNNAMED");
    }

    @Test
    void shouldVoteWithNativeKernelsBehindALoaderOfItsOwn() throws Exception {
        compile("votes", PROGRAM);
        compile("loader", LOADER);
        final List<String> command = new ArrayList<>(List.of("--add-opens", OPENS + "ALL-UNNAMED"));
        command.addAll(List.of("-cp", directory.resolve("loader").toString(), "Loader"));
        command.add(directory.resolve("votes") + "/");
        command.addAll(jars());

        final String output = run(command.toArray(String[]::new));

        assertMessage(output, "voted -1.0 and -1.0");
    }

    private String runModule(final String program, final String argument, final String... options) throws Exception {
        compile("votes", MODULE, program);
        final List<String> command = new ArrayList<>(List.of(options));
        command.addAll(List.of("-p", directory.resolve("votes") + ":" + String.join(":", jars())));
        command.addAll(List.of("-m", "votes/votes.Main", argument));
        return run(command.toArray(String[]::new));
    }

    private void compile(final String name, final String... sources) throws Exception {
        final List<String> arguments =
                new ArrayList<>(List.of("-d", directory.resolve(name).toString()));
        final String jars = String.join(":", jars());
        arguments.addAll(List.of(sources[0].equals(MODULE) ? "-p" : "-cp", jars));
        final Path room = Files.createDirectories(directory.resolve(name + "-source"));
        for (final String source : sources) {
            final String type = source.equals(MODULE) ? "module-info" : source.equals(LOADER) ? "Loader" : "Main";
            arguments.add(
                    Files.writeString(room.resolve(type + ".java"), source).toString());
        }
        final StringWriter output = new StringWriter();
        final PrintWriter writer = new PrintWriter(output);
        final int status =
                ToolProvider.findFirst("javac").orElseThrow().run(writer, writer, arguments.toArray(String[]::new));
        assertEquals(0, status, output::toString);
    }

    private String run(final String... arguments) throws Exception {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:-UsePerfData", "-Xmx128m", "-XX:+UseSerialGC"));
        command.add("-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"));
        command.addAll(List.of(arguments));
        final Path output = directory.resolve("output");
        final ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("SIGNVOTE_SUSPICION_TIMEOUT", "40s");
        final Process process = builder.start();
        try {
            assertTrue(process.waitFor(120, TimeUnit.SECONDS), () -> "no end of " + command);
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(output, StandardCharsets.UTF_8);
    }

    /**
     * The library, its natives and what programs get with it, as jars: of a folder of classes one is made as the build would.
     * agrona.jar is optional, so they do not get it.
     */
    private List<String> jars() throws IOException {
        final List<String> jars = new ArrayList<>();
        for (final String entry : System.getProperty("java.class.path").split(":")) {
            final Path path = Path.of(entry);
            if (Files.isDirectory(path)) {
                final Path module = path.getParent().getParent();
                if (path.endsWith("target/classes")) {
                    jars.add(pack(path, Files.readString(module.resolve("pom.xml")))
                            .toString());
                }
            } else if (path.getFileName().toString().matches("(signvote|aeron|jcuda|jcublas).*\\.jar")) {
                jars.add(entry);
            }
        }
        return jars;
    }

    private Path pack(final Path classes, final String pom) throws IOException {
        final Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        final Matcher name = MODULE_NAME.matcher(pom);
        if (name.find()) {
            manifest.getMainAttributes().putValue("Automatic-Module-Name", name.group(1));
        }
        final Matcher artifact =
                Pattern.compile("</parent>\\s*<artifactId>([^<]+)<").matcher(pom);
        assertTrue(artifact.find(), "no artifactId");
        final Path jar = directory.resolve(artifact.group(1) + "-0.1.0-SNAPSHOT.jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream target = new JarOutputStream(file, manifest);
                Stream<Path> all = Files.walk(classes)) {
            for (final Path path : all.filter(Files::isRegularFile).toList()) {
                target.putNextEntry(new JarEntry(classes.relativize(path).toString()));
                Files.copy(path, target);
            }
        }
        return jar;
    }
}
