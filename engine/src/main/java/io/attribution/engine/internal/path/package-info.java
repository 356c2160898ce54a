/**
 * Integrals of Jacobians along straight paths from baselines, with as many nodes as each row needs.
 */
@NullMarked
package io.attribution.engine.internal.path;

import org.jspecify.annotations.NullMarked;
