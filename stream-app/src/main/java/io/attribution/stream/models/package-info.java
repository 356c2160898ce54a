/** The loaded models as the stream and the HTTP API see them. */
@NullMarked
package io.attribution.stream.models;

import org.jspecify.annotations.NullMarked;
