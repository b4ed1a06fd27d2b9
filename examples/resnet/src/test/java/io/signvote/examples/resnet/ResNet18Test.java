package io.signvote.examples.resnet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.Device;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The shape of the network. */
class ResNet18Test {
    @ParameterizedTest
    @CsvSource({"64, 11173962", "16, 701466"})
    void shouldHaveTheParametersOfTheNetworkForSmallImages(final int width, final long count) {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            final Block network = ResNet18.of(width, 10);
            network.initialize(manager, DataType.FLOAT32, new Shape(1, 3, 32, 32));

            assertEquals(
                    count,
                    network.getParameters().values().stream()
                            .filter(Parameter::requiresGradient)
                            .mapToLong(parameter -> parameter.getShape().size())
                            .sum());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-16, 0, 4, 20})
    void shouldRefuseWidthsThatTheEngineGetsWrong(final int width) {
        assertThrows(IllegalArgumentException.class, () -> ResNet18.of(width, 10));
    }

    @Test
    void shouldHalveTheImageInEachStageButTheFirst() {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            final Block network = ResNet18.of(16, 10);
            network.initialize(manager, DataType.FLOAT32, new Shape(2, 1, 32, 32));
            final NDList images = new NDList(manager.ones(new Shape(2, 1, 32, 32)));

            assertEquals(
                    new Shape(2, 10),
                    network.forward(new ParameterStore(manager, false), images, false)
                            .singletonOrThrow()
                            .getShape());
            Shape[] shapes = {new Shape(2, 1, 32, 32)};
            for (final Block child : network.getChildren().values().subList(0, 11)) {
                shapes = child.getOutputShapes(shapes);
            }
            assertEquals(new Shape(2, 128, 4, 4), shapes[0]);
        }
    }
}
