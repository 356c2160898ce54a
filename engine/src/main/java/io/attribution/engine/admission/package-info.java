/** The checks a bundle passes before it explains anything. */
@NullMarked
package io.attribution.engine.admission;

import org.jspecify.annotations.NullMarked;
