package io.signvote;

import io.signvote.bits.Lot;
import io.signvote.bits.OffHeap;
import io.signvote.collective.Engine;
import io.signvote.collective.Group;
import io.signvote.error.ConfigurationException;
import io.signvote.transport.Endpoint;
import io.signvote.transport.Transport;
import io.signvote.transport.aeron.NodeMemory;
import io.signvote.transport.local.LocalTransport;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.agrona.CloseHelper;
import org.agrona.UnsafeApi;

/**
 * One split of a communicator. Each rank sends one line to all: color, key, and the state of its shared memory. Then every
 * rank knows all lines and derives the same communicators, the same numbers and the same objection from them. A rank makes
 * nothing before the exchange ends, and the exchange ends when every rank has measured its memory. Control plane.
 */
final class Split {
    private static final System.Logger LOGGER = System.getLogger("io.signvote");

    /** Seed of the numbers of splits. Any number does. */
    private static final long NUMBERS = 0x53706C6974L;

    /**
     * Exchanges before a split is refused for lack of memory. A driver frees the logs of a closed communicator some time later.
     * The ranks count exchanges, not time, so that all of them stop at the same exchange.
     */
    private static final int MOST_EXCHANGES = 20;

    private static final long EXCHANGE_PARK_NS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Words of a line, in this order. */
    private static final int COLOR = 0;

    private static final int KEY = 1;
    private static final int SERIAL = 2;
    private static final int MEMORY_ID = 3;
    private static final int FREE_LENGTH = 4;
    private static final int LOG_LENGTH = 5;
    private static final int FREE_COUNTERS = 6;
    private static final int WORDS = 7;
    private static final long LINE_LENGTH = WORDS * (long) Long.BYTES;

    private final Communicator parent;
    private final Carrier carrier;
    private final long[][] lines;

    private Split(final Communicator parent, final long[][] lines) {
        this.parent = parent;
        this.lines = lines;
        carrier = parent.branch().shared().carrier();
    }

    /**
     * Splits a communicator, together with all other ranks of it.
     *
     * @return a communicator, or null if the color is {@link Communicator#NO_COLOR}.
     */
    static Communicator of(final Communicator parent, final int color, final int key) {
        if (color < 0 && color != Communicator.NO_COLOR) {
            throw new ConfigurationException(
                    "split: color=" + color + ", expected at least 0, or Communicator.NO_COLOR for no communicator");
        }
        if (parent.context().plan() == Configuration.PlanKind.SERVER) {
            throw new ConfigurationException("split: the server of signvote.plan=server serves one communicator only,"
                    + " set signvote.plan=sharded or star on every rank");
        }
        final Branch.Shared shared = parent.branch().shared();
        shared.hold();
        try {
            final Split split = exchanged(parent, color, key);
            return color == Communicator.NO_COLOR ? null : split.make();
        } finally {
            shared.release();
        }
    }

    private static Split exchanged(final Communicator parent, final int color, final int key) {
        final long serial = parent.branch().nextSerial();
        for (int exchange = 1; ; exchange++) {
            final Split split = new Split(parent, exchange(parent, color, key, serial));
            final String objection = split.objection();
            if (objection == null) {
                return split;
            }
            if (exchange == MOST_EXCHANGES) {
                throw new ConfigurationException(objection);
            }
            LockSupport.parkNanos(EXCHANGE_PARK_NS);
        }
    }

    private static long[][] exchange(final Communicator parent, final int color, final int key, final long serial) {
        final NodeMemory memory = parent.branch().shared().carrier().memory();
        final int size = parent.size();
        try (OffHeap own = new OffHeap(LINE_LENGTH);
                Gathered all = new Gathered(size * LINE_LENGTH)) {
            put(own, COLOR, color);
            put(own, KEY, key);
            put(own, SERIAL, serial);
            put(own, MEMORY_ID, memory == null ? 0 : memory.id());
            put(own, FREE_LENGTH, memory == null ? 0 : memory.freeLength());
            put(own, LOG_LENGTH, memory == null ? 0 : memory.logLength());
            put(own, FREE_COUNTERS, memory == null ? 0 : memory.freeCounters());
            parent.exchange(own.address(), LINE_LENGTH, all);
            final long[][] lines = new long[size][WORDS];
            for (int rank = 0; rank < size; rank++) {
                for (int word = 0; word < WORDS; word++) {
                    lines[rank][word] = UnsafeApi.getLong(all.address(rank) + word * (long) Long.BYTES);
                }
            }
            return lines;
        }
    }

    private static void put(final OffHeap line, final int word, final long value) {
        UnsafeApi.putLong(line.address() + word * (long) Long.BYTES, value);
    }

    /** Ranks of one color, by key and rank. */
    private int[] members(final long color) {
        return IntStream.range(0, lines.length)
                .filter(rank -> lines[rank][COLOR] == color && color != Communicator.NO_COLOR)
                .boxed()
                .sorted(Comparator.comparingLong((Integer rank) -> lines[rank][KEY]))
                .mapToInt(rank -> rank)
                .toArray();
    }

