package io.signvote.examples.paper.figure;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The settings of the paper's own figures, as far as we know them, to stand beside ours.
 *
 * @see <a href="https://arxiv.org/abs/1810.05291">Bernstein et al. 2019</a>
 */
enum Original {
    FIGURE_2("2", "ResNet-18", "CIFAR-10", null, "128", "samples at the start of epochs 0, 1 and 5", null, null),
    FIGURE_3(
            "3",
            "ResNet-18",
            "CIFAR-10",
            null,
            null,
            "all below the critical ratio by about epoch 40",
            "not given, but that it falls tenfold",
            null),
    FIGURE_4("4", "ResNet-50, AlexNet, a QRNN", null, "7, 7, 3 machines", "128, 64, 240", null, null, null),
    FIGURE_5(
            "5",
            "ResNet-50",
            "ImageNet",
            "7 to 15 machines, one V100 each, up to 10 Gbit/s",
            "128 (the authors' commands)",
            "80, of which 5 warm up",
            "Signum 1e-4, SGD 0.1, divided by 10 every 30 epochs",
            "Signum 0.1, SGD 1e-4 (the authors' commands)"),
    FIGURE_6(
            "6",
            "QRNN of 4 layers, embedding 400, hidden 2,500, pieces of 140",
            "words of WikiText-103",
            "3 machines",
            "240",
            null,
            "Signum 1e-3, then 1e-4, with momentum 0.5, then 0.9",
            null),
    FIGURES_7_AND_10("7 and 10", "ResNet-18", "CIFAR-10", "3", "128", null, "Signum 1e-4, QSGD 0.1", null),
    FIGURE_8(
            "8",
            null,
            "ImageNet",
            "7, of which 0 to 3 invert",
            null,
            null,
            "not given, but that 43 % inverting have a lower one too",
            "off"),
    FIGURE_9(
            "9",
            "ResNet-18",
            "CIFAR-10",
            "7",
            "64",
            "not given, but more than 100",
            "not given, but that the vote's is divided by 10 at epoch 100, without momentum",
            "off"),
    FIGURE_11("11", "QRNN", "WikiText-103", "1", "several, Adam's 60", null, null, null);

    private static final String UNKNOWN = "not given";

    private final String figure;
    private final Map<String, String> parts = new LinkedHashMap<>();

    Original(
            final String figure,
            final String model,
            final String data,
            final String workers,
            final String batch,
            final String epochs,
            final String rate,
            final String decay) {
        this.figure = figure;
        parts.put("model", model);
        parts.put("data", data);
        parts.put("workers", workers);
        parts.put("batch", batch);
        parts.put("epochs", epochs);
        parts.put("rate", rate);
        parts.put("weight decay", decay);
    }

    /** Which of the paper's. */
    String figure() {
        return figure;
    }

    /** For people. */
    @Override
    public String toString() {
        return parts.entrySet().stream()
                .map(part -> part.getKey() + ": " + (part.getValue() == null ? UNKNOWN : part.getValue()))
                .collect(Collectors.joining("; "));
    }
}
