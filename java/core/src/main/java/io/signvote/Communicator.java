package io.signvote;

import static io.signvote.Arguments.address;
import static io.signvote.Arguments.ensureCount;

import io.signvote.collective.BallotSource;
import io.signvote.collective.Engine;
import io.signvote.collective.FrameCounters;
import io.signvote.collective.VerdictSink;
import io.signvote.error.ConfigurationException;
import io.signvote.error.VoteException;
import io.signvote.kernel.Kernels;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import io.signvote.rendezvous.Membership;
import io.signvote.rendezvous.RendezvousConfig.Role;
import io.signvote.transport.Transport;
import io.signvote.transport.local.LocalTransport;
import io.signvote.wire.Call;
import io.signvote.wire.Collective;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.LongConsumer;
import org.agrona.CloseHelper;
import org.agrona.concurrent.IdleStrategy;

/**
 * A fixed group of ranks and their links. Every rank must make the same calls in the same order. A blocking call returns when it
 * is complete or has failed, and the calling thread itself does the work. An asynchronous call returns a {@link Work}; at most 64
 * calls may be open.
 *
 * <p>A call that fails leaves every output untouched. The communicator has failed then, and later calls throw the same
 * error. The results of a call are the same bits on every rank, for every plan and every order of arrival. All backends
 * compute the same bits, except for the sign and payload of a NaN in a SUM, AVG or PROD.
 *
 * <p>Thread-safe. Every rank must submit its calls in the same order, counted over all threads. A tag lets the ranks
 * detect a different order.
 *
 * <p>A call with count 0 moves no data, but waits for the other ranks and compares their calls. Its addresses may be 0,
 * and its direct buffers may be null.
 *
 * <p>An invalid argument throws {@link ConfigurationException}, and a null array {@link NullPointerException}, before
 * anything is sent. The communicator stays usable. A call on a closed communicator throws {@link IllegalStateException}.
 * So does a blocking call inside a source, a sink or a listener.
 *
 * <p>Other errors of a call; {@link VoteException#ranks()} are the ranks to blame:
 *
 * <ul>
 *   <li>{@link io.signvote.error.RoundTimeoutException}: a round made no progress until the deadline. It names the missing ranks.
 *   <li>{@link io.signvote.error.ProtocolException}: the ranks made different calls, or a rank closed between its calls while
 *       others called.
 *   <li>{@link io.signvote.error.PeerLostException}: a rank died, fell silent or closed during a call, or a link or the
 *       coordinator was lost.
 *   <li>{@link io.signvote.error.AbortedException}: the program of a rank failed inside a call, or called {@link #abort}.
 *   <li>{@link io.signvote.error.ClosedException}: a thread of this rank closed the communicator while the call was open.
 *   <li>{@link io.signvote.error.InterruptedCallException}: the calling thread was interrupted.
 * </ul>
 *
 * @see <a href="https://arxiv.org/abs/1810.05291">Bernstein et al. 2019, signSGD with majority vote</a>
 */
public final class Communicator implements AutoCloseable {
    /** Most elements of one call. */
    public static final long MAX_COUNT = Call.MAX_COUNT;

    /** Number of the communicator of all ranks, in the {@linkplain io.signvote.bits.Lot lots} of zeros and ties. */
    public static final long WORLD = 0;

    /** Color of a rank that gets no communicator from {@link #split}. MPI calls it MPI_UNDEFINED. */
    public static final int NO_COLOR = -1;

    private final Context context;
    private final Kernels kernels;
    private final Transport transport;
    private final Engine engine;
    private final int size;
    private final Branch branch;
    private final long leaveTimeoutNs;
    private final Census census = new Census();
    private final Calls calls;
    private final Requests toRun;
    private final Requests toStart;

    Communicator(
            final Context context,
            final Kernels kernels,
            final Transport transport,
            final Membership membership,
            final Engine engine,
            final int size,
            final AutoCloseable host,
            final long leaveTimeoutNs) {
        this(
                context,
                kernels,
                transport,
                engine,
                size,
                Branch.world(new Branch.Shared(membership, host, Carrier.NONE, 0, 1)),
                leaveTimeoutNs);
    }

    Communicator(
            final Context context,
            final Kernels kernels,
            final Transport transport,
            final Engine engine,
            final int size,
            final Branch branch,
            final long leaveTimeoutNs) {
        this.branch = branch;
        this.leaveTimeoutNs = leaveTimeoutNs;
        this.context = context;
        this.kernels = kernels;
        this.transport = transport;
        this.engine = engine;
        this.size = size;
        final IdleStrategy idleStrategy = context.idleStrategy() == null
                ? IdleStrategies.of(transport)
                : context.idleStrategy().get();
        calls = new Calls(
                this,
                engine,
                idleStrategy,
                leaveTimeoutNs,
                () -> CloseHelper.closeAll(
                        engine.failure() == null ? transport : transport::abort, branch::release, engine));
        toRun = new Requests(calls::takeToRun, transport.rank(), size);
        toStart = new Requests(calls::take, transport.rank(), size);
    }

