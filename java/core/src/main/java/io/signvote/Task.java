package io.signvote;

import io.signvote.bits.HeapArrays;
import io.signvote.bits.OffHeap;
import io.signvote.bits.Words;
import io.signvote.collective.BallotSource;
import io.signvote.collective.Shards;
import io.signvote.collective.VerdictSink;
import io.signvote.error.ConfigurationException;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import io.signvote.wire.Call;
import io.signvote.wire.Collective;
import java.util.function.LongConsumer;
import org.agrona.CloseHelper;
import org.agrona.UnsafeApi;

/**
 * One call from its submission to its end: the call, a source, a sink and staging memory. Tasks are pooled, so a call allocates
 * nothing. The submitting thread owns a task first, then the owner of the engine, and at last the thread that commits it.
 */
final class Task implements Calls.Outcome, AutoCloseable {
    final Call call = new Call();
    BallotSource source;
    VerdictSink sink;

    /** Shards of an all-gather, else null. */
    Shards shards;

    /** The handle of an asynchronous call, else null. */
    Work work;

    /** Address of the result, once the round is complete. */
    long result;

    /** Id of the last round of the call, once that round is complete. */
    long roundId;

    /** The error of a call that failed before its commit, else null. Its sink does not commit then. */
    Throwable failure;

    private final Communicator communicator;
    private final Sources.SignsOfFloats signs;
    private final PlainMemory fromMemory = new PlainMemory();
    private final Sources.Length length = new Sources.Length();
    private final PlainMemory toMemory = new PlainMemory();
    private final Sinks.Unpack unpack;
    private final Sinks.Floats toFloats = new Sinks.Floats();
    private final Sinks.Longs toLongs = new Sinks.Longs();
    private final VerdictSink toGathered = this::gather;
    private final VerdictSink toAnswer = this::answer;
    private OffHeap staging = new OffHeap(0);
    private Shards own;
    private Gathered gathered;
    private float answer;
    private boolean isNumbered;
    private LongConsumer onBegun;
    private int tag;

    // memory of the caller that the call reads and writes; empty if it is not known
    private long readFirst;
    private long readEnd;
    private long writeFirst;
    private long writeEnd;
    private Object readObject;
    private Object writtenObject;
    private Elements read;
    private Elements written;

    // kept reachable until the call is done
    private Object heldSource;
    private Object heldTarget;

    private Throwable error;
    private volatile boolean isDone;

    Task(final Communicator communicator) {
        this.communicator = communicator;
        final Context context = communicator.context();
        call.policies(context.zeroPolicy(), context.tiePolicy());
        signs = new Sources.SignsOfFloats(
                communicator.kernels(),
                communicator.census(),
                context.zeroPolicy(),
                context.strict(),
                context.seed(),
                communicator.number(),
                communicator.rank());
        unpack = new Sinks.Unpack(communicator.kernels(), signs);
    }

    // the calls

    Task allReduce(final long source, final long target, final long count, final DataType type, final ReduceOp op) {
        // ranks may vote with different floats
        set(op, op == ReduceOp.MAJORITY && type.isFloat() ? DataType.FLOAT32 : type, count);
        if (op == ReduceOp.MAJORITY && type != DataType.SIGN) {
            this.source = signs.of(type, source);
            sink = unpack.of(target);
        } else {
            this.source = fromMemory.of(type, source);
            sink = toMemory.of(type, target);
        }
        reads(source, type.sizeOf(count));
        writes(target, type.sizeOf(count));
        return this;
    }

    Task allReduce(final float[] source, final float[] target, final ReduceOp op) {
        final long address = stage(source);
        set(op, DataType.FLOAT32, source.length);
        if (op == ReduceOp.MAJORITY) {
            this.source = signs.of(DataType.FLOAT32, address);
            sink = toFloats.of(target, unpack.of(address), address);
        } else {
            this.source = fromMemory.of(DataType.FLOAT32, address);
            sink = toFloats.of(target);
        }
        writtenObject = target;
        return this;
    }

