package io.signvote.kernel;

import io.signvote.op.DataType;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;

/**
 * The arithmetic of a vote in the memory of one GPU, and what it takes to get there and back. The results are those of
 * {@link Kernels}, bit for bit; float16 and bfloat16 are widened exactly first.
 *
 * <p>A method that takes a {@code stream} only asks: it returns at once, and what it asked for happens after everything that
 * this stream was given before. Device memory is given by address, of this device or of a framework that shares its primary
 * context; a stream by the driver's handle, one of {@link #newStream} or of a framework, 0 for the default stream. Words are
 * aligned to 8 bytes, values to their size; where both are aligned to 32, it is faster. Source and target of one call overlap
 * only where that is said. Methods check nothing: the caller owns sizes.
 *
 * <p>Every method throws {@link io.signvote.error.DeviceException} where the driver refuses; what goes wrong on the device
 * itself shows in a later call. The calling thread's current context is left as it was. Used by one thread at a time;
 * {@link #await} alone waits, and nothing on the way of a round allocates. Once closed, what gives something back does nothing,
 * and all else throws {@link IllegalStateException}.
 */
public interface DeviceKernels extends AutoCloseable {
    /** {@return ordinal of the device, from 0} */
    int device();

    /** {@return what the driver calls the device} */
    String deviceName();

    /**
     * Returns the bytes from an address to the end of its allocation. The memory may belong to this device, to a framework in the same
     * context, or be pinned.
     *
     * @param address anything.
     * @return bytes; 0 if the device does not reach the address.
     */
    long reach(long address);

    // control plane: these may wait for all that the device is doing

    /**
     * Allocates device memory, of any contents.
     *
     * @param length bytes, at least 1.
     * @return device address, a multiple of 256.
     */
    long allocate(long length);

    /**
     * Frees what {@link #allocate} gave.
     *
     * @param address device address, or 0 for nothing.
     */
    void free(long address);

    /**
     * Allocates memory of the host that the device copies to and from.
     *
     * @param length bytes, at least 1.
     * @return address, a multiple of 64.
     */
    long allocatePinned(long length);

    /**
     * Frees what {@link #allocatePinned} gave.
     *
     * @param address of the host, or 0 for nothing.
     */
    void freePinned(long address);

    /** {@return handle of a stream of our own, which does not wait for the default stream} */
    long newStream();

    /**
     * Ends a stream that {@link #newStream} gave, when it has done all that it was given.
     *
     * @param stream handle, or 0 for none.
     */
    void closeStream(long stream);

    /**
     * Waits until a stream has done all that it was given.
     *
     * @param stream handle.
     */
    void await(long stream);

    /** Frees all memory and streams that are left, and the module. Calling it again does nothing. */
    @Override
    void close();

    // data plane

    /**
     * Whether a stream has done all that it was given; where that failed, throws.
     *
     * @param stream handle.
     * @return false while something is left.
     */
    boolean isIdle(long stream);

    /**
     * Lets all that a stream is given from now on wait for what another was given so far.
     *
     * @param stream that waits.
     * @param leader that it waits for.
     */
    void follow(long stream, long leader);

    /**
     * Copies from pinned memory to the device.
     *
     * @param source pinned address.
     * @param target device address.
     * @param length bytes, at least 1.
     * @param stream handle.
     */
    void upload(long source, long target, long length, long stream);

    /**
     * Copies from the device to pinned memory.
     *
     * @param source device address.
     * @param target pinned address.
     * @param length bytes, at least 1.
     * @param stream handle.
     */
    void download(long source, long target, long length, long stream);

    /**
     * Copies within the device.
     *
     * @param source device address.
     * @param target device address.
     * @param length bytes, at least 1.
     * @param stream handle.
     */
    void copy(long source, long target, long length, long stream);

    /**
     * Writes zeros.
     *
     * @param target device address.
     * @param length bytes, at least 1.
     * @param stream handle.
     */
    void clear(long target, long length, long stream);

