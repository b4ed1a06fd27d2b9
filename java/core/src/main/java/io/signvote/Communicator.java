package io.signvote;

import static io.signvote.Arguments.address;
import static io.signvote.Arguments.ensureCount;
import static io.signvote.Arguments.ensureFits;

import io.signvote.bits.HeapArrays;
import io.signvote.bits.OffHeap;
import io.signvote.bits.Words;
import io.signvote.collective.BallotSource;
import io.signvote.collective.Engine;
import io.signvote.collective.Failures;
import io.signvote.collective.FrameCounters;
import io.signvote.collective.Shards;
import io.signvote.collective.VerdictSink;
import io.signvote.error.ConfigurationException;
import io.signvote.error.InterruptedCallException;
import io.signvote.error.VoteException;
import io.signvote.kernel.Kernels;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import io.signvote.rendezvous.Failure;
import io.signvote.rendezvous.Membership;
import io.signvote.rendezvous.RendezvousConfig.Role;
import io.signvote.transport.Transport;
import io.signvote.transport.local.LocalTransport;
import io.signvote.wire.Call;
import io.signvote.wire.Operation;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.List;
import org.agrona.CloseHelper;
import org.agrona.concurrent.IdleStrategy;

/**
 * A fixed group of ranks and their links. Every rank must make the same calls in the same order; calls block until they are
 * complete or have failed, and the calling thread itself does the work.
 *
 * <p>A call that fails leaves every output untouched, and the communicator failed: later calls throw the same error. The results
 * of a call are the same bits on every rank, with every plan and order of arrival. Backends give the same bits too, except for
 * the sign and payload of a NaN of a SUM. Used by one thread at a time.
 *
 * <p>A call with count 0 moves no data, but waits for the other ranks and compares their calls. Its buffers may be null.
 *
 * <p>Every call throws {@link io.signvote.error.RoundTimeoutException} naming the ranks that did not contribute by the
 * deadline, {@link io.signvote.error.ProtocolException} where the ranks called different things,
 * {@link io.signvote.error.PeerLostException} where a rank died or fell silent, {@link io.signvote.error.AbortedException} where
 * the program of another rank failed. {@link VoteException#ranks()} has the ranks to blame.
 *
 * @see <a href="https://arxiv.org/abs/1810.05291">Bernstein et al. 2019, signSGD with majority vote</a>
 */
public final class Communicator implements AutoCloseable {
    /** Most elements of one call. */
    public static final long MAX_COUNT = Call.MAX_COUNT;

    /** Number of the communicator of all ranks, in the {@linkplain io.signvote.bits.Lot lots} of zeros and ties. */
    public static final long WORLD = 0;

    private final Context context;
    private final Kernels kernels;
    private final Transport transport;
    private final Membership membership;
    private final Engine engine;
    private final int size;
    private final AutoCloseable host;
    private final long leaveTimeoutNs;
    private final IdleStrategy idleStrategy;
    private final Census census = new Census();
    private final HostCalls calls;
    private final AllGather allGather;
    private OffHeap staging = new OffHeap(0);
    private boolean hasFailed;
    private boolean isClosed;

    Communicator(
            final Context context,
            final Kernels kernels,
            final Transport transport,
            final Membership membership,
            final Engine engine,
            final int size,
            final AutoCloseable host,
            final long leaveTimeoutNs) {
        this.context = context;
        this.kernels = kernels;
        this.transport = transport;
        this.membership = membership;
        this.engine = engine;
        this.size = size;
        this.host = host;
        this.leaveTimeoutNs = leaveTimeoutNs;
        idleStrategy = context.idleStrategy() == null
                ? Assembly.idleStrategyFor(transport)
                : context.idleStrategy().get();
        final Sources.Signs signs = new Sources.Signs(
                kernels, census, context.zeroPolicy(), context.strict(), context.seed(), transport.rank());
        calls = new HostCalls(this, engine, signs);
        allGather = new AllGather(this, engine);
    }

    /**
     * Joins the job that properties and environment describe.
     *
     * @return a communicator connected to every rank.
     */
    public static Communicator connect() {
        return connect(new Context());
    }

    /**
     * Joins the job that a context describes, and waits for all others to join.
     *
     * @param context not in use yet.
     * @return a communicator connected to every rank.
     * @throws ConfigurationException if a setting is invalid, or this machine lacks something required; nothing is left behind.
     * @throws VoteException naming who is missing, which rank failed meanwhile, or that this thread was interrupted.
     * @throws IllegalStateException where this process has an open communicator in the same place.
     */
    public static Communicator connect(final Context context) {
        return Assembly.join(context, Role.VOTER);
    }

