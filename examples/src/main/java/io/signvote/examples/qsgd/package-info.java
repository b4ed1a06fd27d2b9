/**
 * QSGD's numbers on the wire: gradients rounded to a few levels by lot, and the bits that say which.
 *
 * @see <a href="https://arxiv.org/abs/1610.02132">Alistarh, Grubic, Li, Tomioka and Vojnovic 2017</a>
 */
package io.signvote.examples.qsgd;