    /**
     * Joins the job that system properties and environment variables describe, and waits for all others to join.
     *
     * @return a communicator connected to every rank; the caller closes it.
     * @throws VoteException as {@link #connect(Context)}.
     */
    public static Communicator connect() {
        return connect(new Context());
    }

    /**
     * Joins the job that a context describes, and waits for all others to join.
     *
     * @param context not in use yet.
     * @return a communicator connected to every rank; the caller closes it.
     * @throws ConfigurationException if a setting is invalid, or this machine lacks something required. No thread, port
     *     or file is left behind.
     * @throws VoteException if a rank is missing or has failed, or if this thread was interrupted. The error names the
     *     rank.
     * @throws IllegalStateException if this process has an open communicator in the same place.
     */
    public static Communicator connect(final Context context) {
        return Assembly.join(context, Role.VOTER);
    }

    /**
     * Runs the server of {@code signvote.plan=server}. It tallies for all ranks and casts no ballot. Blocks until every
     * rank has closed.
     *
     * @param context not in use yet; its rank does not matter.
     * @throws VoteException as {@link #connect(Context)} and as a call.
     */
    public static void serve(final Context context) {
        try (Communicator server = Assembly.join(context.rank(0), Role.SERVER)) {
            server.calls.serve();
        }
    }

    /**
     * Makes the ranks of a job inside one process, without sockets. Each rank needs a thread of its own. For tests, and
     * for programs that simulate many workers.
     *
     * @param size ranks, 1 to 255.
     * @return communicators in rank order; the caller closes each.
     * @throws ConfigurationException if the size or a setting is invalid.
     */
    public static Communicator[] createLocal(final int size) {
        return createLocal(size, new Context());
    }

    /**
     * Makes the ranks of a job inside one process, with options. Refuses {@code signvote.plan=server}, because a server
     * needs a process of its own.
     *
     * @param size ranks, 1 to 255.
     * @param context not in use yet; its rank, size and addresses do not matter.
     * @return communicators in rank order; the caller closes each.
     * @throws ConfigurationException if the size or a setting is invalid.
     */
    public static Communicator[] createLocal(final int size, final Context context) {
        return Assembly.local(size, context);
    }

    /** {@return rank of this communicator, 0 to size - 1} */
    public int rank() {
        return transport.rank();
    }

    /** Number of this rank among the ranks of its host. It selects the GPU of the rank. */
    int localRank() {
        if (branch.parent() != null) {
            return branch.parent().localRank();
        }
        return size > 1 && transport instanceof LocalTransport ? rank() : Configuration.LOCAL_RANK.value();
    }

    /** {@return number of ranks} */
    public int size() {
        return size;
    }

    /**
     * {@return number of this communicator, in the {@linkplain io.signvote.bits.Lot lots} of zeros and ties} It is {@link #WORLD}
     * for the communicator of all ranks. Splits have numbers of their own.
     */
    public long number() {
        return branch.number();
    }

    /**
     * The rank in the job of a rank of this communicator. {@link VoteException#ranks()} are ranks of the job. In the
     * communicator of all ranks both are equal.
     *
     * @param rank of this communicator, 0 to size - 1.
     * @return rank of the communicator of all ranks.
     * @throws IndexOutOfBoundsException if there is no such rank.
     * @see <a href="https://www.mpi-forum.org/docs/mpi-4.1/mpi41-report.pdf">MPI 4.1, section 7.3.1,
     *     MPI_Group_translate_ranks</a>
     */
    public int worldRank(final int rank) {
        return branch.group().worldRank(Objects.checkIndex(rank, size));
    }

    /**
     * Splits this communicator. Every rank of it must call this. The ranks of one color get a communicator of their own. Its
     * ranks are ordered by key, and by rank in this communicator where keys are equal. This communicator stays usable. Both can
     * run calls at the same time, on different threads. A split may be split again. Blocks.
     *
     * <p>The new communicator has streams of its own over the media driver and the port of this process. They take shared memory.
     * Before any rank creates a stream, all ranks compare the memory that the streams need with the free memory. Rank 0 of the split
     * logs both sizes. The new communicator draws its own lots for zeros and ties. Its number selects them. The number is derived from
     * this communicator, the count of its splits and the color.
     *
     * <p>A process has one connection to the job. So a failure of one communicator is a failure of the job, and all communicators
     * fail with it. {@link #close()} closes the new communicator too, if it is still open.
     *
     * @param color group of this rank, at least 0; or {@link #NO_COLOR} for a rank that gets no communicator.
     * @param key place of this rank in its group; any number.
     * @return the communicator of the color of this rank; null for {@link #NO_COLOR}. The caller closes it, with all of its ranks.
     * @throws ConfigurationException on every rank, if a host has too little shared memory, or its media driver too few counters.
     *     The message names the host, the need and the free amount. Nothing was created, and this communicator stays usable. Every
     *     rank also gets it under the plan {@code server}. If the color is negative and not {@link #NO_COLOR}, only this rank gets
     *     it, before it sends anything.
     * @throws VoteException as other calls. Also if the streams do not connect before {@code signvote.join.timeout}. The job has
     *     failed then.
     * @see <a href="https://www.mpi-forum.org/docs/mpi-4.1/mpi41-report.pdf">MPI 4.1, section 7.4.2, MPI_Comm_split</a>
     */
    public Communicator split(final int color, final int key) {
        return Split.of(this, color, key);
    }

