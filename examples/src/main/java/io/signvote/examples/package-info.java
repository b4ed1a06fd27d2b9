/**
 * The quickstart: a small convolutional network in plain Java, trained on Fashion-MNIST by several processes, once by
 * majority vote and once by averaged gradients.
 *
 * <p>Read {@code Quickstart}, then {@code Training}. Beside it: the networks ({@code net}), the data ({@code data}), the ways
 * to train ({@code method}), those who would spoil it ({@code adversary}), and the experiments of the paper ({@code paper}).
 */
package io.signvote.examples;
