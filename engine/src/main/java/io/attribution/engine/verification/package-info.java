/** The check that f(e) equals J(e)·e, as a summary that merges. */
@NullMarked
package io.attribution.engine.verification;

import org.jspecify.annotations.NullMarked;