    /** {@return the options in force} */
    public Context context() {
        return context;
    }

    /** {@return the kernels that pack, tally and unpack for this communicator} */
    public Kernels kernels() {
        return kernels;
    }

    /** {@return counts so far of zeros, of values that are not finite, and of ties} */
    public Census census() {
        return census;
    }

    /**
     * {@return the first error that this rank knows of, or null if there is none} Once there is an error, every later call throws
     * this same object. Thread-safe.
     */
    public VoteException failure() {
        return engine.failure();
    }

    /**
     * Ends every open call on every rank with an {@link io.signvote.error.AbortedException}. Its message is the reason, and its
     * ranks are this rank. The communicator has failed then. Returns at once. Thread-safe.
     *
     * @param reason facts, then the remedy.
     * @throws ConfigurationException if the reason is null.
     */
    public void abort(final String reason) {
        calls.abort(reason);
    }

    /** {@return numbers of frames that were dropped so far, by reason} */
    public FrameCounters frames() {
        return engine.counters();
    }

    /** {@return bytes sent so far, with the transport's framing, without that of UDP and below} */
    public long bytesSent() {
        return transport.bytesSent();
    }

    /**
     * Allreduce of heap arrays. The source is copied off the heap, and the result is copied back.
     *
     * @param source contribution, float32[n].
     * @param target result, float32[at least n]; may be the source. MAJORITY gives -1 and +1.
     * @param op a reduction that {@link ReduceOp#takes} FLOAT32.
     */
    public void allReduce(final float[] source, final float[] target, final ReduceOp op) {
        calls.run(toRun.allReduce(source, target, op));
    }