    Task vote(final long[] source, final long[] target, final long count) {
        final int words = Math.toIntExact(Words.count(count));
        final long address = staging(words * 8L);
        HeapArrays.copy(source, address, words);
        readObject = source;
        set(ReduceOp.MAJORITY, DataType.SIGN, count);
        this.source = fromMemory.of(DataType.SIGN, address);
        sink = toLongs.of(target);
        writtenObject = target;
        return this;
    }

    Task vote(
            final DataType type,
            final BallotSource source,
            final VerdictSink sink,
            final long count,
            final long step,
            final long options) {
        call.set(ReduceOp.MAJORITY, type, count, step).options(options);
        this.source = source;
        this.sink = sink;
        return this;
    }

    /** A vote whose step is the number of the call. The consumer gets the step after the round has begun. */
    Task vote(
            final DataType type,
            final BallotSource source,
            final VerdictSink sink,
            final long count,
            final LongConsumer onBegun) {
        set(ReduceOp.MAJORITY, type, count);
        this.source = source;
        this.sink = sink;
        this.onBegun = onBegun;
        return this;
    }

    /**
     * Any collective on elements.
     *
     * @param source null on a rank that gives nothing.
     * @param target null on a rank that gets nothing.
     * @param op null unless the collective reduces.
     * @param type of the elements.
     * @param count elements of the call, or of one block.
     * @param root 0 unless the collective has one.
     */
    Task collective(
            final Collective collective,
            final Elements source,
            final Elements target,
            final ReduceOp op,
            final DataType type,
            final long count,
            final int root) {
        final boolean isVoteOfFloats = op == ReduceOp.MAJORITY && type != DataType.SIGN;
        // ranks may vote with different floats
        call.set(collective, op, isVoteOfFloats ? DataType.FLOAT32 : type, count, 0, root);
        isNumbered = op == ReduceOp.MAJORITY;
        if (source != null) {
            this.source = isVoteOfFloats ? signs.of(source, count) : fromMemory.of(source);
        } else {
            this.source = fromMemory.of(type, 0);
        }
        if (target != null) {
            sink = isVoteOfFloats ? unpack.of(target) : toMemory.of(target);
        } else {
            sink = Sinks.NONE;
        }
        read = source;
        written = target;
        return this;
    }

    Task broadcast(final long address, final long count, final DataType type, final int root) {
        call.set(Collective.BROADCAST, null, type, count, 0, root);
        source = fromMemory.of(type, address);
        if (root == communicator.rank()) {
            sink = Sinks.NONE;
            reads(address, type.sizeOf(count));
        } else {
            sink = toMemory.of(type, address);
            writes(address, type.sizeOf(count));
        }
        return this;
    }

    Task broadcast(final float[] values, final int root) {
        call.set(Collective.BROADCAST, null, DataType.FLOAT32, values.length, 0, root);
        if (root == communicator.rank()) {
            final long address = stage(values);
            source = fromMemory.of(DataType.FLOAT32, address);
            sink = Sinks.NONE;
        } else {
            source = fromMemory.of(DataType.FLOAT32, 0);
            sink = toFloats.of(values);
            writtenObject = values;
        }
        return this;
    }

    /** The first round sends the lengths. {@link #hasSecondRound} prepares the second. */
    Task allGather(final long source, final long length, final Gathered target) {
        try {
            writes(target.firstAddress(), target.length());
            if (own == null) {
                own = new Shards(communicator.size());
            }
        } catch (final Throwable e) {
            // another thread closed the target meanwhile, or memory ran out
            communicator.calls().giveBack(this);
            throw e;
        }
        call.set(Collective.LENGTHS, null, DataType.UINT8, target.capacity(), 0, 0);
        this.source = this.length.of(length);
        shards = own.fill(Long.BYTES);
        fromMemory.of(DataType.UINT8, source);
        gathered = target;
        sink = toGathered;
        reads(source, length);
        writtenObject = target;
        return this;
    }

