package io.signvote.kernel.cuda;

import io.signvote.bits.Words;
import io.signvote.error.BackendUnavailableException;
import io.signvote.error.DeviceException;
import io.signvote.kernel.DeviceKernels;
import io.signvote.kernel.cuda.PrimaryContext.Scope;
import io.signvote.op.DataType;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;
import java.io.IOException;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;
import org.agrona.CloseHelper;

/** The kernels on one device, through the driver. Owned by one thread. */
@SuppressWarnings("try") // a scope acts by being open: no statement names it
public final class CudaDevice implements DeviceKernels {
    private final int ordinal;
    private final String name;
    private final PrimaryContext context;
    private final CUmodule module = new CUmodule();
    private final ContextResources resources;
    private final PointerQuery query = new PointerQuery();
    private KernelLauncher launcher;
    private StreamCalls calls;
    private boolean isClosed;

    private CudaDevice(final int ordinal, final PrimaryContext context) {
        this.ordinal = ordinal;
        this.context = context;
        resources = new ContextResources(context);
        name = DeviceQuery.name(context.device());
    }

    /**
     * Opens a device and loads the kernels on it.
     *
     * @param ordinal of the device, from 0.
     * @return kernels.
     * @throws BackendUnavailableException if CUDA is not available.
     * @throws DeviceException if the driver refuses the device, or it is too old for the kernels.
     */
    public static CudaDevice open(final int ordinal) {
        CudaDriver.ensureAvailable();
        final PrimaryContext context = new PrimaryContext(ordinal);
        AutoCloseable opened = context;
        try {
            final CudaDevice device = new CudaDevice(ordinal, context);
            opened = device;
            device.load();
            return device;
        } catch (final RuntimeException | Error e) {
            CloseHelper.quietClose(opened);
            throw e;
        }
    }

    private void load() {
        final ModuleImage image;
        try {
            image = ModuleImage.find();
        } catch (final IOException e) {
            throw new BackendUnavailableException("cuda kernels are unavailable: " + e.getMessage(), e);
        }
        final int multiprocessors =
                DeviceQuery.attribute(context.device(), CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT);
        try (Scope current = context.enter()) {
            Cuda.call(
                    "cuModuleLoadData(" + image.name() + ") for " + name + " of compute capability "
                            + DeviceQuery.capabilityString(DeviceQuery.capability(context.device())),
                    () -> JCudaDriver.cuModuleLoadData(module, image.bytes()));
            launcher = new KernelLauncher(module, multiprocessors);
            calls = new StreamCalls();
        }
    }

    @Override
    public int device() {
        return ordinal;
    }

    @Override
    public String deviceName() {
        return name;
    }

    @Override
    public long reach(final long address) {
        try (Scope current = context.enter()) {
            return query.reach(address, ordinal);
        }
    }

    // control plane

    @Override
    public long allocate(final long length) {
        return resources.allocate(length);
    }

    @Override
    public void free(final long address) {
        resources.free(address);
    }

    @Override
    public long allocatePinned(final long length) {
        return resources.allocatePinned(length);
    }

    @Override
    public void freePinned(final long address) {
        resources.freePinned(address);
    }

    @Override
    public long newStream() {
        return resources.newStream();
    }

    @Override
    public void closeStream(final long stream) {
        resources.closeStream(stream);
    }

