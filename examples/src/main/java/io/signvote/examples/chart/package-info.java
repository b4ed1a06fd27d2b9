/** Charts of curves and bars, side by side in one picture. */
package io.signvote.examples.chart;