    /** Marks an all-gather as the exchange of a split. */
    Task ofSplit() {
        call.set(Collective.LENGTHS, null, DataType.UINT8, call.count(), Call.SPLIT, 0);
        return this;
    }

    Task allGather(final float[] source, final Gathered target) {
        return allGather(stage(source), source.length * (long) Float.BYTES, target);
    }

    Task barrier() {
        final long word = staging(Long.BYTES);
        UnsafeApi.putLong(word, 0);
        call.set(Collective.BARRIER, null, DataType.SIGN, 1, 0, 0);
        source = fromMemory.of(DataType.SIGN, word);
        sink = Sinks.NONE;
        return this;
    }

    /**
     * Counts the ranks that pass true: a sum of ones and zeros, exact up to 2^24 ranks.
     *
     * @param question {@link Call#ALL_TRUE} or {@link Call#ANY_TRUE}. Ranks that ask different questions get a mismatch.
     */
    Task countTrue(final boolean value, final long question) {
        final long word = staging(Float.BYTES);
        UnsafeApi.putFloat(word, value ? 1 : 0);
        call.set(ReduceOp.SUM, DataType.FLOAT32, 1, question);
        source = fromMemory.of(DataType.FLOAT32, word);
        sink = toAnswer;
        return this;
    }

    /** Sets the tag, by which the ranks distinguish calls of one shape. */
    Task tag(final int tag) {
        this.tag = tag;
        return this;
    }

    /** Keeps two objects reachable until the call is done. */
    Task hold(final Object source, final Object target) {
        heldSource = source;
        heldTarget = target;
        return this;
    }

    // from submission to end

    /** Sets the number of the call. It is the step of a vote that names none. */
    void number(final long number) {
        // a heap array is copied by now
        readObject = null;
        if (isNumbered) {
            call.step(number);
            signs.step(number);
        }
        call.tag(tag);
    }

    /** Called after the round has begun and before it uses the source. */
    void onBegun() {
        if (onBegun != null) {
            onBegun.accept(call.step());
        }
    }

    /**
     * Whether two open calls use the same memory and one of them writes it. Another thread may end one of the calls and clear its task
     * meanwhile. A task without source and sink uses no memory.
     */
    boolean isInConflictWith(final Task other) {
        return writesWhatIsUsedBy(other) || other.writesWhatIsUsedBy(this);
    }

    private boolean writesWhatIsUsedBy(final Task other) {
        final Elements ours = written;
        final Elements theirs = other.read;
        return other.uses(writeFirst, writeEnd)
                || writtenObject != null && other.uses(writtenObject)
                || ours != null && other.uses(ours)
                || hasSinkThatWrites(other.readFirst, other.readEnd)
                || theirs != null && theirs.isUsedBy(this, true);
    }

    private boolean uses(final long first, final long end) {
        return first < end
                && (overlap(first, end, writeFirst, writeEnd)
                        || overlap(first, end, readFirst, readEnd)
                        || isWithin(read, null, first, end)
                        || isWithin(written, null, first, end)
                        || hasSourceThatReads(first, end)
                        || hasSinkThatWrites(first, end));
    }

    private boolean uses(final Object array) {
        return readObject == array
                || writtenObject == array
                || isWithin(read, array, 0, Long.MAX_VALUE)
                || isWithin(written, array, 0, Long.MAX_VALUE);
    }

    private boolean uses(final Elements others) {
        final Elements reads = read;
        final Elements writes = written;
        return isWithin(others, null, readFirst, readEnd)
                || isWithin(others, null, writeFirst, writeEnd)
                || isWithin(others, readObject, 0, readObject == null ? 0 : Long.MAX_VALUE)
                || isWithin(others, writtenObject, 0, writtenObject == null ? 0 : Long.MAX_VALUE)
                || reads != null && reads.overlaps(others)
                || writes != null && writes.overlaps(others)
                || others.isUsedBy(this, false);
    }

