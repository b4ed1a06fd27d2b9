package io.signvote.examples.resnet;

import io.signvote.examples.task.Model;
import io.signvote.examples.task.ModelSource;

/** ResNet-18 for images of 32x32, 16 channels wide or, at full size, 64. */
public final class ResNetSource implements ModelSource {
    /** For {@link java.util.ServiceLoader}. */
    public ResNetSource() {}

    @Override
    public String name() {
        return "resnet18";
    }

    @Override
    public Model model(final boolean isFull) {
        final int width = isFull ? ResNet18.FULL_WIDTH : ResNet18.DEFAULT_WIDTH;
        return new Model(
                "ResNet-18 for 32x32, width " + width
                        + ", by DJL and PyTorch; statistics of batch normalisation averaged over"
                        + " ranks before scoring",
                (images, batch) -> new ResNetClassifier(images, width));
    }
}
