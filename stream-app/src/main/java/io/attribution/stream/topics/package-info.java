/** The topics that the application reads and writes. */
@NullMarked
package io.attribution.stream.topics;

import org.jspecify.annotations.NullMarked;
