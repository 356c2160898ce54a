package io.attribution.stream.topology;

import java.util.List;

/**
 * The names of the sink nodes.
 *
 * @param explained receive every explained record
 * @param verification receive every verified batch
 * @param samples receive the sampled records
 * @param deadLetter receives every rejected record
 */
public record Sinks(
    List<String> explained, List<String> verification, List<String> samples, String deadLetter) {}
