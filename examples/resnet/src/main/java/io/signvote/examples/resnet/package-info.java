/**
 * ResNet-18 by Deep Java Library and PyTorch, and two uses of it: {@code TrainResNet} trains it through the adapter, and the
 * figures of the paper train it as one of their models. This module is apart because PyTorch is large.
 */
package io.signvote.examples.resnet;
