package io.signvote.wire;

import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;
import io.signvote.wire.sbe.DataFrameDecoder;
import io.signvote.wire.sbe.DataFrameEncoder;

/**
 * A call of a rank: the fingerprint that all ranks must share in a round. Mutable, so that a round allocates nothing.
 * Owned by the thread that is inside the call.
 */
public final class Call {
    /** Most elements of one call. */
    public static final long MAX_COUNT = 1L << 34;

    /** Step of the SUM that checks whether all ranks pass true. Each rank gives one float: 1 for true, 0 for false. */
    public static final long ALL_TRUE = 1;

    /** Step of the SUM that checks whether any rank passes true. Each rank gives one float: 1 for true, 0 for false. */
    public static final long ANY_TRUE = 2;

    /** Step of a LENGTHS that begins the exchange of a split. */
    public static final long SPLIT = 1;

    /** Every call draws its lots from the first word on. */
    private static final long FIRST_WORD = 0;

    /** Code of the reduction in a call that has none. */
    private static final short NO_REDUCTION = 0;

    /** No call admits new ranks. */
    private static final short ADMITS = 0;

    private Collective collective = Collective.BARRIER;
    private ReduceOp op;
    private DataType type = DataType.SIGN;
    private ZeroPolicy zeroPolicy = ZeroPolicy.RANDOM;
    private TiePolicy tiePolicy = TiePolicy.RANDOM;
    private long count = 1;
    private long step;
    private long options;
    private int tag;
    private int root;

    /**
     * Sets an allreduce, and clears options and tag.
     *
     * @param op reduction.
     * @param type of the caller's elements.
     * @param count elements, at least 0.
     * @param step selects the lots of zeros and ties; of a SUM 0, or {@link #ALL_TRUE} or {@link #ANY_TRUE}.
     * @return this.
     */
    public Call set(final ReduceOp op, final DataType type, final long count, final long step) {
        return set(Collective.ALL_REDUCE, op, type, count, step, 0);
    }

    /**
     * Sets a call, and clears options and tag.
     *
     * @param collective to make.
     * @param op reduction; null if the collective has none.
     * @param type of the caller's elements.
     * @param count elements, at least 0: of a block, if the collective is in blocks; of LENGTHS the most bytes that all ranks
     *     together may have.
     * @param step selects the lots of zeros and ties; of LENGTHS 0 or {@link #SPLIT}; else 0.
     * @param root of a collective that has one, else 0.
     * @return this.
     */
    public Call set(
            final Collective collective,
            final ReduceOp op,
            final DataType type,
            final long count,
            final long step,
            final int root) {
        this.collective = collective;
        this.op = op;
        this.type = type;
        this.count = count;
        this.step = step;
        this.root = root;
        options = 0;
        tag = 0;
        return this;
    }

    /**
     * Sets the options: a hash of values that ranks must share beside the call.
     *
     * @param options {@link io.signvote.bits.Hash} of learning rate, momentum, weight decay and layout; 0 for nothing.
     * @return this.
     */
    public Call options(final long options) {
        this.options = options;
        return this;
    }

    /** {@return the hash of the options, 0 for nothing} */
    public long options() {
        return options;
    }

    /**
     * Sets the tag, by which the ranks distinguish calls of one shape.
     *
     * @param tag number that the caller gives to the call, the same on every rank; 0 for none.
     * @return this.
     */
    public Call tag(final int tag) {
        this.tag = tag;
        return this;
    }

    /**
     * Sets the step, and keeps everything else.
     *
     * @param step selects the lots of zeros and ties.
     */
    public void step(final long step) {
        this.step = step;
    }

    /**
     * Copies another call.
     *
     * @param other call to copy.
     * @return this.
     */
    public Call copy(final Call other) {
        set(other.collective, other.op, other.type, other.count, other.step, other.root);
        return policies(other.zeroPolicy, other.tiePolicy)
                .options(other.options)
                .tag(other.tag);
    }

