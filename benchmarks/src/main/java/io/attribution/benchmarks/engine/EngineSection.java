package io.attribution.benchmarks.engine;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toList;

import io.attribution.benchmarks.measure.GeometricMean;
import io.attribution.benchmarks.report.BarChart;
import io.attribution.benchmarks.report.Claim;
import io.attribution.benchmarks.report.Figures;
import io.attribution.benchmarks.report.Run;
import io.attribution.benchmarks.report.Section;
import io.attribution.benchmarks.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What the engines' page says.
 *
 * @param matches those who took turns
 * @param jmh what JMH measured
 * @param skipped what did not run, and how to make it run
 */
record EngineSection(List<Match> matches, List<JmhRow> jmh, List<String> skipped) {
  private static final double GIGA = 1e9;

  Section section(Run run) {
    List<Table> tables = new ArrayList<>();
    tables.add(turns());
    tables.add(everything());
    tables.add(own());
    tables.removeIf(table -> table.rows().isEmpty());
    return new Section("engine", "Engines: Jacobians", run, claims(), tables, charts(), notes());
  }

  private List<Claim> claims() {
    List<Claim> claims = new ArrayList<>();
    ofMachine(Encoder.WIDE, 1024)
        .ifPresent(
            ratio ->
                claims.add(
                    Claim.atLeast(
                        "layers engine, 50→1152×5→2, batch 1024: arithmetic rate / sgemm rate",
                        ratio,
                        0.90)));
    ofMachine(Encoder.MANY, 256)
        .ifPresent(
            ratio ->
                claims.add(
                    Claim.atLeast(
                        "layers engine, 256→512×3→64, batch 256: arithmetic rate / sgemm rate",
                        ratio,
                        0.70)));
    speed(Names.LAYERS, 1024, 3, Encoder::isMultilayerPerceptron, "the MLP encoders", claims);
    speed(Names.LAYERS, 64, 4, Encoder::isMultilayerPerceptron, "the MLP encoders", claims);
    speed(Names.LAYERS, 1, 4, Encoder::isMultilayerPerceptron, "the MLP encoders", claims);
    speed(Names.AUTOGRAD, 1024, 1.5, encoder -> true, "the four encoders", claims);
    return claims;
  }

  /** A claim about all encoders of a kind is made only where all of them were measured. */
  private void speed(
      String engine,
      int batch,
      double limit,
      Predicate<Encoder> kind,
      String over,
      List<Claim> claims) {
    List<Double> ratios =
        matches.stream()
            .filter(match -> match.batch() == batch && kind.test(match.encoder()))
            .flatMap(match -> match.speed(engine, Names.VMAP).stream())
            .toList();
    if (ratios.size() == Stream.of(Encoder.values()).filter(kind).count()) {
      claims.add(
          Claim.atLeast(
              engine
                  + " engine / torch.func.vmap(jacrev), geometric mean over "
                  + over
                  + ", batch "
                  + batch,
              GeometricMean.of(ratios),
              limit));
    }
  }

  private Optional<Double> ofMachine(Encoder encoder, int batch) {
    return matches.stream()
        .filter(match -> match.encoder() == encoder && match.batch() == batch)
        .flatMap(match -> match.ofMachine(Names.LAYERS).stream())
        .findFirst();
  }

  private Table turns() {
    return new Table(
        "z and J of a batch, in turns: median, times as fast as vmap(jacrev), share of the"
            + " machine's own matrix product",
        List.of("encoder", "batch", "who", "time", "rows/s", "GFLOP/s", "/ sgemm", "× vmap", "±"),
        matches.stream()
            .flatMap(
                match ->
                    Stream.concat(
                        match.products().keySet().stream()
                            .sorted()
                            .map(name -> product(match, name)),
                        Names.JACOBIANS.stream()
                            .filter(match.times()::has)
                            .map(name -> turn(match, name))))
            .toList());
  }

  private static List<String> product(Match match, String name) {
    double rate = match.products().getOrDefault(name, Double.NaN);
    return List.of(
        match.encoder().label(),
        String.valueOf(match.batch()),
        name,
        Figures.seconds(match.times().of(name).median()),
        "",
        Figures.of(rate / GIGA),
        Figures.of(rate / match.sgemm()),
        "",
        Figures.of(100 * match.times().of(name).spread()) + " %");
  }

  private static List<String> turn(Match match, String name) {
    boolean exact = !name.equals(Names.CAPTUM);
    return List.of(
        match.encoder().label(),
        String.valueOf(match.batch()),
        name,
        Figures.seconds(match.times().of(name).median()),
        Figures.of(match.rowsPerSecond(name)),
        exact ? Figures.of(match.rate(name) / GIGA) : "",
        exact ? Figures.of(match.rate(name) / match.sgemm()) : "",
        match.speed(name, Names.VMAP).map(Figures::of).orElse(""),
        Figures.of(100 * match.times().of(name).spread()) + " %");
  }

