/** Runs of training: what decides one, what it comes to, how it is kept, and how a rate is found before any counts. */
package io.signvote.examples.paper.run;
