/** Looks at this machine for what a job needs, and names the remedy where something is missing. */
package io.signvote.tools.doctor;
