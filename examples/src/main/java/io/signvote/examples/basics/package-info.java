/** Small programs to copy. The page {@code examples/BASICS.md} shows each with its output, and {@code BasicsTest} runs each. */
package io.signvote.examples.basics;
