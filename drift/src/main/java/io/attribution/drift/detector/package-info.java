/**
 * Detectors of change in a sequence of numbers: pure, of bounded memory, restored exactly.
 *
 * <p>{@link io.attribution.drift.detector.DetectorKind} makes one from what people can say: how
 * often a false alarm is bearable, and which factor must not be missed.
 */
@NullMarked
package io.attribution.drift.detector;

import org.jspecify.annotations.NullMarked;
