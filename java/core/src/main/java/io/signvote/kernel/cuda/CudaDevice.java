package io.signvote.kernel.cuda;

import io.signvote.error.BackendUnavailableException;
import io.signvote.error.DeviceException;
import io.signvote.kernel.DeviceKernels;
import io.signvote.op.DataType;
import io.signvote.op.TiePolicy;
import io.signvote.op.ZeroPolicy;
import java.io.IOException;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;
import org.agrona.CloseHelper;

/** The kernels on one device, through the driver. Owned by one thread. */
public final class CudaDevice implements DeviceKernels {
    private final int ordinal;
    private final String name;
    private final PrimaryContext context;
    private final CUmodule module = new CUmodule();
    private final Holdings holdings;
    private final PointerQuery query = new PointerQuery();
    private Launcher launcher;
    private StreamCalls calls;
    private boolean isClosed;

    private CudaDevice(final int ordinal, final PrimaryContext context) {
        this.ordinal = ordinal;
        this.context = context;
        holdings = new Holdings(context);
        name = Discovery.name(context.device());
    }

    /**
     * Opens a device and loads the kernels on it.
     *
     * @param ordinal of the device, from 0.
     * @return kernels.
     * @throws BackendUnavailableException where CUDA is not available.
     * @throws DeviceException where the device cannot be used, or is too old for the kernels.
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
                Discovery.attribute(context.device(), CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT);
        context.enter();
        try {
            Cuda.call(
                    "cuModuleLoadData(" + image.name() + ") for " + name + " of compute capability "
                            + Discovery.capabilityString(Discovery.capability(context.device())),
                    () -> JCudaDriver.cuModuleLoadData(module, image.bytes()));
            launcher = new Launcher(module, multiprocessors);
            calls = new StreamCalls();
        } finally {
            context.leave();
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
        context.enter();
        try {
            return query.reach(address, ordinal);
        } finally {
            context.leave();
        }
    }

    // control plane

    @Override
    public long allocate(final long length) {
        return holdings.allocate(length);
    }

    @Override
    public void free(final long address) {
        holdings.free(address);
    }

    @Override
    public long allocatePinned(final long length) {
        return holdings.allocatePinned(length);
    }

    @Override
    public void freePinned(final long address) {
        holdings.freePinned(address);
    }

    @Override
    public long newStream() {
        return holdings.newStream();
    }

    @Override
    public void closeStream(final long stream) {
        holdings.closeStream(stream);
    }

    @Override
    public void await(final long stream) {
        context.enter();
        try {
            calls.await(stream);
        } finally {
            context.leave();
        }
    }

    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        CloseHelper.closeAll(holdings, () -> context.release(calls, this::unload), launcher, query, context);
    }

    private void unload() {
        if (Raw.value(module) != 0) {
            Cuda.release("cuModuleUnload", () -> JCudaDriver.cuModuleUnload(module));
        }
    }

    // data plane

    @Override
    public boolean isIdle(final long stream) {
        context.enter();
        try {
            return calls.isIdle(stream);
        } finally {
            context.leave();
        }
    }

    @Override
    public void follow(final long stream, final long leader) {
        context.enter();
        try {
            calls.follow(stream, leader);
        } finally {
            context.leave();
        }
    }

    @Override
    public void upload(final long source, final long target, final long length, final long stream) {
        context.enter();
        try {
            calls.upload(source, target, length, stream);
        } finally {
            context.leave();
        }
    }

    @Override
    public void download(final long source, final long target, final long length, final long stream) {
        context.enter();
        try {
            calls.download(source, target, length, stream);
        } finally {
            context.leave();
        }
    }

    @Override
    public void copy(final long source, final long target, final long length, final long stream) {
        context.enter();
        try {
            calls.copy(source, target, length, stream);
        } finally {
            context.leave();
        }
    }

    @Override
    public void clear(final long target, final long length, final long stream) {
        context.enter();
        try {
            calls.clear(target, length, stream);
        } finally {
            context.leave();
        }
    }

    @Override
    public void signal(final long target, final int stamp, final long stream) {
        context.enter();
        try {
            final long place = holdings.stampOf(stream);
            calls.write(place, stamp, stream);
            calls.download(place, target, Integer.BYTES, stream);
        } finally {
            context.leave();
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
        launcher.put(zeroPolicy.code()).put(zeroKey).put(firstWord).put(counts);
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
        launcher.put(zeroPolicy.code()).put(zeroKey).put(firstWord).put(counts);
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
        launcher.put(tiePolicy.code()).put(tieKey).put(firstWord).put(ties);
        launchOverWords(n + Long.SIZE - 1 >>> 6, stream);
    }

    @Override
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
        launcher.put(tiePolicy.code()).put(tieKey).put(firstWord).put(ties);
        launchOverWords(n + Long.SIZE - 1 >>> 6, stream);
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

    /** The arguments lie in memory that is gone once this is closed. */
    private Launcher arguments(final Kernel kernel) {
        context.ensureOpen();
        return launcher.of(kernel);
    }

    private void launchOverCoordinates(final long n, final long stream) {
        context.enter();
        try {
            launcher.launchOverCoordinates(n, stream);
        } finally {
            context.leave();
        }
    }

    private void launchOverWords(final long words, final long stream) {
        context.enter();
        try {
            launcher.launchOverWords(words, stream);
        } finally {
            context.leave();
        }
    }
}
