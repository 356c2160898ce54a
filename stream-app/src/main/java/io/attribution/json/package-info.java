/** How results are written as JSON. */
@NullMarked
package io.attribution.json;

import org.jspecify.annotations.NullMarked;