    /**
     * Allreduce of direct buffers.
     *
     * @param source contribution, direct, little-endian, from its position. The position does not move.
     * @param target result, direct, little-endian, from its position. The position does not move. May be the source.
     * @param count elements, 0 to {@link #MAX_COUNT}.
     * @param type of the elements.
     * @param op a reduction that {@link ReduceOp#takes} the type.
     * @throws ConfigurationException if the reduction does not take the type, and if a buffer is not direct, is big-endian (as Java makes them), or is too small.
     */
    public void allReduce(
            final ByteBuffer source,
            final ByteBuffer target,
            final long count,
            final DataType type,
            final ReduceOp op) {
        ensureCount(count);
        Arguments.ensureWritable(target, count);
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
     * @param source contribution, type[count], or uint64[ceil(count / 64)] of SIGN. Numbers are aligned to their size.
     * @param target result, of the same shape; may be the source. MAJORITY of floats gives -1 and +1.
     * @param count elements, 0 to {@link #MAX_COUNT}.
     * @param type of the elements.
     * @param op a reduction that {@link ReduceOp#takes} the type.
     * @throws ConfigurationException if the reduction does not take the type, if op or type is null, and if an address is 0
     *     and count is not.
     */
    public void allReduce(
            final long source, final long target, final long count, final DataType type, final ReduceOp op) {
        calls.run(toRun.allReduce(source, target, count, type, op));
    }

    /**
     * Majority vote of packed signs in heap arrays. Both arrays are copied.
     *
     * @param source ballot, uint64[at least ceil(count / 64)]; unused tail bits are ignored.
     * @param target verdict, of the same shape; may be the source; unused tail bits are written as 0.
     * @param count coordinates, 0 to {@link #MAX_COUNT}.
     */
    public void vote(final long[] source, final long[] target, final long count) {
        calls.run(toRun.vote(source, target, count));
    }

    /**
     * Majority vote from and to callbacks. The source writes ballots directly into frames, and the sink reads the
     * verdict in the communicator's memory. Optimisers are built on this call.
     *
     * @param source of ballots.
     * @param sink receives the verdict if the round succeeds. With a count of 0 only the sink is called.
     * @param count coordinates, 0 to {@link #MAX_COUNT}.
     * @param step selects the lots of zeros and ties; the same on every rank.
     */
    public void vote(final BallotSource source, final VerdictSink sink, final long count, final long step) {
        vote(source, sink, count, step, 0);
    }

    /**
     * Majority vote from and to callbacks that also compares options. If the options of the ranks differ, every rank
     * gets a {@link io.signvote.error.ProtocolException}, and no sink is called.
     *
     * @param source of ballots.
     * @param sink receives the verdict if the round succeeds.
     * @param count coordinates, 0 to {@link #MAX_COUNT}.
     * @param step selects the lots of zeros and ties; the same on every rank.
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
        calls.run(toRun.vote(type, source, sink, count, step, options));
    }

    /** Majority vote whose step is the number of the call. The consumer gets the step after the round has begun. */
    void vote(
            final DataType type,
            final BallotSource source,
            final VerdictSink sink,
            final long count,
            final LongConsumer onBegun) {
        calls.run(toRun.vote(type, source, sink, count, onBegun));
    }

    /**
     * Sends the root's floats to every rank. They are copied off the heap on the root, and onto the heap elsewhere.
     *
     * @param values source on the root, target elsewhere, float32[n].
     * @param root rank that sends, 0 to size - 1.
     */
    public void broadcast(final float[] values, final int root) {
        calls.run(toRun.broadcast(values, root));
    }

    /**
     * Sends the root's memory to every rank.
     *
     * @param address source on the root, target elsewhere, type[count], or uint64[ceil(count / 64)] of SIGN.
     * @param count elements, 0 to {@link #MAX_COUNT}.
     * @param type of the elements.
     * @param root rank that sends, 0 to size - 1.
     */
    public void broadcast(final long address, final long count, final DataType type, final int root) {
        calls.run(toRun.broadcast(address, count, type, root));
    }

    /**
     * Sends the bytes of every rank to every rank. The length may differ between ranks, and no rank needs to know the
     * lengths of others. The call takes two rounds. The first sends the lengths. {@code signvote.timeout} applies to
     * each round. Allocates only if memory grows.
     *
     * <p>If all lengths together exceed the target's capacity, every rank gets the same error before any of the bytes is sent.
     * The target stays as it is, and the communicator stays usable.
     *
     * @param source address of this rank's bytes, with any alignment. May be inside the target. May be 0 if length is
     *     0.
     * @param length number of this rank's bytes, at least 0.
     * @param target receives the bytes of all ranks, this one included; its capacity is the same on every rank.
     * @throws ConfigurationException if all ranks together have more than the capacity. It names the first rank that
     *     does not fit. Also, on this rank alone, if length is negative, or if source is 0 and length is not.
     * @see <a href="https://www.mpi-forum.org/docs/mpi-4.1/mpi41-report.pdf">MPI 4.1, section 6.7, MPI_Allgatherv;
     *     there every caller must know all lengths</a>
     */
    public void allGather(final long source, final long length, final Gathered target) {
        calls.run(toRun.allGather(source, length, target));
    }

    /**
     * Sends the bytes of every rank to every rank, as {@link #allGather(long, long, Gathered)}.
     *
     * @param source this rank's bytes, direct, from its position to its limit. Neither of them moves. May be empty.
     * @param target receives the bytes of all ranks; its capacity is the same on every rank.
     * @throws ConfigurationException as that call does, and if the buffer is not direct and not empty.
     */
    public void allGather(final ByteBuffer source, final Gathered target) {
        final int length = source.remaining();
        try {
            allGather(address("source", source, DataType.UINT8, length), length, target);
        } finally {
            Reference.reachabilityFence(source);
        }
    }

    /**
     * Sends the floats of every rank to every rank, as {@link #allGather(long, long, Gathered)}. The source is copied
     * off the heap. {@link Gathered#copyFloats} copies the floats of a rank back.
     *
     * @param source floats of this rank, float32[n], n at least 0. The number n may differ between ranks.
     * @param target receives the floats of all ranks; its capacity, in bytes, is the same on every rank.
     */
    public void allGather(final float[] source, final Gathered target) {
        calls.run(toRun.allGather(source, target));
    }

    /**
     * Allreduce of memory by address, asynchronous. Returns when the call is queued. The caller lends source and target
     * until the call is done.
     *
     * @param source as in {@link #allReduce(long, long, long, DataType, ReduceOp)}.
     * @param target as in that call.
     * @param count as in that call.
     * @param type as in that call.
     * @param op as in that call.
     * @return handle of the call.
     * @throws ConfigurationException as that call does, and if an open call uses the same memory and one of the two writes it.
     */
    public Work allReduceAsync(
            final long source, final long target, final long count, final DataType type, final ReduceOp op) {
        return allReduceAsync(source, target, count, type, op, 0);
    }

    /**
     * Allreduce of memory by address, asynchronous. Returns when the call is queued. The caller lends source and target
     * until the call is done.
     *
     * @param source as in {@link #allReduce(long, long, long, DataType, ReduceOp)}.
     * @param target as in that call.
     * @param count as in that call.
     * @param type as in that call.
     * @param op as in that call.
     * @param tag number that the ranks compare, 0 for none. If threads cross their calls, every rank gets an error.
     * @return handle of the call.
     * @throws ConfigurationException as that call does, and if an open call uses the same memory and one of the two writes it.
     */
    public Work allReduceAsync(
            final long source,
            final long target,
            final long count,
            final DataType type,
            final ReduceOp op,
            final int tag) {
        return calls.start(toStart.allReduce(source, target, count, type, op).tag(tag));
    }

    /**
     * Allreduce of direct buffers, asynchronous. Both buffers are lent, and kept reachable, until the call is done.
     *
     * @param source as in {@link #allReduce(ByteBuffer, ByteBuffer, long, DataType, ReduceOp)}.
     * @param target as in that call.
     * @param count as in that call.
     * @param type as in that call.
     * @param op as in that call.
     * @return handle of the call.
     */
    public Work allReduceAsync(
            final ByteBuffer source,
            final ByteBuffer target,
            final long count,
            final DataType type,
            final ReduceOp op) {
        ensureCount(count);
        Arguments.ensureWritable(target, count);
        return calls.start(toStart.allReduce(
                        address("source", source, type, count), address("target", target, type, count), count, type, op)
                .hold(source, target));
    }

    /**
     * Allreduce of heap arrays, asynchronous. The source is copied before this returns; the target is lent until the call is
     * done.
     *
     * @param source contribution, float32[n].
     * @param target result, float32[at least n].
     * @param op a reduction that {@link ReduceOp#takes} FLOAT32.
     * @return handle of the call.
     */
    public Work allReduceAsync(final float[] source, final float[] target, final ReduceOp op) {
        return calls.start(toStart.allReduce(source, target, op));
    }

    /**
     * Majority vote from and to callbacks, asynchronous. Any thread of the communicator may call source and sink, one call at a
     * time. They must not wait for a call. The caller lends everything that they use until the call is done.
     *
     * @param source of ballots.
     * @param sink receives the verdict if the round succeeds.
     * @param count coordinates, 0 to {@link #MAX_COUNT}.
     * @param step selects the lots of zeros and ties; the same on every rank.
     * @return handle of the call.
     */
    public Work voteAsync(final BallotSource source, final VerdictSink sink, final long count, final long step) {
        return voteAsync(source, sink, count, step, 0, 0);
    }

    /**
     * Majority vote from and to callbacks, asynchronous. Any thread of the communicator may call source and sink, one call at a
     * time. They must not wait for a call. The caller lends everything that they use until the call is done.
     *
     * @param source of ballots.
     * @param sink receives the verdict if the round succeeds.
     * @param count coordinates, 0 to {@link #MAX_COUNT}.
     * @param step selects the lots of zeros and ties; the same on every rank.
     * @param options 64 bits that all ranks must share, as in {@link #vote(BallotSource, VerdictSink, long, long, long)}.
     * @param tag number that the ranks compare, 0 for none. If threads cross their calls, every rank gets an error.
     * @return handle of the call.
     */
    public Work voteAsync(
            final BallotSource source,
            final VerdictSink sink,
            final long count,
            final long step,
            final long options,
            final int tag) {
        return calls.start(toStart.vote(DataType.FLOAT32, source, sink, count, step, options)
                .tag(tag));
    }

    /**
     * Sends the root's memory to every rank, asynchronous. The caller lends the memory until the call is done.
     *
     * @param address as in {@link #broadcast(long, long, DataType, int)}.
     * @param count as in that call.
     * @param type as in that call.
     * @param root as in that call.
     * @return handle of the call.
     */
    public Work broadcastAsync(final long address, final long count, final DataType type, final int root) {
        return broadcastAsync(address, count, type, root, 0);
    }

    /**
     * Sends the root's memory to every rank, asynchronous. The caller lends the memory until the call is done.
     *
     * @param address as in {@link #broadcast(long, long, DataType, int)}.
     * @param count as in that call.
     * @param type as in that call.
     * @param root as in that call.
     * @param tag number that the ranks compare, 0 for none. If threads cross their calls, every rank gets an error.
     * @return handle of the call.
     */
    public Work broadcastAsync(
            final long address, final long count, final DataType type, final int root, final int tag) {
        return calls.start(toStart.broadcast(address, count, type, root).tag(tag));
    }

    /**
     * Sends the bytes of every rank to every rank, asynchronous. The caller lends source and target until the call is done. If
     * the lengths exceed the capacity, the call fails alike on every rank, and the communicator stays usable.
     *
     * @param source as in {@link #allGather(long, long, Gathered)}.
     * @param length as in that call.
     * @param target as in that call.
     * @return handle of the call.
     */
    public Work allGatherAsync(final long source, final long length, final Gathered target) {
        return allGatherAsync(source, length, target, 0);
    }

    /**
     * Sends the bytes of every rank to every rank, asynchronous. The caller lends source and target until the call is done. If
     * the lengths exceed the capacity, the call fails alike on every rank, and the communicator stays usable.
     *
     * @param source as in {@link #allGather(long, long, Gathered)}.
     * @param length as in that call.
     * @param target as in that call.
     * @param tag number that the ranks compare, 0 for none. If threads cross their calls, every rank gets an error.
     * @return handle of the call.
     */
    public Work allGatherAsync(final long source, final long length, final Gathered target, final int tag) {
        return calls.start(toStart.allGather(source, length, target).tag(tag));
    }

    // collectives on elements: M ranks, blocks of n elements

    /**
     * Combines the elements of all ranks, for all ranks.
     *
     * @param source contribution, n elements. May be the target, or overlap it.
     * @param target result, n elements. MAJORITY of floats gives -1 and +1.
     * @param op a reduction that {@link ReduceOp#takes} the type.
     * @throws ConfigurationException if the reduction does not take the type, if types or counts differ, or if the target is read-only.
     *     The other collectives on elements throw it for the same reasons.
     * @see <a href="https://www.mpi-forum.org/docs/mpi-4.1/mpi41-report.pdf">MPI 4.1, section 6.9.6, MPI_Allreduce</a>
     */
    public void allReduce(final Elements source, final Elements target, final ReduceOp op) {
        calls.run(toRun.collective(Collective.ALL_REDUCE, source, target, op, 0));
    }

    /**
     * Combines the elements of all ranks, for one rank. No rank returns before all ranks have sent their elements.
     *
     * @param source contribution, n elements.
     * @param target result on the root, n elements; may be the source. Not used on other ranks, where it may be null.
     * @param op a reduction that {@link ReduceOp#takes} the type.
     * @param root rank that gets the result, 0 to size - 1.
     * @see <a href="https://www.mpi-forum.org/docs/mpi-4.1/mpi41-report.pdf">MPI 4.1, section 6.9.1, MPI_Reduce</a>
     */
    public void reduce(final Elements source, final Elements target, final ReduceOp op, final int root) {
        calls.run(toRun.collective(Collective.REDUCE, source, target, op, root));
    }

    /**
     * Sends the elements of the root to every rank.
     *
     * @param elements n elements: source on the root, target elsewhere.
     * @param root rank that sends, 0 to size - 1.
     * @see <a href="https://www.mpi-forum.org/docs/mpi-4.1/mpi41-report.pdf">MPI 4.1, section 6.4, MPI_Bcast</a>
     */
    public void broadcast(final Elements elements, final int root) {
        calls.run(toRun.collective(Collective.BROADCAST, elements, elements, null, root));
    }

    /**
     * Combines M blocks of all ranks, and gives rank r block r. The plan {@code server} does not apply: each rank tallies its block.
     *
     * @param source contribution, M blocks in rank order. Each block of SIGN begins at a whole word, so it is 64 ceil(n / 64) signs.
     * @param target result, n elements. May be in the source.
     * @param op a reduction that {@link ReduceOp#takes} the type.
     * @see <a href="https://www.mpi-forum.org/docs/mpi-4.1/mpi41-report.pdf">MPI 4.1, section 6.10.1, MPI_Reduce_scatter_block</a>
     */
    public void reduceScatter(final Elements source, final Elements target, final ReduceOp op) {
        calls.run(toRun.collective(Collective.REDUCE_SCATTER, source, target, op, 0));
    }

    /**
     * Sends one block of every rank to every rank. {@link #allGather(long, long, Gathered)} takes blocks of different lengths.
     *
     * @param source block of this rank, n elements. May be in the target.
     * @param target M blocks in rank order; of SIGN as in {@link #reduceScatter}.
     * @see <a href="https://www.mpi-forum.org/docs/mpi-4.1/mpi41-report.pdf">MPI 4.1, section 6.7, MPI_Allgather</a>
     */
    public void allGather(final Elements source, final Elements target) {
        calls.run(toRun.collective(Collective.ALL_GATHER, source, target, null, 0));
    }

    /**
     * Sends one block of every rank to one rank.
     *
     * @param source block of this rank, n elements. May be in the target.
     * @param target M blocks on the root, in rank order; of SIGN as in {@link #reduceScatter}. Not used on other ranks, where it may be
     *     null.
     * @param root rank that gets the blocks, 0 to size - 1.
     * @see <a href="https://www.mpi-forum.org/docs/mpi-4.1/mpi41-report.pdf">MPI 4.1, section 6.5, MPI_Gather</a>
     */
    public void gather(final Elements source, final Elements target, final int root) {
        calls.run(toRun.collective(Collective.GATHER, source, target, null, root));
    }

    /**
     * Sends M blocks of one rank, one to each rank.
     *
     * @param source M blocks on the root, in rank order; of SIGN as in {@link #reduceScatter}. Not used on other ranks, where it may be
     *     null.
     * @param target block of this rank, n elements. May be in the source.
     * @param root rank that sends, 0 to size - 1.
     * @see <a href="https://www.mpi-forum.org/docs/mpi-4.1/mpi41-report.pdf">MPI 4.1, section 6.6, MPI_Scatter</a>
     */
    public void scatter(final Elements source, final Elements target, final int root) {
        calls.run(toRun.collective(Collective.SCATTER, source, target, null, root));
    }

    /**
     * Sends M blocks of every rank, one to each rank: block r of rank q becomes block q of rank r.
     *
     * @param source M blocks in rank order. Blocks of SIGN are whole words of 64 signs.
     * @param target M blocks in rank order. May be the source.
     * @see <a href="https://www.mpi-forum.org/docs/mpi-4.1/mpi41-report.pdf">MPI 4.1, section 6.8, MPI_Alltoall</a>
     */
    public void allToAll(final Elements source, final Elements target) {
        calls.run(toRun.collective(Collective.ALL_TO_ALL, source, target, null, 0));
    }

    /**
     * {@link #allReduce(Elements, Elements, ReduceOp)}, asynchronous. The elements are lent until the call is done.
     *
     * @param source as in that call.
     * @param target as in that call.
     * @param op as in that call.
     * @param tag number that the ranks compare, 0 for none. If threads cross their calls, every rank gets an error.
     * @return handle of the call.
     * @throws ConfigurationException as that call does, and if an open call uses the same memory and one of the two writes it.
     */
    public Work allReduceAsync(final Elements source, final Elements target, final ReduceOp op, final int tag) {
        return calls.start(
                toStart.collective(Collective.ALL_REDUCE, source, target, op, 0).tag(tag));
    }

    /**
     * {@link #reduce(Elements, Elements, ReduceOp, int)}, asynchronous. The elements are lent until the call is done.
     *
     * @param source as in that call.
     * @param target as in that call.
     * @param op as in that call.
     * @param root as in that call.
     * @param tag number that the ranks compare, 0 for none. If threads cross their calls, every rank gets an error.
     * @return handle of the call.
     * @throws ConfigurationException as that call does, and if an open call uses the same memory and one of the two writes it.
     */
    public Work reduceAsync(
            final Elements source, final Elements target, final ReduceOp op, final int root, final int tag) {
        return calls.start(
                toStart.collective(Collective.REDUCE, source, target, op, root).tag(tag));
    }

    /**
     * {@link #broadcast(Elements, int)}, asynchronous. The elements are lent until the call is done.
     *
     * @param elements as in that call.
     * @param root as in that call.
     * @param tag number that the ranks compare, 0 for none. If threads cross their calls, every rank gets an error.
     * @return handle of the call.
     * @throws ConfigurationException as that call does, and if an open call uses the same memory and one of the two writes it.
     */
    public Work broadcastAsync(final Elements elements, final int root, final int tag) {
        return calls.start(toStart.collective(Collective.BROADCAST, elements, elements, null, root)
                .tag(tag));
    }

    /**
     * {@link #reduceScatter(Elements, Elements, ReduceOp)}, asynchronous. The elements are lent until the call is done.
     *
     * @param source as in that call.
     * @param target as in that call.
     * @param op as in that call.
     * @param tag number that the ranks compare, 0 for none. If threads cross their calls, every rank gets an error.
     * @return handle of the call.
     * @throws ConfigurationException as that call does, and if an open call uses the same memory and one of the two writes it.
     */
    public Work reduceScatterAsync(final Elements source, final Elements target, final ReduceOp op, final int tag) {
        return calls.start(toStart.collective(Collective.REDUCE_SCATTER, source, target, op, 0)
                .tag(tag));
    }

    /**
     * {@link #allGather(Elements, Elements)}, asynchronous. The elements are lent until the call is done.
     *
     * @param source as in that call.
     * @param target as in that call.
     * @param tag number that the ranks compare, 0 for none. If threads cross their calls, every rank gets an error.
     * @return handle of the call.
     * @throws ConfigurationException as that call does, and if an open call uses the same memory and one of the two writes it.
     */
    public Work allGatherAsync(final Elements source, final Elements target, final int tag) {
        return calls.start(toStart.collective(Collective.ALL_GATHER, source, target, null, 0)
                .tag(tag));
    }

    /**
     * {@link #gather(Elements, Elements, int)}, asynchronous. The elements are lent until the call is done.
     *
     * @param source as in that call.
     * @param target as in that call.
     * @param root as in that call.
     * @param tag number that the ranks compare, 0 for none. If threads cross their calls, every rank gets an error.
     * @return handle of the call.
     * @throws ConfigurationException as that call does, and if an open call uses the same memory and one of the two writes it.
     */
    public Work gatherAsync(final Elements source, final Elements target, final int root, final int tag) {
        return calls.start(toStart.collective(Collective.GATHER, source, target, null, root)
                .tag(tag));
    }

    /**
     * {@link #scatter(Elements, Elements, int)}, asynchronous. The elements are lent until the call is done.
     *
     * @param source as in that call.
     * @param target as in that call.
     * @param root as in that call.
     * @param tag number that the ranks compare, 0 for none. If threads cross their calls, every rank gets an error.
     * @return handle of the call.
     * @throws ConfigurationException as that call does, and if an open call uses the same memory and one of the two writes it.
     */
    public Work scatterAsync(final Elements source, final Elements target, final int root, final int tag) {
        return calls.start(toStart.collective(Collective.SCATTER, source, target, null, root)
                .tag(tag));
    }

    /**
     * {@link #allToAll(Elements, Elements)}, asynchronous. The elements are lent until the call is done.
     *
     * @param source as in that call.
     * @param target as in that call.
     * @param tag number that the ranks compare, 0 for none. If threads cross their calls, every rank gets an error.
     * @return handle of the call.
     * @throws ConfigurationException as that call does, and if an open call uses the same memory and one of the two writes it.
     */
    public Work allToAllAsync(final Elements source, final Elements target, final int tag) {
        return calls.start(toStart.collective(Collective.ALL_TO_ALL, source, target, null, 0)
                .tag(tag));
    }

    /** {@return handle of a barrier, which is done once every rank has submitted it} */
    public Work barrierAsync() {
        return barrierAsync(0);
    }

    /**
     * Submits a barrier with a tag.
     *
     * @param tag number that the ranks compare, 0 for none. If threads cross their calls, every rank gets an error.
     * @return handle of the barrier, which is done once every rank has submitted it.
     */
    public Work barrierAsync(final int tag) {
        return calls.start(toStart.barrier().tag(tag));
    }

    /** Waits until every rank has called it. */
    public void barrier() {
        calls.run(toRun.barrier());
    }

    /**
     * Returns true if every rank passes true. All ranks get the same answer. Blocks for one small round. Use it when ranks must
     * decide together, for example to skip a step.
     *
     * @param value of this rank.
     * @return true if every rank passed true; the same on every rank.
     * @see <a href="https://www.mpi-forum.org/docs/mpi-4.1/mpi41-report.pdf">MPI 4.1, section 6.9.2, MPI_LAND</a>
     */
    public boolean allTrue(final boolean value) {
        return calls.run(toRun.countTrue(value, Call.ALL_TRUE)) == size;
    }

    /**
     * Returns true if any rank passes true. All ranks get the same answer. Blocks for one small round. Use it to stop early
     * together.
     *
     * @param value of this rank.
     * @return true if a rank passed true; the same on every rank.
     */
    public boolean anyTrue(final boolean value) {
        return calls.run(toRun.countTrue(value, Call.ANY_TRUE)) > 0;
    }

    /**
     * Leaves together with every other rank. Waits a few seconds for them to close too. Ranks of one process do not
     * wait. After a failure no rank waits for the goodbyes of others. Frames that were sent still arrive, within about
     * three seconds.
     *
     * <p>Any thread may call it, also a shutdown hook, a callback and an interrupted thread. The thread keeps its
     * interrupt. An open call fails with {@link io.signvote.error.ClosedException} on this rank, and with
     * {@link io.signvote.error.PeerLostException} on the others. It frees no memory of an open call before that call
     * has ended. A second call waits for the first.
     *
     * <p>Closes first, the newest first, all communicators that were {@linkplain #split split} from this one and are still
     * open. To close a split leaves this communicator open.
     */
    @Override
    public void close() {
        CloseHelper.closeAll(branch::closeChildren, calls::close);
    }

    /** Sends the lines of a split. It is a call of its own kind, so that a rank that makes another call gets a mismatch. */
    void exchange(final long source, final long length, final Gathered target) {
        calls.run(toRun.allGather(source, length, target).ofSplit());
    }

    Branch branch() {
        return branch;
    }

    long leaveTimeoutNs() {
        return leaveTimeoutNs;
    }

    /** Fails the job for an error outside of any round. Otherwise the other ranks would wait for our ballots. */
    void abort(final Throwable error) {
        calls.abort(error);
    }

    Calls calls() {
        return calls;
    }
}
