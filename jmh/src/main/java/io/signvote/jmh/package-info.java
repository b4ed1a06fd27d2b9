/** Microbenchmarks, in rooms that mirror the library's. */
package io.signvote.jmh;
