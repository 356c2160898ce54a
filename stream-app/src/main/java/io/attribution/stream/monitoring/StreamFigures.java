package io.attribution.stream.monitoring;

import java.util.Map;

/**
 * Figures of the stream since the start.
 *
 * @param explained records
 * @param meanRows of a batch
 * @param maxRows of a batch, lately
 * @param drains batches by what made them due: full, bytes, linger
 * @param stageMillis mean time per batch: decode, explain, forward
 * @param deadLetters records by reason; reasons without any are left out
 */
public record StreamFigures(
    long explained,
    double meanRows,
    double maxRows,
    Map<String, Long> drains,
    Map<String, Double> stageMillis,
    Map<String, Long> deadLetters) {}