    /**
     * Sets the policies for zeros and ties.
     *
     * @param zeroPolicy of every rank.
     * @param tiePolicy of every tallier.
     * @return this.
     */
    public Call policies(final ZeroPolicy zeroPolicy, final TiePolicy tiePolicy) {
        this.zeroPolicy = zeroPolicy;
        this.tiePolicy = tiePolicy;
        return this;
    }

    /** {@return the collective} */
    public Collective collective() {
        return collective;
    }

    /** {@return the reduction, or null if the collective has none} */
    public ReduceOp op() {
        return op;
    }

    /** {@return whether signs are counted: the payload of a ballot is signs, whatever the caller's elements are} */
    public boolean isVote() {
        return op == ReduceOp.MAJORITY || collective == Collective.BARRIER;
    }

    /**
     * Type of the caller's elements.
     *
     * @return type.
     */
    public DataType type() {
        return type;
    }

    /**
     * Policy for ties.
     *
     * @return policy.
     */
    public TiePolicy tiePolicy() {
        return tiePolicy;
    }

    /**
     * Elements of the call, or of one block of it.
     *
     * @return at least 0.
     */
    public long count() {
        return count;
    }

    /**
     * Step that selects the lots of zeros and ties.
     *
     * @return step of the caller.
     */
    public long step() {
        return step;
    }

    /**
     * Root of a collective that has one.
     *
     * @return a rank, 0 for other collectives.
     */
    public int root() {
        return root;
    }

    /**
     * Type of the elements in the payload of its frames.
     *
     * @return type of the payload.
     */
    public DataType payloadType() {
        return isVote() ? DataType.SIGN : type;
    }

    /**
     * Whether a frame belongs to this very call.
     *
     * @param frame header of a received frame.
     * @return true if every field of the fingerprint is equal.
     */
    public boolean matches(final DataFrameDecoder frame) {
        return frame.options() == options && matchesButForOptions(frame);
    }

    private boolean matchesButForOptions(final DataFrameDecoder frame) {
        return frame.count() == count
                && frame.step() == step
                && frame.firstWord() == FIRST_WORD
                && frame.tag() == tag
                && frame.collective() == collective.code()
                && frame.reduction() == reduction()
                && frame.dataType() == type.code()
                && frame.zeroPolicy() == zeroPolicy.code()
                && frame.tiePolicy() == tiePolicy.code()
                && frame.admits() == ADMITS
                && frame.root() == root;
    }

    /**
     * Reads the call of a frame. A server begins its rounds this way.
     *
     * @param frame header of a received frame.
     * @return false, and nothing changed, if a field has no known value.
     */
    public boolean read(final DataFrameDecoder frame) {
        final Collective known = Collective.of(frame.collective());
        final ReduceOp reduction = ReduceOp.of(frame.reduction());
        final DataType dataType = DataType.of(frame.dataType());
        final ZeroPolicy zeros = ZeroPolicy.of(frame.zeroPolicy());
        final TiePolicy ties = TiePolicy.of(frame.tiePolicy());
        if (known == null
                || reduction == null && frame.reduction() != NO_REDUCTION
                || dataType == null
                || !known.takes(reduction, dataType)
                || frame.count() < 0
                || frame.count() > MAX_COUNT
                || frame.firstWord() != FIRST_WORD
                || frame.admits() != ADMITS
                || zeros == null
                || zeros == ZeroPolicy.ABSTAIN
                || ties == null
                || ties == TiePolicy.ZERO) {
            return false;
        }
        set(known, reduction, dataType, frame.count(), frame.step(), frame.root());
        options(frame.options()).tag(frame.tag()).policies(zeros, ties);
        return true;
    }

    /**
     * Writes the fingerprint into a header.
     *
     * @param frame to be sent.
     */
    void write(final DataFrameEncoder frame) {
        frame.step(step)
                .count(count)
                .firstWord(FIRST_WORD)
                .options(options)
                .tag(tag)
                .root(root)
                .collective(collective.code())
                .reduction(reduction())
                .dataType((short) type.code())
                .zeroPolicy((short) zeroPolicy.code())
                .tiePolicy((short) tiePolicy.code())
                .admits(ADMITS);
    }

