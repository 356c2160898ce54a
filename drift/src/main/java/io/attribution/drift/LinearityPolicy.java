package io.attribution.drift;

import io.attribution.drift.detector.CusumSettings;
import java.time.Duration;
import java.util.Optional;

/**
 * When linearity error is an alarm.
 *
 * @param tolerance largest relative error that counts as exact; an error above it always is an
 *     alarm
 * @param growth of the detector of growth below the tolerance; empty for none
 * @param resolveAfter time without an alarm after which an alert is resolved, in event time
 */
public record LinearityPolicy(
    double tolerance, Optional<CusumSettings> growth, Duration resolveAfter) {}
