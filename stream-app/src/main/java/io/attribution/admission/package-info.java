/** The checks a bundle passes before it explains anything. */
@NullMarked
package io.attribution.admission;

import org.jspecify.annotations.NullMarked;
