/** The hall: what a program links against. */
package io.signvote;