    /**
     * Serves {@code signvote.plan=server}: tallies for all ranks, casts no ballot, and returns when every rank has closed.
     *
     * @param context not in use yet; its rank does not matter.
     */
    public static void serve(final Context context) {
        try (Communicator server = Assembly.join(context.rank(0), Role.SERVER)) {
            try {
                while (!server.engine.isDeserted()) {
                    server.idle(server.engine.doWork());
                }
            } catch (final RuntimeException | Error e) {
                server.abort(e);
                throw e;
            }
        }
    }

    /**
     * Ranks of one process, one per thread that uses them, without sockets: for tests, and for programs that simulate many
     * workers.
     *
     * @param size ranks, 1 to 255.
     * @return communicators in rank order.
     */
    public static Communicator[] createLocal(final int size) {
        return createLocal(size, new Context());
    }

    /**
     * Ranks of one process with options. A pure server needs a process of its own and is refused.
     *
     * @param size ranks, 1 to 255.
     * @param context not in use yet; its rank, size and addresses do not matter.
     * @return communicators in rank order.
     */
    public static Communicator[] createLocal(final int size, final Context context) {
        return Assembly.local(size, context);
    }

    /** {@return our rank, 0 to size - 1} */
    public int rank() {
        return transport.rank();
    }

    /** Our place among the ranks of this host, by which they share its devices. */
    int localRank() {
        return size > 1 && transport instanceof LocalTransport ? rank() : Configuration.localRank();
    }

    /** {@return number of ranks} */
    public int size() {
        return size;
    }

    /** {@return the options in force} */
    public Context context() {
        return context;
    }

    /** {@return the arithmetic of this communicator} */
    public Kernels kernels() {
        return kernels;
    }

    /** {@return what one bit could not say, counted so far} */
    public Census census() {
        return census;
    }

    /** {@return frames that were dropped so far, by reason} */
    public FrameCounters frames() {
        return engine.counters();
    }

    /** {@return bytes put on links so far, with the transport's framing, without that of UDP and below} */
    public long bytesSent() {
        return transport.bytesSent();
    }

    /**
     * Allreduce of heap arrays: copied off the heap and back.
     *
     * @param source contribution, float32[n].
     * @param target result, float32[at least n]; may be the source. MAJORITY gives -1 and +1.
     * @param op how to combine.
     */
    public void allReduce(final float[] source, final float[] target, final ReduceOp op) {
        ensureCount(source.length);
        ensureFits("target", target.length, source.length, "floats");
        final long address = staging(source.length * 4L);
        HeapArrays.copy(source, address, source.length);
        allReduce(address, address, source.length, DataType.FLOAT32, op);
        HeapArrays.copy(address, target, source.length);
    }

    /**
     * Allreduce of direct buffers.
     *
     * @param source contribution, direct, little-endian, from its position, which is not moved.
     * @param target result, direct, little-endian, from its position, which is not moved; may be the source.
     * @param count elements, 0 to {@link #MAX_COUNT}.
     * @param type FLOAT32 for either op, or SIGN for MAJORITY of packed words.
     * @param op how to combine.
     * @throws ConfigurationException where a buffer is not direct, big-endian (as Java makes them) or too small.
     */
    public void allReduce(
            final ByteBuffer source,
            final ByteBuffer target,
            final long count,
            final DataType type,
            final ReduceOp op) {
        ensureCount(count);
        if (count > 0 && target != null && target.isReadOnly()) {
            throw new ConfigurationException("target is read-only, take a buffer that can be written");
        }
        try {
            allReduce(address("source", source, type, count), address("target", target, type, count), count, type, op);
        } finally {
            Reference.reachabilityFence(source);
            Reference.reachabilityFence(target);
        }
    }

    /**
     * Allreduce of memory by address. The caller keeps the memory alive during the call.
     *
     * @param source contribution, float32[count] aligned to 4 bytes, or uint64[ceil(count / 64)].
     * @param target result, of the same shape; may be the source.
     * @param count elements, 0 to {@link #MAX_COUNT}.
     * @param type FLOAT32 for either op, or SIGN for MAJORITY of packed words.
     * @param op how to combine.
     * @throws ConfigurationException for SUM of SIGN, for no op or type, and for an address of 0 where count is not 0.
     */
    public void allReduce(
            final long source, final long target, final long count, final DataType type, final ReduceOp op) {
        calls.allReduce(source, target, count, type, op);
    }

