/**
 * The ways from raw features to attributions: compiled, step by step, and the one checked by the
 * other.
 */
@NullMarked
package io.attribution.engine.internal.route;

import org.jspecify.annotations.NullMarked;
