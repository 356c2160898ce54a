/** The HTTP server: dashboard, API, health and metrics. */
@NullMarked
package io.attribution.http;

import org.jspecify.annotations.NullMarked;