    /**
     * Majority vote, packed to packed.
     *
     * @param source ballot, uint64[at least ceil(count / 64)]; unused tail bits are ignored.
     * @param target verdict, of the same shape; may be the source; unused tail bits are written as 0.
     * @param count coordinates, 0 to {@link #MAX_COUNT}.
     */
    public void vote(final long[] source, final long[] target, final long count) {
        ensureCount(count);
        final int words = Math.toIntExact(Words.count(count));
        ensureFits("source", source.length, words, "words");
        ensureFits("target", target.length, words, "words");
        final long address = staging(words * 8L);
        HeapArrays.copy(source, address, words);
        allReduce(address, address, count, DataType.SIGN, ReduceOp.MAJORITY);
        HeapArrays.copy(address, target, words);
    }

    /**
     * Majority vote from and to callbacks: ballots are written straight into frames, the verdict is handed over where it lies.
     * What optimisers are built on.
     *
     * @param source of ballots.
     * @param sink takes the verdict, if the round succeeds; of a count of 0 too, for which the source is asked nothing.
     * @param count coordinates, 0 to {@link #MAX_COUNT}.
     * @param step what zeros and ties are drawn for; the same on every rank.
     */
    public void vote(final BallotSource source, final VerdictSink sink, final long count, final long step) {
        vote(source, sink, count, step, 0);
    }

    /**
     * Majority vote from and to callbacks that also compares what the ranks do with the verdict. Ranks whose options differ get a
     * {@link io.signvote.error.ProtocolException} that says so, and no sink is called.
     *
     * @param source of ballots.
     * @param sink takes the verdict, if the round succeeds.
     * @param count coordinates, 0 to {@link #MAX_COUNT}.
     * @param step what zeros and ties are drawn for; the same on every rank.
     * @param options {@link io.signvote.bits.Hash} of learning rate, momentum, weight decay and layout; 0 for nothing.
     */
    public void vote(
            final BallotSource source, final VerdictSink sink, final long count, final long step, final long options) {
        vote(DataType.FLOAT32, source, sink, count, step, options);
    }

    void vote(
            final DataType type,
            final BallotSource source,
            final VerdictSink sink,
            final long count,
            final long step,
            final long options) {
        if (source == null || sink == null) {
            throw new ConfigurationException((source == null ? "source" : "sink") + "=null, a vote needs both");
        }
        run(calls.call(Operation.MAJORITY, type, count, step, 0).options(options), source, null, sink);
    }

    /**
     * Sends the root's floats to every rank, copied off the heap and back.
     *
     * @param values source on the root, target elsewhere, float32[n].
     * @param root rank that has them.
     */
    public void broadcast(final float[] values, final int root) {
        ensureCount(values.length);
        final long address = staging(values.length * 4L);
        HeapArrays.copy(values, address, values.length);
        broadcast(address, values.length, DataType.FLOAT32, root);
        HeapArrays.copy(address, values, values.length);
    }

    /**
     * Sends the root's memory to every rank.
     *
     * @param address source on the root, target elsewhere, float32[count] or uint64[ceil(count / 64)].
     * @param count elements, 0 to {@link #MAX_COUNT}.
     * @param type of the elements.
     * @param root rank that has them.
     */
    public void broadcast(final long address, final long count, final DataType type, final int root) {
        calls.broadcast(address, count, type, root);
    }

    /**
     * Sends the bytes of every rank to every rank, of each as many as it has; nobody need know how many that is. Two rounds, each
     * with {@code signvote.timeout} of its own: the first tells the lengths. Allocates only where memory grows.
     *
     * <p>Where all lengths together exceed the target's capacity, every rank is refused alike before any of the bytes is sent: the
     * target stays as it is and the communicator goes on.
     *
     * @param source address of our bytes, not aligned; may lie in the target, and may be 0 where there are none.
     * @param length how many, at least 0, on each rank another.
     * @param target takes the bytes of all ranks, ours too; its capacity is the same on every rank.
     * @throws ConfigurationException where all ranks together have more than the capacity, naming the first rank that it has no room
     *     for; on the rank alone where length is negative, or source is 0 and length is not.
     * @see <a href="https://www.mpi-forum.org/docs/mpi-4.1/mpi41-report.pdf">MPI 4.1, section 6.7, MPI_Allgatherv, which wants all
     *     lengths from every caller</a>
     */
    public void allGather(final long source, final long length, final Gathered target) {
        allGather.run(source, length, target);
    }

    /**
     * Sends the bytes of every rank to every rank, as {@link #allGather(long, long, Gathered)}.
     *
     * @param source our bytes, direct, from its position to its limit, neither of which is moved; may be none.
     * @param target takes the bytes of all ranks; its capacity is the same on every rank.
     * @throws ConfigurationException where the buffer is not direct.
     */
    public void allGather(final ByteBuffer source, final Gathered target) {
        final int length = source.remaining();
        try {
            allGather(address("source", source, DataType.BYTE, length), length, target);
        } finally {
            Reference.reachabilityFence(source);
        }
    }

