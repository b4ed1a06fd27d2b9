/**
 * The coordinator and the control connections to it: the members of a job, their endpoints, their view and their
 * failures.
 */
package io.signvote.rendezvous;
