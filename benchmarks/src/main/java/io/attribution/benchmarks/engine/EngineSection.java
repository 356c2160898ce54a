package io.attribution.benchmarks.engine;

import static io.attribution.benchmarks.engine.EngineTurns.AUTOGRAD;
import static io.attribution.benchmarks.engine.EngineTurns.FUNCTIONAL;
import static io.attribution.benchmarks.engine.EngineTurns.GRAPH;
import static io.attribution.benchmarks.engine.EngineTurns.LAYERS;
import static io.attribution.benchmarks.engine.EngineTurns.VMAP;

import io.attribution.benchmarks.engine.EngineTurns.Result;
import io.attribution.benchmarks.measure.Figures;
import io.attribution.benchmarks.measure.Samples;
import io.attribution.benchmarks.measure.Section;
import io.attribution.benchmarks.measure.Section.Chart;
import io.attribution.benchmarks.measure.Section.Claim;
import io.attribution.benchmarks.measure.Section.Run;
import io.attribution.benchmarks.measure.Section.Table;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The engines' figures as claims, charts and tables.
 *
 * @param turns engines, peers and products in turns
 * @param jmh what JMH measured
 */
record EngineSection(List<Result> turns, List<Result> jmh) {
  private static final double GIGA = 1e9;
  private static final List<Encoder> MLP = List.of(Encoder.digits, Encoder.wide, Encoder.many);
  private static final List<Integer> AUTOMATIC_BATCHES = List.of(1, 64, 1024);

  Section section(Run run) {
    List<Chart> charts =
        Stream.concat(
                Stream.of(share(LAYERS), share(AUTOGRAD)),
                Stream.of(LAYERS, GRAPH, AUTOGRAD, FUNCTIONAL).map(this::speed))
            .toList();
    return new Section("engine", run, claims(), charts, List.of(jacobians(), everything(), own()));
  }

  private List<Claim> claims() {
    return Stream.of(
            shareClaim(Encoder.wide, "50→1152×5→2", 1024, 0.90),
            shareClaim(Encoder.many, "256→512×3→64", 256, 0.70),
            speedClaim(LAYERS, MLP, 1024, 3),
            speedClaim(LAYERS, MLP, 64, 4),
            speedClaim(LAYERS, MLP, 1, 4),
            speedClaim(AUTOGRAD, Encoder.FIRST, 1024, 1.5),
            automaticClaim("geometric mean", Samples::geometricMean, 2),
            automaticClaim("least", Collections::min, 1.2))
        .flatMap(Optional::stream)
        .toList();
  }

  /** Of what runs without being chosen. Only where all of them were measured. */
  private Optional<Claim> automaticClaim(
      String what, ToDoubleFunction<List<Double>> value, double limit) {
    List<Double> ratios =
        turns.stream()
            .filter(result -> AUTOMATIC_BATCHES.contains(result.batch()))
            .flatMap(result -> result.automatic().flatMap(own -> result.speed(own, VMAP)).stream())
            .toList();
    return ratios.size() == Encoder.JACOBIANS.size() * AUTOMATIC_BATCHES.size()
        ? Optional.of(
            Claim.atLeast(
                "the engine that auto takes / torch.func.vmap(jacrev), %s over %d encoders, batches %s"
                    .formatted(what, Encoder.JACOBIANS.size(), AUTOMATIC_BATCHES),
                value.applyAsDouble(ratios),
                limit))
        : Optional.empty();
  }

  private Optional<Claim> shareClaim(Encoder encoder, String sizes, int batch, double limit) {
    return turns.stream()
        .filter(result -> result.encoder() == encoder && result.batch() == batch)
        .flatMap(result -> result.ofMachine(LAYERS).stream())
        .findFirst()
        .map(
            share ->
                Claim.atLeast(
                    "layers engine, %s, batch %d: arithmetic rate / sgemm rate"
                        .formatted(sizes, batch),
                    share,
                    limit));
  }