    /**
     * Sends the floats of every rank to every rank, as {@link #allGather(long, long, Gathered)}: copied off the heap, and back by
     * {@link Gathered#copyFloats}.
     *
     * @param source ours, float32[n], n at least 0, on each rank another.
     * @param target takes the floats of all ranks; its capacity, in bytes, is the same on every rank.
     */
    public void allGather(final float[] source, final Gathered target) {
        final long length = source.length * (long) Float.BYTES;
        final long address = staging(length);
        HeapArrays.copy(source, address, source.length);
        allGather(address, length, target);
    }

    /** Returns once every rank has called it. */
    public void barrier() {
        calls.barrier(staging(Long.BYTES));
    }

    /**
     * Returns true if every rank passes true. All ranks get the same answer. Blocks for one small round. Use it when ranks must decide
     * together, for example to skip a step.
     *
     * @param value of this rank.
     * @return true if every rank passed true; the same on every rank.
     * @see <a href="https://www.mpi-forum.org/docs/mpi-4.1/mpi41-report.pdf">MPI 4.1, section 6.9.2, MPI_LAND</a>
     */
    public boolean allTrue(final boolean value) {
        return calls.countTrue(value, Call.ALL_TRUE, staging(Long.BYTES)) == size;
    }

    /**
     * Returns true if any rank passes true. All ranks get the same answer. Blocks for one small round. Use it to stop early together.
     *
     * @param value of this rank.
     * @return true if a rank passed true; the same on every rank.
     */
    public boolean anyTrue(final boolean value) {
        return calls.countTrue(value, Call.ANY_TRUE, staging(Long.BYTES)) > 0;
    }

    /**
     * Leaves, together with every other rank: waits a few seconds for them to close too. Ranks of one process do not wait, and
     * after a failure nobody waits for the others' goodbyes; what was sent is still delivered, within about three seconds.
     * Calling it again does nothing.
     */
    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        try (Departure departure = new Departure()) {
            try {
                if (!hasFailed() && engine.isIdle()) {
                    departure.leave(engine, leaveTimeoutNs, idleStrategy);
                }
            } finally {
                final AutoCloseable streams = hasFailed() ? transport::abort : transport;
                CloseHelper.closeAll(streams, membership, host, engine, staging);
            }
        }
    }

    /** The coordinator confirms an error of ours some milliseconds later. */
    private boolean hasFailed() {
        return hasFailed || membership.failure() != null;
    }

    void run(final Call call, final BallotSource source) {
        run(call, source, null, null);
    }

    /** One round of an all-gather. */
    void run(final Operation operation, final long count, final BallotSource source, final Shards shards) {
        run(calls.call(operation, DataType.BYTE, count, 0, 0), source, shards, null);
    }

    private void run(final Call call, final BallotSource source, final Shards shards, final VerdictSink sink) {
        ensureOpen();
        ensureCount(call.count());
        try {
            engine.begin(call, source, shards);
            awaitIdle();
            if (sink != null) {
                sink.commit(engine.result(), call.count());
            }
        } catch (final RuntimeException | Error e) {
            abort(e);
            throw e;
        }
        census.onTies(engine.ties());
    }

    private void awaitIdle() {
        while (!engine.isIdle()) {
            idle(engine.doWork());
        }
    }

    private void idle(final int workCount) {
        idleStrategy.idle(workCount);
        if (workCount == 0 && Thread.currentThread().isInterrupted()) {
            throw new InterruptedCallException(
                    "interrupted inside " + engine.call() + " round=" + engine.roundId(), List.of(rank()));
        }
    }

    /** An error of ours that the others cannot see: without a word they would wait for our ballots. */
    void abort(final Throwable error) {
        hasFailed = true;
        if (membership.failure() == null) {
            membership.fail(Failures.aborted(engine, rank(), size(), error));
        }
    }

    /** Step of the next call that names none. */
    long nextStep() {
        return engine.roundId() + 1;
    }

    private long staging(final long length) {
        ensureOpen();
        try {
            staging = staging.atLeast(length);
        } catch (final OutOfMemoryError e) {
            abort(e);
            throw e;
        }
        return staging.address();
    }

    private void ensureOpen() {
        if (isClosed) {
            throw new IllegalStateException("communicator is closed, make another one");
        }
        final Failure failure = membership.failure();
        if (failure != null) {
            throw Failures.exception(failure);
        }
    }
}
