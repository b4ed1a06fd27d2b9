package io.signvote.examples;

import io.signvote.bits.HeapArrays;
import io.signvote.bits.Words;
import io.signvote.examples.data.FashionMnist;
import io.signvote.examples.net.Batch;
import io.signvote.kernel.DeviceBlas;
import io.signvote.kernel.DeviceKernels;
import io.signvote.op.DataType;
import io.signvote.op.ZeroPolicy;
import java.util.SplittableRandom;

/**
 * A network of two dense layers on a GPU whose hidden units are signs: matrix products by cuBLAS, everything else by the kernels
 * that votes are made of. Gradients, parameters and activations never leave the device.
 *
 * <pre>
 * Z = X V               H = sign(Z)           E = H W / sqrt(hidden) - T       T: 1 at the label, else 0
 * dW = H' E             D = E W' where |Z| is below 1, else 0                  the sign's slope, as if it were a ramp
 * dV = X' D
 * </pre>
 *
 * <p>{@code H} is packSigns and unpackSigns. The ramp is two more signs, of Z + 1 and Z - 1: their difference, which applySigns
 * takes, is 2 inside and 0 outside. A batch lies by pixels, so X is its transpose. Rows of a batch are as many as the capacity.
 */
final class SignNetwork implements AutoCloseable {
    private final DeviceKernels kernels;
    private final DeviceBlas blas;
    private final int pixels;
    private final int hidden;
    private final int capacity;
    private final int units;
    private final long stream;
    private final long batch;
    private final long pinned;
    private final long parameters;
    private final long gradients;
    private final long z;
    private final long activations;
    private final long slopes;
    private final long words;
    private final long counts;
    private final long plusOnes;
    private final long minusTwos;
    private final long errors;
    private final long norms;

    SignNetwork(
            final DeviceKernels kernels,
            final DeviceBlas blas,
            final int pixels,
            final int hidden,
            final int capacity) {
        this.kernels = kernels;
        this.blas = blas;
        this.pixels = pixels;
        this.hidden = hidden;
        this.capacity = capacity;
        units = capacity * hidden;
        stream = kernels.newStream();
        batch = floats((long) pixels * capacity);
        parameters = floats(parameterCount());
        gradients = floats(parameterCount());
        z = floats(units);
        activations = floats(units);
        slopes = floats(units);
        words = kernels.allocate(Words.length(units));
        counts = kernels.allocate(2 * Long.BYTES);
        plusOnes = floats(units);
        minusTwos = floats(units);
        errors = floats((long) capacity * FashionMnist.CLASSES);
        norms = floats(2);
        pinned = kernels.allocatePinned(
                (long) Float.BYTES * Math.max(units, Math.max((long) pixels * capacity, parameterCount())));
        kernels.clear(counts, 2 * Long.BYTES, stream);
        kernels.clear(gradients, parameterCount() * (long) Float.BYTES, stream);
        upload(filled(units, 1), plusOnes);
        upload(filled(units, -2), minusTwos);
    }

    int parameterCount() {
        return (pixels + FashionMnist.CLASSES) * hidden;
    }

    long parameters() {
        return parameters;
    }

    long gradients() {
        return gradients;
    }

    long stream() {
        return stream;
    }

    /** Parameters that a seed draws; the same on every rank that draws them. */
    void initialise(final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final float[] drawn = new float[parameterCount()];
        final double first = 1 / Math.sqrt(pixels);
        final double second = 1 / Math.sqrt(hidden);
        for (int i = 0; i < drawn.length; i++) {
            final double bound = i < pixels * hidden ? first : second;
            drawn[i] = (float) random.nextDouble(-bound, bound);
        }
        upload(drawn, parameters);
    }

    /** Computes the gradients of a full batch, in the order of the stream. */
    void train(final Batch images) {
        ensureFull(images);
        forward(images);
        final long v = parameters;
        final long w = v + (long) Float.BYTES * pixels * hidden;
        final float scale = (float) (1 / Math.sqrt(hidden));
        blas.multiply(
                true,
                false,
                hidden,
                FashionMnist.CLASSES,
                capacity,
                scale / capacity,
                activations,
                errors,
                0,
                gradients + (w - v),
                stream);
        ramp();
        // Z is done with: D takes its place; the ramp's 2 is taken back here
        blas.multiply(false, true, capacity, hidden, FashionMnist.CLASSES, scale / 2, errors, w, 0, z, stream);
        blas.multiplyElements(z, slopes, units, z, stream);
        blas.multiply(false, false, pixels, hidden, capacity, 1f / capacity, batch, z, 0, gradients, stream);
    }

