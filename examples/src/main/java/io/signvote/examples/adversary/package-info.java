/** Ranks that spoil their gradients before they take part; everything else they do by the rules. */
package io.signvote.examples.adversary;
