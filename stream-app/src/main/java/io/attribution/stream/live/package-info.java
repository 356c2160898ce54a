/** The latest records of the output topics, in bounded memory, for the HTTP API. */
@NullMarked
package io.attribution.stream.live;

import org.jspecify.annotations.NullMarked;
