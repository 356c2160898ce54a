/** Validated settings, one record per concern, and where they come from. */
@NullMarked
package io.attribution.stream.config;

import org.jspecify.annotations.NullMarked;
