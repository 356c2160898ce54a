/** Validated settings, one record per concern, and where they come from. */
@NullMarked
package io.attribution.config;

import org.jspecify.annotations.NullMarked;
