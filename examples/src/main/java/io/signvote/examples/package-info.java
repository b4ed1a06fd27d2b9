/**
 * The quickstart: a small convolutional network in plain Java, trained on Fashion-MNIST by several processes, once by
 * majority vote and once by averaged gradients.
 *
 * <p>Read {@code Quickstart}, then {@code Training}, {@code Optimiser} and its two kinds; the rest is the network
 * ({@code Network}, {@code Layer}, {@code Matrix}), the data ({@code FashionMnist}, {@code IdxFile}) and the display.
 */
package io.signvote.examples;
