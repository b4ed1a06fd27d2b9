package io.signvote.tools.perf;

import io.signvote.error.ConfigurationException;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The names of nccl-tests for collectives, types and reductions, in its order. */
final class Names {
    /** Stands for all types, all reductions, or all roots. */
    static final String ALL = "all";

    private static final Map<DataType, String> TYPES = new LinkedHashMap<>();
    private static final List<ReduceOp> OPS = List.of(
            ReduceOp.SUM,
            ReduceOp.PROD,
            ReduceOp.MAX,
            ReduceOp.MIN,
            ReduceOp.AVG,
            ReduceOp.BAND,
            ReduceOp.BOR,
            ReduceOp.BXOR,
            ReduceOp.MAJORITY);

    static {
        TYPES.put(DataType.INT8, "int8");
        TYPES.put(DataType.UINT8, "uint8");
        TYPES.put(DataType.INT32, "int32");
        TYPES.put(DataType.INT64, "int64");
        TYPES.put(DataType.FLOAT16, "half");
        TYPES.put(DataType.FLOAT32, "float");
        TYPES.put(DataType.FLOAT64, "double");
        TYPES.put(DataType.BFLOAT16, "bfloat16");
        TYPES.put(DataType.SIGN, "bits");
    }

    private Names() {}

    /**
     * Name of a type.
     *
     * @param type of elements.
     * @return name in options, columns and reports.
     */
    static String of(final DataType type) {
        return TYPES.get(type);
    }

    /**
     * Reads the option {@code -d}.
     *
     * @param text a name of nccl-tests or of {@link DataType}, or {@code all}.
     * @return types in the order of nccl-tests, then SIGN.
     */
    static List<DataType> types(final String text) {
        final String name = text.toLowerCase(Locale.ROOT);
        if (name.equals(ALL)) {
            return List.copyOf(TYPES.keySet());
        }
        return TYPES.entrySet().stream()
                .filter(each -> each.getValue().equals(name)
                        || each.getKey().name().toLowerCase(Locale.ROOT).equals(name))
                .map(Map.Entry::getKey)
                .findFirst()
                .map(List::of)
                .orElseThrow(() -> new ConfigurationException(
                        "-d " + text + " is unknown, name one of " + String.join(", ", TYPES.values()) + ", all"));
    }

    /**
     * Reads the option {@code -o}.
     *
     * @param text name of a {@link ReduceOp}, or {@code all}.
     * @return reductions in the order of nccl-tests, then those that it lacks.
     */
    static List<ReduceOp> ops(final String text) {
        final String name = text.toLowerCase(Locale.ROOT);
        if (name.equals(ALL)) {
            return OPS;
        }
        return OPS.stream()
                .filter(op -> op.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .map(List::of)
                .orElseThrow(() -> new ConfigurationException("-o " + text + " is unknown, name one of "
                        + String.join(", ", OPS.stream().map(Names::of).toList()) + ", all"));
    }

    /**
     * Reads the name of a collective.
     *
     * @param text such as {@code allreduce}, {@code all_reduce} or {@code all_reduce_perf}.
     * @return collective.
     */
    static PerfCollective collective(final String text) {
        final String name =
                text.toLowerCase(Locale.ROOT).replaceFirst("_perf$", "").replace("_", "");
        return Arrays.stream(PerfCollective.values())
                .filter(each -> each.spelling().equals(name))
                .findFirst()
                .orElseThrow(() -> new ConfigurationException("collective '" + text + "' is unknown, name one of "
                        + String.join(
                                ", ",
                                Arrays.stream(PerfCollective.values())
                                        .map(PerfCollective::spelling)
                                        .toList())
                        + ", vote"));
    }

    static String of(final ReduceOp op) {
        return op.name().toLowerCase(Locale.ROOT);
    }
}
