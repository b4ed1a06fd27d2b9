/**
 * The figures of "signSGD with Majority Vote is Communication Efficient and Fault Tolerant", each by one command, at a scale
 * that two cores carry.
 *
 * <p>{@code Paper} is the program. {@code figure} holds a class per figure, {@code run} the runs they are made of,
 * {@code report} what a figure comes to.
 *
 * @see <a href="https://arxiv.org/abs/1810.05291">Bernstein, Zhao, Azizzadenesheli and Anandkumar 2019</a>
 */
package io.signvote.examples.paper;