  /** Only where all of the encoders were measured. */
  private Optional<Claim> speedClaim(
      String engine, List<Encoder> encoders, int batch, double limit) {
    List<Double> ratios =
        turns.stream()
            .filter(result -> result.batch() == batch && encoders.contains(result.encoder()))
            .flatMap(result -> result.speed(engine, VMAP).stream())
            .toList();
    return ratios.size() == encoders.size()
        ? Optional.of(
            Claim.atLeast(
                "%s engine / torch.func.vmap(jacrev), geometric mean over %s, batch %d"
                    .formatted(engine, names(encoders), batch),
                Samples.geometricMean(ratios),
                limit))
        : Optional.empty();
  }

  private static String names(List<Encoder> encoders) {
    return encoders.stream().map(Encoder::name).collect(Collectors.joining(", "));
  }

  private Chart share(String name) {
    return chart(
        name + ": arithmetic rate",
        "share of the machine's own matrix product",
        result -> result.ofMachine(name));
  }

  private Chart speed(String name) {
    return chart(name + ": speed", "vmap(jacrev) = 1", result -> result.speed(name, VMAP));
  }

  private Chart chart(String title, String unit, Function<Result, Optional<Double>> value) {
    Map<String, Double> bars = new LinkedHashMap<>();
    turns.forEach(result -> value.apply(result).ifPresent(v -> bars.put(result.label(), v)));
    return new Chart(title, unit, bars);
  }

  private Table jacobians() {
    return Table.of(
        "z and J of a batch, in turns: median, times as fast as vmap(jacrev), share of the"
            + " machine's own matrix product",
        "encoder | batch | who | time | rows/s | GFLOP/s | / sgemm | × vmap | ±",
        turns.stream().flatMap(EngineSection::jacobianRows).toList());
  }

  private static Stream<List<String>> jacobianRows(Result result) {
    return Stream.concat(
            result.products().keySet().stream().sorted(),
            EngineTurns.JACOBIANS.stream().filter(result.times()::containsKey))
        .map(name -> row(result, name, VMAP));
  }

  private static List<String> row(Result result, String name, String vmap) {
    Samples time = result.time(name).orElseThrow();
    Optional<Double> product = Optional.ofNullable(result.products().get(name));
    double rowsPerSecond = result.batch() / time.median();
    // captum does not compute J.
    Optional<Double> rate =
        name.equals(EngineTurns.CAPTUM)
            ? Optional.empty()
            : product.or(() -> Optional.of(result.operations() * rowsPerSecond)).filter(r -> r > 0);
    return List.of(
        result.encoder().name(),
        String.valueOf(result.batch()),
        name,
        Figures.seconds(time.median()),
        product.isPresent() ? "" : Figures.of(rowsPerSecond),
        cell(rate.map(r -> r / GIGA)),
        cell(rate.map(r -> r / result.sgemm())),
        product.isPresent() ? "" : cell(result.speed(name, vmap)),
        Figures.of(100 * time.spread()) + " %");
  }

  private static String cell(Optional<Double> figure) {
    return figure.map(Figures::of).orElse("");
  }

  private Table everything() {
    return Table.of(
        "From raw features to contributions and l2, in turns",
        "encoder | batch | who | time | rows/s | × vmap | ±",
        turns.stream().flatMap(EngineSection::everythingRows).toList());
  }

  private static Stream<List<String>> everythingRows(Result result) {
    return Stream.of(LAYERS, GRAPH, AUTOGRAD, VMAP)
        .map(EngineTurns::all)
        .filter(result.times()::containsKey)
        .map(name -> row(result, name, EngineTurns.all(VMAP)))
        // Arithmetic beyond z and J does not count.
        .map(row -> Stream.concat(row.subList(0, 5).stream(), row.subList(7, 9).stream()).toList());
  }

  private Table own() {
    return Table.of(
        "JMH, one fork each; sgemm is measured by the same fork between its iterations",
        "encoder | batch | who | median | rows/s | GFLOP/s | / sgemm",
        jmh.stream().map(EngineSection::jmhRow).toList());
  }

  private static List<String> jmhRow(Result result) {
    String name = result.times().keySet().iterator().next();
    return row(result, name, VMAP).subList(0, 7);
  }
}
