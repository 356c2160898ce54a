package io.attribution.benchmarks.codec;

import io.attribution.benchmarks.report.BarChart;
import io.attribution.benchmarks.report.Claim;
import io.attribution.benchmarks.report.Figures;
import io.attribution.benchmarks.report.Run;
import io.attribution.benchmarks.report.Section;
import io.attribution.benchmarks.report.Table;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the codec's page says.
 *
 * @param floats the lengths of the vectors
 * @param seconds median time of a call by method and length, such as {@code decodeAvro 2000}
 */
record CodecSection(List<Integer> floats, Map<String, Double> seconds) {
  private static final String AVRO = "Avro";
  private static final String CONFLUENT = "Confluent";
  private static final int CLAIMED_FLOATS = 2000;
  private static final double CLAIMED_RATIO = 20;
  private static final List<String> OPERATIONS =
      List.of("decode", "encodeProjected", "encodeReduced");

  /** The key of {@link #seconds}. */
  static String key(String method, int floats) {
    return method + " " + floats;
  }

  Section section(Run run) {
    return new Section(
        "codec",
        "Codec: float vectors",
        run,
        claims(),
        List.of(table()),
        List.of(chart()),
        notes());
  }

  private List<Claim> claims() {
    return OPERATIONS.stream()
        .flatMap(
            operation ->
                ratio(operation, AVRO, CLAIMED_FLOATS).stream()
                    .map(
                        ratio ->
                            Claim.atLeast(
                                "codec, " + operation + " / Avro generic, 2,000 floats",
                                ratio,
                                CLAIMED_RATIO)))
        .toList();
  }

  /** How many times as fast this codec is as a peer. */
  private Optional<Double> ratio(String operation, String peer, int length) {
    return time(operation + peer, length)
        .flatMap(theirs -> time(operation, length).map(ours -> theirs / ours));
  }

  private Optional<Double> time(String method, int length) {
    return Optional.ofNullable(seconds.get(key(method, length)));
  }

  private Table table() {
    return new Table(
        "One record: median time",
        List.of(
            "operation",
            "floats",
            "this codec",
            "Avro generic",
            "Confluent",
            "× Avro generic",
            "× Confluent"),
        OPERATIONS.stream()
            .flatMap(operation -> floats.stream().map(length -> row(operation, length)))
            .toList());
  }

  private List<String> row(String operation, int length) {
    return List.of(
        operation,
        Figures.count(length),
        cell(time(operation, length)),
        cell(time(operation + AVRO, length)),
        cell(time(operation + CONFLUENT, length)),
        ratio(operation, AVRO, length).map(Figures::of).orElse(""),
        ratio(operation, CONFLUENT, length).map(Figures::of).orElse(""));
  }

  private static String cell(Optional<Double> time) {
    return time.map(Figures::seconds).orElse("");
  }

  private BarChart chart() {
    return new BarChart(
        "codec",
        "Speed of the codec",
        "times as fast as",
        List.of("Avro generic", CONFLUENT),
        OPERATIONS.stream()
            .flatMap(
                operation ->
                    floats.stream()
                        .map(
                            length ->
                                new BarChart.Group(
                                    operation + ", " + Figures.count(length),
                                    Stream.of(AVRO, CONFLUENT)
                                        .map(
                                            peer ->
                                                ratio(operation, peer, length).orElse(Double.NaN))
                                        .toList())))
            .toList());
  }

  private static List<String> notes() {
    return List.of(
        "decode: from a FeatureRecord's value to a row of a batch outside the Java heap."
            + " encodeProjected, encodeReduced: from a row of results to the value of a"
            + " ProjectedContribution (2 outputs) or ReducedContribution.",
        "Avro generic: GenericDatumReader and GenericDatumWriter of the same schema, with the"
            + " reader, decoder, encoder and record used again, and with Avro's own primitive float"
            + " arrays, which box less than lists. Confluent: KafkaAvroDeserializer and"
            + " KafkaAvroSerializer with a registry in memory.",
        "Before a time counts, every codec has to read the same features and to write records that"
            + " Avro reads as equal.");
  }
}
