/**
 * A class per figure of the paper: its methods, numbers and charts. The Markdown file of the figure's name has its words: title, claims,
 * settings, notes, and what was changed and why.
 */
package io.signvote.examples.paper.figure;
