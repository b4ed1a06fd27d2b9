/**
 * How long a step takes: computing it, alone on one core, and what ranks exchange for it, by a process each on hosts made of
 * network namespaces with shaped links.
 */
package io.signvote.examples.paper.timing;
