/** Tests of what the theory assumes of gradient noise: one peak, symmetric. */
package io.signvote.examples.paper.stats;
