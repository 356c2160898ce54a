/** The application: configuration in, a running topology out. */
@NullMarked
package io.attribution.stream.app;

import org.jspecify.annotations.NullMarked;
