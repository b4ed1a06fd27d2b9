/** A class per figure of the paper: what is run, what is drawn, and what is claimed. */
package io.signvote.examples.paper.figure;
