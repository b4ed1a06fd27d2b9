package io.signvote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.build.Build;
import io.signvote.device.DeviceCollectives;
import io.signvote.kernel.DeviceKernels;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import io.signvote.optim.Segments;
import io.signvote.optim.Signum;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page that maps the calls of other libraries names calls that exist, and leaves out no collective. */
class ComingFromTest {
    private static final Path PAGE =
            Path.of(System.getProperty("signvote.root", "../..")).resolve("java/COMING-FROM.md");

    /** Classes of the library whose methods the page names. */
    private static final List<Class<?>> CLASSES = List.of(
            Communicator.class,
            Work.class,
            Elements.class,
            Gathered.class,
            Context.class,
            Signum.class,
            Segments.class,
            DeviceCollectives.class,
            DeviceKernels.class,
            Build.class);

    /** Words of the second column that are no calls. */
    private static final Set<String> OTHERS = Set.of("run", "tag", "root", "mpirun");

    private static final Pattern ROW = Pattern.compile("^\\| .* \\| (.*) \\| .*\\|$", Pattern.MULTILINE);
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern CALL = Pattern.compile("(?:([A-Z]\\w+)\\.)?([a-z]\\w*)(?:\\(.*)?");
    private static final Pattern CONSTANT = Pattern.compile("[A-Z][A-Z0-9]+");

    @Test
    void shouldNameOnlyCallsAndConstantsThatExist() throws IOException {
        final Set<String> constants = names(Stream.of(ReduceOp.values(), DataType.values()));
        constants.add("NO_COLOR");
        final Set<String> unknown = new TreeSet<>();
        final Set<String> codes = codes();
        for (final String code : codes) {
            final var call = CALL.matcher(code);
            if (CONSTANT.matcher(code).matches()) {
                if (!constants.contains(code)) {
                    unknown.add(code);
                }
            } else if (call.matches() && !OTHERS.contains(code)) {
                final List<Class<?>> owners = CLASSES.stream()
                        .filter(each ->
                                call.group(1) == null || each.getSimpleName().equals(call.group(1)))
                        .toList();
                final boolean isOfJava = call.group(1) != null && owners.isEmpty();
                if (!isOfJava && owners.stream().noneMatch(each -> has(each, call.group(2)))) {
                    unknown.add(code);
                }
            }
        }

        assertTrue(
                codes.containsAll(List.of("allReduce", "split(color, key)", "Work.await()", "UINT8")), codes::toString);
        assertEquals(Set.of(), unknown);
    }

    @Test
    void shouldNameEveryCollectiveReductionAndType() throws IOException {
        final String page = Files.readString(PAGE);
        final Set<String> expected = names(Stream.of(ReduceOp.values(), DataType.values()));
        for (final Method method : Communicator.class.getMethods()) {
            if (method.getReturnType() == Work.class) {
                expected.add(method.getName().replace("Async", ""));
            }
        }
        expected.remove("vote"); // a form of allReduce with MAJORITY, for optimisers

        assertTrue(expected.containsAll(List.of("allToAll", "barrier", "MAJORITY", "SIGN")), expected::toString);
        assertEquals(
                List.of(),
                expected.stream()
                        .filter(name -> !page.contains("`" + name + "`"))
                        .toList());
    }

    /** The words in code style in the second column of tables of three columns. */
    private static Set<String> codes() throws IOException {
        return ROW.matcher(Files.readString(PAGE))
                .results()
                .flatMap(row -> CODE.matcher(row.group(1)).results())
                .map(code -> code.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean has(final Class<?> owner, final String name) {
        return Arrays.stream(owner.getMethods())
                .anyMatch(method -> method.getName().equals(name));
    }

    private static Set<String> names(final Stream<Enum<?>[]> enums) {
        return enums.flatMap(Arrays::stream).map(Enum::name).collect(Collectors.toCollection(HashSet::new));
    }
}