    /** Half the mean squared error of the last batch, and the norm of its gradient. Waits for them. */
    float[] lossAndGradientNorm() {
        blas.norm(errors, capacity * FashionMnist.CLASSES, norms, stream);
        blas.norm(gradients, parameterCount(), norms + Float.BYTES, stream);
        final float[] both = download(norms, 2);
        both[0] = both[0] * both[0] / (2 * capacity);
        return both;
    }

    /** How many images of a batch are told right; one that is not full is filled up with whatever was there. */
    int countRight(final Batch images) {
        forward(images);
        final float[] found = download(errors, capacity * FashionMnist.CLASSES);
        int right = 0;
        for (int image = 0; image < images.count(); image++) {
            int best = 0;
            float most = Float.NEGATIVE_INFINITY;
            for (int label = 0; label < FashionMnist.CLASSES; label++) {
                final float output =
                        found[image * FashionMnist.CLASSES + label] + (label == images.label(image) ? 1 : 0);
                if (output > most) {
                    most = output;
                    best = label;
                }
            }
            right += best == images.label(image) ? 1 : 0;
        }
        return right;
    }

    /** The parameters, once all that was asked for is done. */
    float[] copyOfParameters() {
        return download(parameters, parameterCount());
    }

    /** Frees nothing but the stream and the pinned memory: the rest goes with the device. */
    @Override
    public void close() {
        kernels.closeStream(stream);
        kernels.freePinned(pinned);
    }

    private void forward(final Batch images) {
        final float[] targets = new float[capacity * FashionMnist.CLASSES];
        for (int image = 0; image < images.count(); image++) {
            targets[image * FashionMnist.CLASSES + images.label(image)] = 1;
        }
        upload(byCapacity(images), batch);
        upload(targets, errors);
        final long w = parameters + (long) Float.BYTES * pixels * hidden;
        blas.multiply(true, false, capacity, hidden, pixels, 1, batch, parameters, 0, z, stream);
        packZ();
        kernels.unpackSigns(words, activations, units, stream);
        blas.multiply(
                false,
                false,
                capacity,
                FashionMnist.CLASSES,
                hidden,
                (float) (1 / Math.sqrt(hidden)),
                activations,
                w,
                -1,
                errors,
                stream);
    }

    /** 2 where a Z is from -1 to below 1, else 0. */
    private void ramp() {
        kernels.add(plusOnes, z, units, stream);
        packZ();
        kernels.unpackSigns(words, slopes, units, stream);
        kernels.add(minusTwos, z, units, stream);
        packZ();
        kernels.applySigns(words, slopes, units, 1, 0, stream);
    }

    private void packZ() {
        kernels.packSigns(z, DataType.FLOAT32, words, units, ZeroPolicy.POSITIVE, 0, 0, counts, stream);
    }

    private void ensureFull(final Batch images) {
        if (images.count() != capacity) {
            throw new IllegalArgumentException("batch of " + images.count() + " images, expected " + capacity);
        }
    }

    /** Rows of pixels as long as the capacity, whatever the batch has. */
    private float[] byCapacity(final Batch images) {
        final int count = images.count();
        if (count == capacity) {
            return images.values();
        }
        final float[] wide = new float[pixels * capacity];
        for (int pixel = 0; pixel < pixels; pixel++) {
            System.arraycopy(images.values(), pixel * count, wide, pixel * capacity, count);
        }
        return wide;
    }

    private long floats(final long count) {
        return kernels.allocate(count * Float.BYTES);
    }

    private static float[] filled(final int count, final float value) {
        final float[] values = new float[count];
        java.util.Arrays.fill(values, value);
        return values;
    }

    /** Through one piece of pinned memory, so that it waits: an example that overlaps would have two. */
    private void upload(final float[] source, final long target) {
        HeapArrays.copy(source, pinned, source.length);
        kernels.upload(pinned, target, source.length * (long) Float.BYTES, stream);
        kernels.await(stream);
    }

    private float[] download(final long source, final int count) {
        final float[] values = new float[count];
        kernels.download(source, pinned, count * (long) Float.BYTES, stream);
        kernels.await(stream);
        HeapArrays.copy(pinned, values, count);
        return values;
    }
}
