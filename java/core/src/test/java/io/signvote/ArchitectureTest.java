package io.signvote;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaModifier.NATIVE;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.signvote.bits.Copies;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The rooms of the library and the doors between them. When this fails, change the code, or the table in the same commit.
 */
class ArchitectureTest {
    private static final String BASE = "io.signvote";

    /** What every room may import from outside. */
    private static final List<String> EVERYWHERE = List.of("java", "javax", "org.agrona");

    /** Rooms that every room above them may import. */
    private static final List<String> FLOOR = List.of("op", "bits", "status", "error", "build");

    /**
     * Each room with all that it may import beyond itself, {@link #EVERYWHERE} and, above the floor, the floor. A package
     * belongs to the room with the longest name that it begins with, so generated codecs stand in the room of their schema.
     * A leaf is on the line of each room that builds it: the hall, or the room of devices. No other room knows it.
     */
    private static final Map<String, List<String>> ROOMS = new TreeMap<>(Map.ofEntries(
            room("optim", "device", BASE, "collective", "kernel"),
            room("device", BASE, "collective", "kernel", "kernel.cuda", "kernel.cublas"),
            room(
                    BASE,
                    "collective",
                    "rendezvous",
                    "wire",
                    "transport",
                    "transport.aeron",
                    "transport.local",
                    "kernel",
                    "kernel.jni",
                    "kernel.cuda"),
            room("collective", "rendezvous", "wire", "transport", "kernel"),
            room("rendezvous", "transport"),
            room("wire"),
            room("transport"),
            room("transport.aeron", "transport", "io.aeron"),
            room("transport.local", "transport"),
            room("kernel"),
            room("kernel.jni", "kernel"),
            room("kernel.cuda", "kernel", "jcuda"),
            // the one leaf that stands on another: context and streams are the same
            room("kernel.cublas", "kernel", "kernel.cuda", "jcuda"),
            room("op"),
            room("bits"),
            room("status"),
            room("error"),
            room("build")));

    private static JavaClasses library;

    @BeforeAll
    static void importLibrary() throws URISyntaxException {
        final URI classes = Communicator.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI();
        library = new ClassFileImporter().importPath(Path.of(classes));
    }

    @Test
    void shouldImportOnlyWhatTheTableAllows() {
        classes().should(keepToTheTable()).check(library);
    }

    @Test
    void shouldHaveNoCyclesBetweenPackages() {
        slices().matching(BASE + ".(**)").should().beFreeOfCycles().check(library);
    }

    @Test
    void shouldDeclareNativeMethodsOnlyInJniRoom() {
        methods()
                .that()
                .haveModifier(NATIVE)
                .should()
                .beDeclaredInClassesThat()
                .resideInAPackage(BASE + ".kernel.jni")
                .allowEmptyShould(true)
                .check(library);
    }

    /** In one go they would keep all threads from a safepoint: see {@link Copies}. */
    @Test
    void shouldCopyAndFillMemoryInPieces() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(Copies.class.getName())
                .should()
                .callMethodWhere(target(nameMatching("copyMemory|setMemory")))
                .check(library);
    }

    @Test
    void shouldRunCollectivesOnAnInjectedClock() {
        noClasses()
                .that()
                .resideInAPackage(BASE + ".collective..")
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.time\\.(Clock|Instant|LocalDateTime)|org\\.agrona.*\\.System\\w*Clock")
                .check(library);
    }

    @ParameterizedTest
    @CsvSource({
        "collective,      io.signvote.transport,        true",
        "collective,      io.signvote.bits,             true",
        "collective,      io.signvote.collective,       true",
        "collective,      io.signvote.transport.aeron,  false",
        "collective,      io.signvote.transport.local,  false",
        "collective,      io.signvote.kernel.jni,       false",
        "collective,      io.signvote,                  false",
        "collective,      io.aeron,                     false",
        "collective,      jcuda.driver,                 false",
        "transport.aeron, io.aeron.driver,              true",
        "transport.aeron, io.aeronautics,               false",
        "transport.aeron, io.signvote.kernel,           false",
        "transport.aeron, io.signvote.transport.local,  false",
        "kernel.jni,      io.signvote.kernel.cuda,      false",
        "kernel.jni,      jcuda.driver,                 false",
        "kernel.cuda,     jcuda.driver,                 true",
        "kernel.cuda,     io.signvote.kernel.cublas,    false",
        "kernel.cublas,   io.signvote.kernel.cuda,      true",
        "optim,           io.signvote.kernel.cuda,      false",
        "optim,           jcuda.driver,                 false",
        "optim,           io.signvote.device,           true",
        "device,          io.signvote,                  true",
        "device,          io.signvote.kernel.cublas,    true",
        "device,          io.signvote.optim,            false",
        "device,          jcuda.driver,                 false",
        "bits,            io.signvote.wire,             false",
        "op,              io.signvote.bits,             false",
        "wire,            io.signvote.wire.sbe,         true",
        "wire,            org.agrona.concurrent,        true",
        "wire,            org.slf4j,                    false",
        "optim,           io.signvote,                  true",
        "io.signvote,     io.signvote.optim,            false",
        "io.signvote,     io.signvote.device,           false",
        "io.signvote,     io.signvote.kernel.cuda,      true",
        "io.signvote,     io.signvote.kernel.cublas,    false",
        "io.signvote,     io.signvote.shed,             false",
    })
    void shouldReadTheTableAsWritten(final String room, final String target, final boolean allowed) {
        assertEquals(allowed, isAllowed(room, target));
    }

    private static ArchCondition<JavaClass> keepToTheTable() {
        return new ArchCondition<>("import only what the room table allows") {
            @Override
            public void check(final JavaClass origin, final ConditionEvents events) {
                final String room = roomOf(origin.getPackageName());
                if (room == null) {
                    events.add(SimpleConditionEvent.violated(origin, "no room in the table for " + origin.getName()));
                    return;
                }
                for (final Dependency dependency : origin.getDirectDependenciesFromSelf()) {
                    final JavaClass target = dependency.getTargetClass().getBaseComponentType();
                    if (!target.isPrimitive() && !isAllowed(room, target.getPackageName())) {
                        events.add(SimpleConditionEvent.violated(origin, dependency.getDescription()));
                    }
                }
            }
        };
    }

    private static boolean isAllowed(final String room, final String targetPackage) {
        final String targetRoom = roomOf(targetPackage);
        if (targetRoom != null) {
            return targetRoom.equals(room) || ROOMS.get(room).contains(targetRoom);
        }
        return !isWithin(targetPackage, BASE)
                && Stream.concat(EVERYWHERE.stream(), ROOMS.get(room).stream())
                        .anyMatch(prefix -> isWithin(targetPackage, prefix));
    }

    private static String roomOf(final String packageName) {
        String best = packageName.equals(BASE) ? BASE : null;
        for (final String room : ROOMS.keySet()) {
            if (isWithin(packageName, BASE + "." + room) && (best == null || room.length() > best.length())) {
                best = room;
            }
        }
        return best;
    }

    private static boolean isWithin(final String packageName, final String prefix) {
        return packageName.equals(prefix) || packageName.startsWith(prefix + ".");
    }

    private static Map.Entry<String, List<String>> room(final String name, final String... imports) {
        final List<String> allowed = new ArrayList<>(List.of(imports));
        if (!FLOOR.contains(name)) {
            allowed.addAll(FLOOR);
        }
        return Map.entry(name, allowed);
    }
}