    boolean hasSourceThatReads(final long first, final long end) {
        final BallotSource asked = source;
        return asked != null && asked.reads(first, end);
    }

    boolean hasSinkThatWrites(final long first, final long end) {
        final VerdictSink asked = sink;
        return asked != null && asked.writes(first, end);
    }

    private static boolean isWithin(final Elements elements, final Object array, final long from, final long to) {
        return from < to && elements != null && elements.overlaps(array, from, to);
    }

    /**
     * Whether the call goes on with a second round after a complete one. An all-gather does so once the lengths are known. It
     * sizes no memory by the lengths that ranks announce before it knows that all of them fit.
     */
    boolean hasSecondRound(final long announced) {
        if (call.collective() != Collective.LENGTHS) {
            return false;
        }
        final long capacity = call.count();
        final int refused = shards.read(announced, capacity);
        if (refused != Shards.ALL) {
            failure = refusal(refused, UnsafeApi.getLong(announced + refused * 8L), capacity);
            return false;
        }
        if (shards.totalLength() == 0) {
            return false;
        }
        call.set(Collective.ALL_GATHER_V, null, DataType.UINT8, shards.totalLength(), 0, 0)
                .tag(tag);
        source = fromMemory;
        return true;
    }

    @Override
    public boolean isDone() {
        return isDone;
    }

    Throwable error() {
        return error;
    }

    float answer() {
        return answer;
    }

    void done(final Throwable outcome) {
        error = outcome;
        isDone = true;
    }

    /** Clears everything but the staging memory. */
    void clear() {
        source = null;
        sink = null;
        shards = null;
        work = null;
        failure = null;
        gathered = null;
        isNumbered = false;
        onBegun = null;
        tag = 0;
        readFirst = 0;
        readEnd = 0;
        writeFirst = 0;
        writeEnd = 0;
        readObject = null;
        writtenObject = null;
        read = null;
        written = null;
        heldSource = null;
        heldTarget = null;
        fromMemory.release();
        toMemory.release();
        signs.release();
        unpack.release();
        toFloats.of(null);
        toLongs.of(null);
        error = null;
        if (isDone) {
            isDone = false;
        }
    }

    @Override
    public void close() {
        CloseHelper.closeAll(staging, signs, unpack);
    }

    private static ConfigurationException refusal(final int rank, final long announced, final long capacity) {
        return new ConfigurationException(
                announced < 0
                        ? "allGather: rank " + rank + " announced length=" + announced + ", expected 0 to " + capacity
                        : "allGather: rank " + rank + " has " + announced
                                + " bytes, which with those of the ranks before it exceed capacity=" + capacity
                                + ", gather less or raise the capacity on every rank");
    }

    private void set(final ReduceOp op, final DataType type, final long count) {
        call.set(op, type, count, 0);
        isNumbered = op == ReduceOp.MAJORITY;
    }

    private void reads(final long address, final long length) {
        readFirst = address;
        readEnd = address + length;
    }

    private void writes(final long address, final long length) {
        writeFirst = address;
        writeEnd = address + length;
    }

    private static boolean overlap(final long first, final long end, final long otherFirst, final long otherEnd) {
        return first < end && otherFirst < otherEnd && first < otherEnd && otherFirst < end;
    }

    private void gather(final long words, final long count) {
        gathered.take(words, shards);
    }

    private void answer(final long words, final long count) {
        answer = UnsafeApi.getFloat(words);
    }

    /** Copies a heap array. An open call that writes it must end first. */
    private long stage(final float[] source) {
        final long address = staging(source.length * 4L);
        HeapArrays.copy(source, address, source.length);
        readObject = source;
        return address;
    }

    private long staging(final long length) {
        try {
            staging = staging.atLeast(length);
        } catch (final OutOfMemoryError e) {
            // the other ranks make the call, and would wait for this one
            communicator.abort(e);
            communicator.calls().giveBack(this);
            throw e;
        }
        return staging.address();
    }
}
