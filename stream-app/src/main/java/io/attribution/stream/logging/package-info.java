/** How little is logged of what happens often. */
@NullMarked
package io.attribution.stream.logging;

import org.jspecify.annotations.NullMarked;