    /**
     * Writes a stamp into pinned memory after all earlier work of the stream is done and can be read. A thread that waits for it
     * reads it volatile.
     *
     * @param target pinned address of an int32, aligned to 4 bytes.
     * @param stamp to be written.
     * @param stream of our own.
     */
    void signal(long target, int stamp, long stream);

    /**
     * {@link Kernels#packSigns} on the device.
     *
     * @param values source, n of the type.
     * @param type FLOAT32, FLOAT16 or BFLOAT16.
     * @param words target, uint64[ceil(n / 64)].
     * @param n coordinates, at least 1.
     * @param zeroPolicy POSITIVE or RANDOM.
     * @param zeroKey key of the lots of zeros.
     * @param firstWord index in the whole call of the first word.
     * @param counts uint64[2] to which zeros, and values that are not finite, are added.
     * @param stream handle.
     */
    void packSigns(
            long values,
            DataType type,
            long words,
            long n,
            ZeroPolicy zeroPolicy,
            long zeroKey,
            long firstWord,
            long counts,
            long stream);

    /**
     * {@link Kernels#momentumPackSigns} on the device.
     *
     * @param gradients source, n of the type.
     * @param type of the gradients: FLOAT32, FLOAT16 or BFLOAT16.
     * @param momentum float32[n], read and written.
     * @param words target, uint64[ceil(n / 64)].
     * @param n coordinates, at least 1.
     * @param beta as float32.
     * @param oneMinusBeta as float32.
     * @param zeroPolicy POSITIVE or RANDOM.
     * @param zeroKey key of the lots of zeros.
     * @param firstWord index in the whole call of the first word.
     * @param counts uint64[2] to which momenta that are zero, and coordinates that are not finite, are added.
     * @param stream handle.
     */
    void momentumPackSigns(
            long gradients,
            DataType type,
            long momentum,
            long words,
            long n,
            float beta,
            float oneMinusBeta,
            ZeroPolicy zeroPolicy,
            long zeroKey,
            long firstWord,
            long counts,
            long stream);

    /**
     * {@link Kernels#unpackSigns} on the device.
     *
     * @param words source, uint64[ceil(n / 64)].
     * @param values target, float32[n].
     * @param n coordinates, at least 1.
     * @param stream handle.
     */
    void unpackSigns(long words, long values, long n, long stream);

    /**
     * {@link Kernels#accumulate} on the device.
     *
     * @param words ballot, uint64[wordCount].
     * @param planes counters, uint64[planeCount][planeStride].
     * @param planeStride words from one plane to the next, at least wordCount.
     * @param wordCount words, at least 1.
     * @param ballots ballots counted before, 0 to 254.
     * @param stream handle.
     */
    void accumulate(long words, long planes, long planeStride, long wordCount, int ballots, long stream);

    /**
     * {@link Kernels#majority} on the device.
     *
     * @param planes counters as {@link #accumulate} left them.
     * @param planeStride words from one plane to the next.
     * @param words target, uint64[ceil(n / 64)]; may be plane 0.
     * @param n coordinates, at least 1.
     * @param ballots ballots counted, 1 to 255.
     * @param tiePolicy POSITIVE, NEGATIVE or RANDOM.
     * @param tieKey key of the lots of ties.
     * @param firstWord index in the whole call of the first word.
     * @param ties uint64 to which the coordinates that were tied are added.
     * @param stream handle.
     */
    void majority(
            long planes,
            long planeStride,
            long words,
            long n,
            int ballots,
            TiePolicy tiePolicy,
            long tieKey,
            long firstWord,
            long ties,
            long stream);

    /**
     * {@link Kernels#applySigns} on the device.
     *
     * @param words verdict, uint64[ceil(n / 64)].
     * @param parameters float32[n], read and written.
     * @param n coordinates, at least 1.
     * @param eta learning rate.
     * @param lambda weight decay.
     * @param stream handle.
     */
    void applySigns(long words, long parameters, long n, float eta, float lambda, long stream);

    /**
     * {@link Kernels#add} on the device.
     *
     * @param source float32[n].
     * @param target float32[n], read and written.
     * @param n coordinates, at least 1.
     * @param stream handle.
     */
    void add(long source, long target, long n, long stream);
}
