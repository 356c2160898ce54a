/** Sends rows of numbers to a topic as feature records, at a steady rate. */
@NullMarked
package io.attribution.stream.produce;

import org.jspecify.annotations.NullMarked;
