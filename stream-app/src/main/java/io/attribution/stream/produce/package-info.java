/** Feature records onto a topic: from rows of numbers to acknowledged sends, at a steady rate. */
@NullMarked
package io.attribution.stream.produce;

import org.jspecify.annotations.NullMarked;
