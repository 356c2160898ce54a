/** Validated settings, one record per concern, and their sources. */
@NullMarked
package io.attribution.stream.config;

import org.jspecify.annotations.NullMarked;
