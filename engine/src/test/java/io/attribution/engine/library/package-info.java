/** The engine as somebody else's service uses it. */
@NullMarked
package io.attribution.engine.library;

import org.jspecify.annotations.NullMarked;
