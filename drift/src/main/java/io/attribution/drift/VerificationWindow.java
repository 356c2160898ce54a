package io.attribution.drift;

/**
 * The verification of a model over a tumbling window of event time.
 *
 * @param start inclusive, in milliseconds since the epoch
 * @param end exclusive
 * @param batches how many were merged
 * @param merged all of them together
 */
public record VerificationWindow(long start, long end, long batches, Observation merged) {}
