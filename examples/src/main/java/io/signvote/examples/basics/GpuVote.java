package io.signvote.examples.basics;

import io.signvote.Communicator;
import io.signvote.bits.HeapArrays;
import io.signvote.device.DeviceCollectives;
import io.signvote.error.BackendUnavailableException;
import io.signvote.kernel.DeviceKernels;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import java.util.Arrays;

/** A majority vote on GPU memory. Only packed signs cross PCIe. */
class GpuVote {
    private static final int COUNT = 3;
    private static final long LENGTH = COUNT * (long) Float.BYTES;

    public static void main(String[] args) {
        try (Communicator communicator = Communicator.connect();
                DeviceCollectives device = DeviceCollectives.open(communicator)) {
            float[] signs = vote(communicator.rank(), device);
            System.out.println("signs " + Arrays.toString(signs));
        } catch (BackendUnavailableException e) {
            System.err.println(
                    "GpuVote needs an NVIDIA GPU of compute capability 7.5 or later, driver 580 or later, and"
                            + " org.jcuda:jcuda on the class path: " + e.getMessage());
            System.exit(1);
        }
    }

    private static float[] vote(int rank, DeviceCollectives device) {
        DeviceKernels gpu = device.kernels();
        long pinned = gpu.allocatePinned(LENGTH); // host memory for copies to and from the GPU
        long gradients = gpu.allocate(LENGTH);
        long verdict = gpu.allocate(LENGTH);
        long stream = gpu.newStream();
        try {
            HeapArrays.copy(new float[] {0.5f, -2, rank - 0.5f}, pinned, COUNT);
            gpu.upload(pinned, gradients, LENGTH, stream);
            // reads the gradients in the order of the stream, and returns when the vote is decided
            device.allReduce(gradients, verdict, COUNT, DataType.FLOAT32, ReduceOp.MAJORITY, stream);
            gpu.download(verdict, pinned, LENGTH, stream);
            gpu.await(stream);
            float[] signs = new float[COUNT];
            HeapArrays.copy(pinned, signs, COUNT);
            return signs;
        } finally {
            gpu.closeStream(stream);
            gpu.free(verdict);
            gpu.free(gradients);
            gpu.freePinned(pinned);
        }
    }
}
