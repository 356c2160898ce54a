/** The HTTP server: dashboard, API, health and metrics. */
@NullMarked
package io.attribution.stream.http;

import org.jspecify.annotations.NullMarked;