    /** Why the streams do not fit, the same text on every rank; or null. */
    private String objection() {
        if (endpoint(0) == null) {
            return null;
        }
        for (int rank = 0; rank < lines.length; rank++) {
            final long memoryId = lines[rank][MEMORY_ID];
            final int[] sharing = ranks(other -> lines[other][MEMORY_ID] == memoryId);
            if (neededLength(sharing) > freeLength(sharing)) {
                return "split: shared memory is too small on host="
                        + endpoint(rank).host() + ": needed="
                        + neededLength(sharing) + " available=" + freeLength(sharing) + " bytes for the streams of "
                        + named(sharing)
                        + ", enlarge the file system of its media driver (/dev/shm; for a container --shm-size), lower"
                        + " signvote.socket.buffer, share one media driver a host (signvote.aeron.dir), or close other"
                        + " splits first; nothing was created, and the communicator that was split stays usable";
            }
            final String driver = endpoint(rank).driverDirectory();
            final int[] ofDriver =
                    ranks(other -> endpoint(other).driverDirectory().equals(driver));
            final long counters = (long) NodeMemory.COUNTERS_PER_LINK * links(ofDriver);
            final long free = least(ofDriver, FREE_COUNTERS);
            if (counters > free) {
                return "split: the media driver on host=" + endpoint(rank).host() + " has too few counters: needed="
                        + counters + " available=" + free + " for the streams of " + named(ofDriver)
                        + ", split into smaller communicators, or close other splits first; nothing was created, and"
                        + " the communicator that was split stays usable";
            }
        }
        return null;
    }

    private int[] ranks(final IntPredicate predicate) {
        return IntStream.range(0, lines.length).filter(predicate).toArray();
    }

    private String named(final int[] ranks) {
        return "ranks "
                + IntStream.of(ranks).mapToObj(this::worldRank).toList()
                + (parent.branch().parent() == null ? "" : " of the job");
    }

    private long freeLength(final int[] ranks) {
        return least(ranks, FREE_LENGTH);
    }

    private long least(final int[] ranks, final int word) {
        return IntStream.of(ranks).mapToLong(rank -> lines[rank][word]).min().getAsLong();
    }

    private int links(final int[] ranks) {
        return IntStream.of(ranks)
                .map(rank -> Math.max(0, members(lines[rank][COLOR]).length - 1))
                .sum();
    }

    /** A rank has a log for each stream that it sends. Its driver has one for each stream that comes from another driver. */
    private long neededLength(final int[] ranks) {
        long length = 0;
        for (final int rank : ranks) {
            for (final int peer : members(lines[rank][COLOR])) {
                if (peer != rank) {
                    final boolean isShared = endpoint(peer)
                            .driverDirectory()
                            .equals(endpoint(rank).driverDirectory());
                    length += lines[rank][LOG_LENGTH] + (isShared ? 0 : lines[peer][LOG_LENGTH]);
                }
            }
        }
        return length;
    }

    private Endpoint endpoint(final int rank) {
        return carrier.endpoint(worldRank(rank));
    }

    private int worldRank(final int rank) {
        return parent.branch().group().worldRank(rank);
    }

    /** Connects the ranks of the color of this rank. An error fails the job: other ranks may be connected already. */
    private Communicator make() {
        final long color = lines[parent.rank()][COLOR];
        final int[] members = members(color);
        final Group group = Group.of(IntStream.of(members).map(this::worldRank).toArray());
        final int rank = IntStream.range(0, members.length)
                .filter(i -> members[i] == parent.rank())
                .findFirst()
                .getAsInt();
        // all ranks use the count of rank 0. On another rank, two threads may count their splits in one order and
        // exchange in the other
        final long number = Lot.key(NUMBERS, parent.branch().number(), lines[0][SERIAL], color);
        final Branch.Shared shared = parent.branch().shared();
        final long sessionKey = Lot.key(shared.sessionKey(), number, 0, 0);
        Transport transport = null;
        Engine engine = null;
        final Communicator split;
        try {
            transport = members.length == 1
                    ? LocalTransport.create(1)[0]
                    : carrier.connect(group, members.length, rank, sessionKey);
            engine = new Engine(
                    transport,
                    shared.membership(),
                    parent.kernels(),
                    parent.context().clock(),
                    Assembly.roundSettings(parent.context(), sessionKey, shared.view(), members.length, number, group));
            split = new Communicator(
                    parent.context(),
                    parent.kernels(),
                    transport,
                    engine,
                    members.length,
                    Branch.of(parent, group, number),
                    parent.leaveTimeoutNs());
        } catch (final Throwable e) {
            // catches any throwable: Agrona throws more than Java declares
            parent.abort(e);
            CloseHelper.quietCloseAll(engine, transport);
            throw e;
        }
        log(color, members, transport);
        try {
            parent.branch().add(split);
        } catch (final IllegalStateException e) {
            split.close();
            throw e;
        }
        return split;
    }

    private void log(final long color, final int[] members, final Transport transport) {
        final int[] sharing = ranks(other -> lines[other][MEMORY_ID] == lines[parent.rank()][MEMORY_ID]);
        LOGGER.log(
                members[0] == parent.rank() ? System.Logger.Level.INFO : System.Logger.Level.DEBUG,
                "signvote split color=" + color + " ranks=" + members.length + " of " + parent.size() + ", ranks "
                        + IntStream.of(members).mapToObj(this::worldRank).toList() + " of the job, frame="
                        + transport.maxFrameLength() + " receiveWindow=" + transport.receiveWindowLength()
                        + (endpoint(0) == null
                                ? ""
                                : " sharedMemory=" + neededLength(sharing) + " of " + freeLength(sharing)
                                        + " free on host="
                                        + endpoint(parent.rank()).host()));
    }
}
