package io.signvote.examples.resnet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import java.util.List;

/**
 * ResNet-18 in the form for small images. The first convolution is 3x3 instead of 7x7, and no pooling precedes the blocks. Four
 * stages follow, of two basic blocks each. Each stage after the first has half the side and twice the channels.
 *
 * @see <a href="https://arxiv.org/abs/1512.03385">He et al. 2015, Deep residual learning for image recognition</a>
 */
public final class ResNet18 {
    /** Channels of the first stage in the original. */
    public static final int FULL_WIDTH = 64;

    /** Channels of the first stage that two cores carry. */
    public static final int DEFAULT_WIDTH = 16;

    private static final int STAGES = 4;

    /**
     * Channels must be a multiple of this. Otherwise PyTorch 2.7.1's convolutions for AVX2 and AVX-512 multiply zeros by
     * uninitialised memory, and now and then a gradient is NaN.
     */
    private static final int LANES = 16;

    private ResNet18() {}

    /**
     * The network.
     *
     * @param width channels of the first stage, a multiple of 16.
     * @param classes outputs.
     * @return a block for inputs of (batch, channels, 32, 32).
     */
    public static Block of(final int width, final int classes) {
        if (width < LANES || width % LANES != 0) {
            throw new IllegalArgumentException("width=" + width + ", expected a multiple of " + LANES
                    + ": with others the engine's convolutions read memory that nobody has written");
        }
        final SequentialBlock network =
                new SequentialBlock().add(convolution(width, 3, 1)).add(norm()).add(Activation.reluBlock());
        for (int stage = 0; stage < STAGES; stage++) {
            final int filters = width << stage;
            network.add(basic(filters, stage == 0 ? 1 : 2, stage > 0)).add(basic(filters, 1, false));
        }
        return network.add(Pool.globalAvgPool2dBlock())
                .add(Linear.builder().setUnits(classes).build());
    }

    private static Block basic(final int filters, final int stride, final boolean isProjected) {
        final Block path = new SequentialBlock()
                .add(convolution(filters, 3, stride))
                .add(norm())
                .add(Activation.reluBlock())
                .add(convolution(filters, 3, 1))
                .add(norm());
        final Block shortcut = isProjected
                ? new SequentialBlock().add(convolution(filters, 1, stride)).add(norm())
                : Blocks.identityBlock();
        return new ParallelBlock(ResNet18::sum, List.of(path, shortcut));
    }

    private static NDList sum(final List<NDList> branches) {
        final NDArray sum =
                branches.get(0).singletonOrThrow().add(branches.get(1).singletonOrThrow());
        return new NDList(Activation.relu(sum));
    }

    private static Block convolution(final int filters, final int side, final int stride) {
        final int padding = side / 2;
        return Conv2d.builder()
                .setKernelShape(new Shape(side, side))
                .setFilters(filters)
                .optStride(new Shape(stride, stride))
                .optPadding(new Shape(padding, padding))
                .optBias(false)
                .build();
    }

    private static Block norm() {
        return BatchNorm.builder().build();
    }
}
