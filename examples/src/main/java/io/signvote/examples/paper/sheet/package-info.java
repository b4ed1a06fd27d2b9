/** What a figure comes to: settings, charts, numbers, claims and whether they hold; and how it is written down. */
package io.signvote.examples.paper.sheet;