    /**
     * The call as its caller would write it. Values that differ from a usual call follow. So two calls that do not
     * match have different texts.
     */
    @Override
    public String toString() {
        final StringBuilder text = new StringBuilder(what());
        if (collective == Collective.BARRIER) {
            append(text, "type", type, DataType.SIGN);
            append(text, "count", count, 1L);
        }
        if (!collective.isRooted()) {
            append(text, "root", root, 0);
        }
        final boolean isVote = op == ReduceOp.MAJORITY;
        final boolean isNamed = isDecision() || collective == Collective.LENGTHS && step == SPLIT;
        append(text, "step", step, isVote ? null : isNamed ? step : 0L);
        append(text, "zeros", zeroPolicy, isVote ? null : ZeroPolicy.RANDOM);
        append(text, "ties", tiePolicy, isVote ? null : TiePolicy.RANDOM);
        append(text, "tag", tag, 0);
        append(text, "options", Long.toHexString(options), "0");
        return text.toString();
    }

    private String what() {
        return switch (collective) {
            case BARRIER -> "barrier()";
            case LENGTHS -> (step == SPLIT ? "split(capacity=" : "allGather(capacity=") + count + ")";
            case ALL_GATHER_V -> "allGather(total=" + count + ")";
            default ->
                isDecision()
                        ? decision()
                        : collective.callName() + "(" + (op == null ? "" : op + ", ") + type + ", count=" + count
                                + (collective.isRooted() ? ", root=" + root : "") + ")";
        };
    }

    private static void append(final StringBuilder text, final String name, final Object value, final Object usual) {
        if (!value.equals(usual)) {
            text.append(' ').append(name).append('=').append(value);
        }
    }

    /**
     * Names the call of a frame, for the message of a mismatch.
     *
     * @param frame header of a received frame.
     * @return text of {@link #toString()}, or of the {@link #fields} if they are not a known call.
     */
    public static String describe(final DataFrameDecoder frame) {
        final Call call = new Call();
        return call.read(frame) ? call.toString() : "no call that is known, " + fields(frame);
    }

    /** The fields of the fingerprint on the wire, as text. */
    static String fields(final DataFrameDecoder frame) {
        return "collective=" + frame.collective() + " reduction=" + frame.reduction() + " dataType=" + frame.dataType()
                + " count=" + frame.count() + " step="
                + frame.step() + " root=" + frame.root() + " zeroPolicy=" + frame.zeroPolicy() + " tiePolicy="
                + frame.tiePolicy() + " firstWord=" + frame.firstWord() + " tag=" + frame.tag() + " options="
                + Long.toHexString(frame.options()) + " admits=" + frame.admits();
    }

    /**
     * Explains a mismatch that the texts of the two calls do not show.
     *
     * @param frame header of a frame that does not match.
     * @return the difference and the remedy, behind a colon; empty if more than the options differs.
     */
    public String explain(final DataFrameDecoder frame) {
        if (frame.options() == options || !matchesButForOptions(frame)) {
            return "";
        }
        return frame.options() == 0 || options == 0
                ? ": one of the two is a step of an optimiser, and the other is not"
                : ": the learning rate, the momentum, the weight decay or the layout of the parameters differs; no parameter"
                        + " has changed. retry keeps the rates of this step: set the same values and restore parameters and"
                        + " optimiser of the same step on every rank";
    }

    private short reduction() {
        return op == null ? NO_REDUCTION : (short) op.code();
    }

    private boolean isDecision() {
        return collective == Collective.ALL_REDUCE
                && op == ReduceOp.SUM
                && count == 1
                && (step == ALL_TRUE || step == ANY_TRUE);
    }

    private String decision() {
        return step == ALL_TRUE ? "allTrue()" : "anyTrue()";
    }
}
