/**
 * The quickstart: a small convolutional network in plain Java, trained on Fashion-MNIST by several processes, once by
 * majority vote and once by averaged gradients.
 *
 * <p>Read {@code Quickstart}, then {@code Training}. Other packages: small programs to copy ({@code basics}), networks
 * ({@code net}), data ({@code data}), training methods ({@code method}), adversaries ({@code adversary}), and the experiments of
 * the paper ({@code paper}).
 */
package io.signvote.examples;
