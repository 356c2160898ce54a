package io.attribution.benchmarks.engine;

import io.attribution.engine.matrix.FloatMatrix;

/**
 * Two results of one call, for comparison with somebody else's.
 *
 * @param small z (n, O), or l2 (n, D)
 * @param large J (n, O·K), or C (n, O·D)
 */
record Answer(FloatMatrix small, FloatMatrix large) {}
