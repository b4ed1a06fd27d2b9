/** Images and text, as they lie in their files, and the order in which ranks go through them. */
package io.signvote.examples.data;
