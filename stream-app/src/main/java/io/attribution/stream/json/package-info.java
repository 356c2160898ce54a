/** The JSON documents that several packages write. */
@NullMarked
package io.attribution.stream.json;

import org.jspecify.annotations.NullMarked;
