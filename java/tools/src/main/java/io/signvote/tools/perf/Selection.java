package io.signvote.tools.perf;

import io.signvote.error.ConfigurationException;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import java.util.ArrayList;
import java.util.List;

/**
 * The calls that the options select. Without the name of a collective it is a vote, packed to packed. With one, the
 * defaults are those of nccl-tests: sum, float, root 0.
 *
 * @param collective of the calls.
 * @param types of the elements, in order.
 * @param ops reductions, in order; those that do not take a type are left out for it.
 * @param root rank; -1 for every rank in turn.
 * @param isInTurns whether all contenders take turns at each size; else each has all sizes.
 */
record Selection(PerfCollective collective, List<DataType> types, List<ReduceOp> ops, int root, boolean isInTurns) {
    private static final String VOTE = "vote";

    /**
     * Reads options.
     *
     * @param name of the collective, or null.
     * @param op option {@code -o}, or null.
     * @param type option {@code -d}, or null.
     * @param root option {@code -r}.
     * @param form form of a vote, or null.
     * @return selection of at least one call.
     * @throws ConfigurationException if a name is unknown, or if no reduction takes a type.
     */
    static Selection of(final String name, final String op, final String type, final String root, final Form form) {
        final boolean isVote = name == null || name.equalsIgnoreCase(VOTE);
        final PerfCollective collective = isVote ? PerfCollective.ALLREDUCE : Names.collective(name);
        final List<ReduceOp> ops = Names.ops(op != null ? op : isVote ? "majority" : "sum");
        final boolean isMajority = ops.equals(List.of(ReduceOp.MAJORITY));
        if (isVote && name != null && !isMajority) {
            throw new ConfigurationException("-o " + op + " is no vote, name allreduce instead of vote");
        }
        if (form != null && (!isMajority || !collective.isReduction())) {
            throw new ConfigurationException(
                    "--bits, --float and --both are about votes, a sum is float to float, write -d TYPE");
        }
        if (form != null && type != null) {
            throw new ConfigurationException(
                    "-d " + type + " and the form of a vote exclude each other, leave out one");
        }
        final List<DataType> types = form != null
                ? form.types()
                : collective.hasElements()
                        ? Names.types(type != null ? type : isVote && isMajority ? "bits" : "float")
                        : List.of(DataType.UINT8);
        final Selection selection = new Selection(collective, types, ops, root(root), form == Form.BOTH);
        if (selection.contenders(1).isEmpty()) {
            // a single reduction and a single type: each reduction takes some type, and each type has some reduction
            final ReduceOp only = ops.get(0);
            throw new ConfigurationException(
                    "-o " + Names.of(only) + " takes no " + Names.of(types.get(0)) + ", it takes "
                            + String.join(
                                    ", ",
                                    Names.types(Names.ALL).stream()
                                            .filter(only::takes)
                                            .map(Names::of)
                                            .toList()));
        }
        return selection;
    }

    /**
     * The calls, in groups. The calls of a group take turns at each size.
     *
     * @param worldSize ranks.
     * @return groups in order.
     * @throws ConfigurationException if the root is no rank.
     */
    List<List<Contender>> groups(final int worldSize) {
        if (root >= worldSize && collective.hasRoot()) {
            throw new ConfigurationException("-r " + root + " is not a rank of 0.." + (worldSize - 1));
        }
        final List<Contender> contenders = contenders(worldSize);
        return isInTurns
                ? List.of(contenders)
                : contenders.stream().map(List::of).toList();
    }

    /** Types outside, then reductions, then roots, as nccl-tests does. */
    private List<Contender> contenders(final int worldSize) {
        final List<Contender> contenders = new ArrayList<>();
        for (final DataType type : types) {
            if (!collective.isReduction()) {
                addRoots(contenders, type, null, worldSize);
                continue;
            }
            for (final ReduceOp op : ops) {
                if (op.takes(type)) {
                    addRoots(contenders, type, op, worldSize);
                }
            }
        }
        return contenders;
    }

    private void addRoots(
            final List<Contender> contenders, final DataType type, final ReduceOp op, final int worldSize) {
        if (!collective.hasRoot()) {
            contenders.add(new Contender(collective, type, op, -1));
            return;
        }
        for (int rank = Math.max(0, root); rank <= (root < 0 ? worldSize - 1 : root); rank++) {
            contenders.add(new Contender(collective, type, op, rank));
        }
    }

    private static int root(final String text) {
        if (text.equalsIgnoreCase(Names.ALL) || text.equals("-1")) {
            return -1;
        }
        if (!text.matches("\\d{1,3}")) {
            throw new ConfigurationException("-r " + text + " is no rank, write a number from 0, or all");
        }
        return Integer.parseInt(text);
    }

    /** The form of the elements of a vote. */
    enum Form {
        /** Packed to packed. */
        BITS(DataType.SIGN),
        /** Float to float. */
        FLOATS(DataType.FLOAT32),
        /** Both, in turns. */
        BOTH(DataType.SIGN, DataType.FLOAT32);

        private final List<DataType> types;

        Form(final DataType... types) {
            this.types = List.of(types);
        }

        /** {@return types of the elements} */
        List<DataType> types() {
            return types;
        }
    }
}
