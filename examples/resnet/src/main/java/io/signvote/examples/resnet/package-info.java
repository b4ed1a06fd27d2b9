/** ResNet-18 for the figures of the paper, by Deep Java Library and PyTorch; apart, since these are large. */
package io.signvote.examples.resnet;
