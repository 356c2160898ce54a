/** The application: builds a running topology from a configuration. */
@NullMarked
package io.attribution.stream.app;

import org.jspecify.annotations.NullMarked;
