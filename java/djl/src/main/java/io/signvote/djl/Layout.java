package io.signvote.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import io.signvote.error.ConfigurationException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.zip.CRC32;

/**
 * The parameters of a block in the order of its construction, which is the same in every process. DJL's parameter store
 * uses the hash order of identifiers, which differ between processes. A parameter that occurs twice in the block is one
 * parameter. A frozen parameter has no coordinates in the vote.
 */
final class Layout {
    private final List<Parameter> parameters;
    private final NDArray[] arrays;
    private final boolean[] isTrained;
    private final List<Parameter> trained;
    private final List<Parameter> statistics;
    private final Views all;
    private final Views values;
    private final Views gradients;
    private final Views running;
    private final long fingerprint;

    Layout(final Block block) {
        final List<Pair<String, Parameter>> found = new ArrayList<>();
        final Set<String> seen = new HashSet<>();
        final CRC32 crc = new CRC32();
        for (final Pair<String, Parameter> pair : block.getParameters()) {
            final Parameter parameter = pair.getValue();
            if (!parameter.isInitialized()) {
                throw new ConfigurationException(
                        "parameter=" + pair.getKey() + " is not initialized, call initialize(shapes) first");
            }
            if (seen.add(parameter.getId()) && parameter.getArray().size() > 0) {
                found.add(pair);
                crc.update((pair.getKey() + parameter.getArray().getShape() + parameter.requiresGradient())
                        .getBytes(StandardCharsets.UTF_8));
            }
        }
        fingerprint = crc.getValue();
        parameters = found.stream().map(Pair::getValue).toList();
        arrays = parameters.stream().map(Parameter::getArray).toArray(NDArray[]::new);
        isTrained = new boolean[parameters.size()];
        for (int i = 0; i < isTrained.length; i++) {
            isTrained[i] = parameters.get(i).requiresGradient();
        }
        trained = parameters.stream().filter(Parameter::requiresGradient).toList();
        statistics = parameters.stream().filter(Layout::isStatistic).toList();
        if (trained.isEmpty()) {
            throw new ConfigurationException("the block has no parameter that requires a gradient, thaw one");
        }
        all = views(found, parameter -> true);
        values = views(found, Parameter::requiresGradient);
        gradients = views(found, Parameter::requiresGradient);
        running = views(found, Layout::isStatistic);
        locateAll();
    }

    /** {@return a number that depends on names, shapes, order and frozen parameters} */
    long fingerprint() {
        return fingerprint;
    }

    /** {@return all parameters, frozen ones and running statistics too} */
    Views locateAll() {
        return locate(all, parameters);
    }

    /** {@return the parameters that are voted on} */
    Views locateValues() {
        for (int i = 0; i < isTrained.length; i++) {
            if (parameters.get(i).getArray() != arrays[i]) {
                // DJL's parameter store would continue to use the first array
                throw new ConfigurationException("parameter=" + all.name(i)
                        + " was replaced since training began, load parameters before initialize");
            }
            if (parameters.get(i).requiresGradient() != isTrained[i]) {
                throw new ConfigurationException("parameter=" + all.name(i) + " was "
                        + (isTrained[i] ? "frozen" : "thawed") + " since training began, make a new trainer");
            }
        }
        return locate(values, trained);
    }

    /** {@return running means and variances of batch normalisation} */
    Views locateStatistics() {
        return locate(running, statistics);
    }

    /**
     * Finds the gradients of the parameters that are voted on.
     *
     * @param scope that closes them.
     * @param isWritten whether the optimiser must see values that are written there. A parameter without a backward
     *     pass has no gradient: DJL then makes new zeros for each request.
     */
    Views locateGradients(final NDManager scope, final boolean isWritten) {
        for (int i = 0; i < trained.size(); i++) {
            gradients.locate(i, gradient(trained.get(i), scope));
            if (isWritten) {
                final long first = gradients.address(i);
                gradients.locate(i, gradient(trained.get(i), scope));
                if (gradients.address(i) != first) {
                    throw new ConfigurationException("parameter=" + gradients.name(i)
                            + " has no gradient on this rank, use it in the loss of every rank, or freeze it");
                }
            }
        }
        return gradients;
    }

    private static NDArray gradient(final Parameter parameter, final NDManager scope) {
        final NDArray gradient = parameter.getArray().getGradient();
        gradient.attach(scope);
        return gradient;
    }

    private static Views locate(final Views views, final List<Parameter> parameters) {
        for (int i = 0; i < parameters.size(); i++) {
            views.locate(i, parameters.get(i).getArray());
        }
        return views;
    }

    private static Views views(final List<Pair<String, Parameter>> found, final Predicate<Parameter> predicate) {
        final List<Pair<String, Parameter>> some =
                found.stream().filter(pair -> predicate.test(pair.getValue())).toList();
        return new Views(
                some.stream().map(Pair::getKey).toArray(String[]::new),
                some.stream()
                        .mapToLong(pair -> pair.getValue().getArray().size())
                        .toArray());
    }

    private static boolean isStatistic(final Parameter parameter) {
        return parameter.getType() == Parameter.Type.RUNNING_MEAN || parameter.getType() == Parameter.Type.RUNNING_VAR;
    }
}
