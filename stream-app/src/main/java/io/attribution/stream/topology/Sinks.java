package io.attribution.stream.topology;

import java.util.List;

/**
 * The names of the nodes that outputs go to.
 *
 * @param explained every explained record goes to each of these
 * @param verification every verified batch goes to each of these
 * @param samples the explained records that are kept in one piece
 * @param deadLetter every rejected record
 */
public record Sinks(
    List<String> explained, List<String> verification, List<String> samples, String deadLetter) {}
