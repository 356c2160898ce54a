/** How results are written as JSON. */
@NullMarked
package io.attribution.stream.json;

import org.jspecify.annotations.NullMarked;