  private Table everything() {
    return new Table(
        "From raw features to contributions and l2, in turns",
        List.of("encoder", "batch", "who", "time", "rows/s", "× vmap", "±"),
        matches.stream()
            .flatMap(
                match ->
                    Names.JACOBIANS.stream()
                        .map(Names::all)
                        .filter(match.times()::has)
                        .map(name -> all(match, name)))
            .toList());
  }

  private static List<String> all(Match match, String name) {
    return List.of(
        match.encoder().label(),
        String.valueOf(match.batch()),
        name,
        Figures.seconds(match.times().of(name).median()),
        Figures.of(match.rowsPerSecond(name)),
        match.speed(name, Names.all(Names.VMAP)).map(Figures::of).orElse(""),
        Figures.of(100 * match.times().of(name).spread()) + " %");
  }

  private Table own() {
    return new Table(
        "JMH, one fork each; sgemm is measured by the same fork between its iterations",
        List.of("encoder", "batch", "engine", "what", "median", "rows/s", "GFLOP/s", "/ sgemm"),
        jmh.stream()
            .map(
                row ->
                    List.of(
                        row.encoder(),
                        String.valueOf(row.batch()),
                        row.engine(),
                        row.what(),
                        Figures.seconds(row.seconds()),
                        Figures.of(row.rowsPerSecond()),
                        Figures.of(row.rate() / GIGA),
                        Figures.of(row.rate() / row.sgemm())))
            .toList());
  }

  private List<BarChart> charts() {
    List<String> names = List.of(Names.LAYERS, Names.AUTOGRAD);
    BarChart machine =
        new BarChart(
            "engine-sgemm",
            "Arithmetic rate of the engines",
            "share of the machine's own matrix product",
            names,
            groups(names, Match::ofMachine, match -> true));
    List<String> peers = List.of(Names.LAYERS, Names.AUTOGRAD, Names.VMAP, Names.FUNCTIONAL);
    BarChart speeds =
        new BarChart(
            "engine-peers",
            "Speed beside Python",
            "vmap(jacrev) = 1",
            peers,
            groups(
                peers,
                (match, name) -> match.speed(name, Names.VMAP),
                match -> match.times().has(Names.VMAP)));
    return Stream.of(machine, speeds).filter(chart -> !chart.groups().isEmpty()).collect(toList());
  }

  private List<BarChart.Group> groups(
      List<String> names,
      java.util.function.BiFunction<Match, String, Optional<Double>> value,
      Predicate<Match> shown) {
    return matches.stream()
        .filter(shown)
        .map(
            match ->
                new BarChart.Group(
                    match.encoder().label() + ", batch " + match.batch(),
                    names.stream()
                        .map(name -> value.apply(match, name).orElse(Double.NaN))
                        .toList()))
        .toList();
  }

  private List<String> notes() {
    List<String> notes = new ArrayList<>(skipped);
    for (Encoder encoder : Encoder.values()) {
      notes.add("`" + encoder.label() + "`: " + encoder.description() + ".");
    }
    notes.add(
        "Before a time counts, the results are compared row by row: z and J (contributions and l2)"
            + " of all engines and exact peers agree to a thousandth of the row's largest value, in"
            + " all rows but one in a hundred at most, or the run fails.");
    notes.add(
        "GFLOP/s counts 2·Σ in·out·(1 + min(O, K)) per row for the linear maps and convolutions,"
            + " for engines and peers alike, whatever they do; nothing else counts.");
    notes.add(
        "sgemm is a product of two plain arrays: libtorch's own (torch.mm: MKL on a CPU, cuBLAS on a GPU),"
            + " and on a CPU also oneDNN's. / sgemm divides by the fastest of the table's products. The"
            + " layers engine lays its weights out beforehand, so that its share can be above 1.");
    notes.add(
        "captum answers another question, approximately, for one output in a call: its time is that"
            + " of one output times O.");
    String chunks =
        matches.stream()
            .filter(match -> match.tuned().containsKey(Names.VMAP))
            .map(
                match ->
                    match.encoder().label()
                        + " "
                        + match.batch()
                        + ": "
                        + match.tuned().get(Names.VMAP))
            .collect(joining(", "));
    if (!chunks.isEmpty()) {
      notes.add(
          "vmap(jacrev) ran in the chunks of rows that were fastest, of None, 256, 64 ("
              + chunks
              + "); *one chunk* is what one writes first.");
    }
    notes.add("± is (slowest − fastest) / median over the rounds.");
    return notes;
  }
}