    @Override
    public void await(final long stream) {
        try (Scope current = context.enter()) {
            calls.await(stream);
        }
    }

    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        CloseHelper.closeAll(resources, () -> context.release(calls, this::unload), launcher, query, context);
    }

    private void unload() {
        if (JcudaPointers.value(module) != 0) {
            Cuda.release("cuModuleUnload", () -> JCudaDriver.cuModuleUnload(module));
        }
    }

    // data plane

    @Override
    public boolean isIdle(final long stream) {
        try (Scope current = context.enter()) {
            return calls.isIdle(stream);
        }
    }

    @Override
    public void follow(final long stream, final long leader) {
        try (Scope current = context.enter()) {
            calls.follow(stream, leader);
        }
    }

    @Override
    public void upload(final long source, final long target, final long length, final long stream) {
        try (Scope current = context.enter()) {
            calls.upload(source, target, length, stream);
        }
    }

    @Override
    public void download(final long source, final long target, final long length, final long stream) {
        try (Scope current = context.enter()) {
            calls.download(source, target, length, stream);
        }
    }

    @Override
    public void copy(final long source, final long target, final long length, final long stream) {
        try (Scope current = context.enter()) {
            calls.copy(source, target, length, stream);
        }
    }

    @Override
    public void clear(final long target, final long length, final long stream) {
        try (Scope current = context.enter()) {
            calls.clear(target, length, stream);
        }
    }

    @Override
    public void signal(final long target, final int stamp, final long stream) {
        try (Scope current = context.enter()) {
            final long place = resources.stampOf(stream);
            calls.write(place, stamp, stream);
            calls.download(place, target, Integer.BYTES, stream);
        }
    }

    @Override
    public void packSigns(
            final long values,
            final DataType type,
            final long words,
            final long n,
            final ZeroPolicy zeroPolicy,
            final long zeroKey,
            final long firstWord,
            final long counts,
            final long stream) {
        arguments(Kernel.packSigns(type)).put(values).put(words).put(n);
        putLots(zeroPolicy.code(), zeroKey, firstWord, counts);
        launchOverCoordinates(n, stream);
    }

    @Override
    public void momentumPackSigns(
            final long gradients,
            final DataType type,
            final long momentum,
            final long words,
            final long n,
            final float beta,
            final float oneMinusBeta,
            final ZeroPolicy zeroPolicy,
            final long zeroKey,
            final long firstWord,
            final long counts,
            final long stream) {
        arguments(Kernel.momentumPackSigns(type))
                .put(gradients)
                .put(momentum)
                .put(words)
                .put(n);
        launcher.put(beta).put(oneMinusBeta);
        putLots(zeroPolicy.code(), zeroKey, firstWord, counts);
        launchOverCoordinates(n, stream);
    }

    @Override
    public void unpackSigns(final long words, final long values, final long n, final long stream) {
        arguments(Kernel.UNPACK_SIGNS).put(words).put(values).put(n);
        launchOverCoordinates(n, stream);
    }

    @Override
    public void accumulate(
            final long words,
            final long planes,
            final long planeStride,
            final long wordCount,
            final int ballots,
            final long stream) {
        arguments(Kernel.ACCUMULATE)
                .put(words)
                .put(planes)
                .put(planeStride)
                .put(wordCount)
                .put(ballots);
        launchOverWords(wordCount, stream);
    }

    @Override
    public void majority(
            final long planes,
            final long planeStride,
            final long words,
            final long n,
            final int ballots,
            final TiePolicy tiePolicy,
            final long tieKey,
            final long firstWord,
            final long ties,
            final long stream) {
        arguments(Kernel.MAJORITY)
                .put(planes)
                .put(planeStride)
                .put(words)
                .put(n)
                .put(ballots);
        putLots(tiePolicy.code(), tieKey, firstWord, ties);
        launchOverWords(Words.count(n), stream);
    }

    /**
     * Counts all ballots and decides: {@link #accumulate} and {@link #majority} in one pass. {@link DeviceKernels} does not have it,
     * because ballots are counted on the host so far.
     *
     * @param ballots uint64[ballotCount][ballotStride].
     * @param ballotStride words from one ballot to the next.
     * @param ballotCount ballots, 1 to 255.
     * @param words target, uint64[ceil(n / 64)].
     * @param n coordinates, at least 1.
     * @param tiePolicy POSITIVE, NEGATIVE or RANDOM.
     * @param tieKey key of the lots of ties.
     * @param firstWord index in the whole call of the first word.
     * @param ties uint64 to which the number of tied coordinates is added.
     * @param stream handle.
     */
    public void tally(
            final long ballots,
            final long ballotStride,
            final int ballotCount,
            final long words,
            final long n,
            final TiePolicy tiePolicy,
            final long tieKey,
            final long firstWord,
            final long ties,
            final long stream) {
        arguments(Kernel.TALLY)
                .put(ballots)
                .put(ballotStride)
                .put(ballotCount)
                .put(words)
                .put(n);
        putLots(tiePolicy.code(), tieKey, firstWord, ties);
        launchOverWords(Words.count(n), stream);
    }

    @Override
    public void applySigns(
            final long words,
            final long parameters,
            final long n,
            final float eta,
            final float lambda,
            final long stream) {
        arguments(Kernel.APPLY_SIGNS).put(words).put(parameters).put(n).put(eta).put(lambda);
        launchOverCoordinates(n, stream);
    }

    @Override
    public void add(final long source, final long target, final long n, final long stream) {
        arguments(Kernel.ADD).put(source).put(target).put(n);
        launchOverCoordinates(n, stream);
    }

    @Override
    public String toString() {
        return "cuda/" + ordinal + " (" + name + ")";
    }

    /** Begins a launch. Its arguments are in memory that {@link #close()} frees. */
    private KernelLauncher arguments(final Kernel kernel) {
        context.ensureOpen();
        return launcher.of(kernel);
    }

    /** The last arguments of a kernel that draws lots: for zeros or for ties. */
    private void putLots(final int policyCode, final long key, final long firstWord, final long counts) {
        launcher.put(policyCode).put(key).put(firstWord).put(counts);
    }

    private void launchOverCoordinates(final long n, final long stream) {
        try (Scope current = context.enter()) {
            launcher.launchOverCoordinates(n, stream);
        }
    }

    private void launchOverWords(final long words, final long stream) {
        try (Scope current = context.enter()) {
            launcher.launchOverWords(words, stream);
        }
    }
}
