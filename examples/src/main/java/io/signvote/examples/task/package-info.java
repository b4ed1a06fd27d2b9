/** What ranks learn: a model and its data together, behind one door, so that an experiment need not know which. */
package io.signvote.examples.task;
