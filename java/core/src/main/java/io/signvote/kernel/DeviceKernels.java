package io.signvote.kernel;

import io.signvote.op.DataType;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;

/**
 * The arithmetic of a vote in the memory of one GPU, with its memory, streams and copies. The results are those of
 * {@link Kernels}, bit for bit. float16 and bfloat16 are first widened exactly.
 *
 * <p>A method with a {@code stream} only queues work: it returns at once, and the work runs after all earlier work of
 * that stream. Device memory is passed by address. It belongs to this device, or to a framework that shares its primary
 * context. A stream is passed by the driver's handle: one of {@link #newStream}, one of a framework, or 0 for the
 * default stream. Words are aligned to 8 bytes, values to their size. Alignment of both to 32 bytes is faster. Source
 * and target of one call may overlap only if the method says so. Methods do not check their arguments: the caller is
 * responsible for sizes.
 *
 * <p>Every method throws {@link io.signvote.error.DeviceException} if the driver refuses. An error on the device itself
 * shows in a later call. The calling thread's current context stays as it was. Used by one thread at a time. In the
 * data plane no method waits or allocates. After {@link #close()}, methods that free something do nothing, and all
 * others throw {@link IllegalStateException}.
 */
public interface DeviceKernels extends AutoCloseable {
    /** {@return ordinal of the device, from 0} */
    int device();

    /** {@return name of the device, from the driver} */
    String deviceName();

    /**
     * Returns the bytes from an address to the end of its allocation. The memory may belong to this device, to a framework in the same
     * context, or be pinned.
     *
     * @param address any number.
     * @return bytes; 0 if the device does not reach the address.
     */
    long reach(long address);

    // control plane: these may wait for all work of the device

    /**
     * Allocates device memory with undefined contents. The caller frees it by {@link #free}.
     *
     * @param length bytes, at least 1.
     * @return device address, a multiple of 256.
     */
    long allocate(long length);

    /**
     * Frees memory of {@link #allocate}.
     *
     * @param address device address, or 0 for nothing.
     */
    void free(long address);

    /**
     * Allocates pinned memory of the host for copies to and from the device. The caller frees it by
     * {@link #freePinned}.
     *
     * @param length bytes, at least 1.
     * @return address, a multiple of 64.
     */
    long allocatePinned(long length);

    /**
     * Frees memory of {@link #allocatePinned}.
     *
     * @param address of pinned memory, or 0 for nothing.
     */
    void freePinned(long address);

    /**
     * {@return handle of a new stream, which does not wait for the default stream} The caller ends it by
     * {@link #closeStream}.
     */
    long newStream();

    /**
     * Ends a stream of {@link #newStream} when all its work is done.
     *
     * @param stream handle, or 0 for none.
     */
    void closeStream(long stream);

    /**
     * Waits until all work of a stream is done.
     *
     * @param stream handle.
     */
    void await(long stream);

    /** Frees all remaining memory and streams, and the module. Calling it again does nothing. */
    @Override
    void close();

    // data plane

    /**
     * Whether all work of a stream is done. Throws if the work has failed.
     *
     * @param stream handle.
     * @return false while some work is left.
     */
    boolean isIdle(long stream);

    /**
     * Makes all later work of a stream wait for all earlier work of another stream.
     *
     * @param stream that waits.
     * @param leader stream for which it waits.
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
     * @param stamp to write.
     * @param stream of {@link #newStream}.
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
