package io.attribution.benchmarks.drift;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.attribution.benchmarks.measure.Figures;
import io.attribution.benchmarks.measure.PythonScript;
import io.attribution.benchmarks.measure.Report;
import io.attribution.benchmarks.measure.Section;
import io.attribution.benchmarks.measure.Section.Table;
import io.attribution.drift.SampleRow;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench drift}. */
@Command(
    name = "drift",
    description =
        "False alarms and delays of the watch over attributions in simulated streams, and whether"
            + " it names the feature that moved.")
public final class DriftCommand implements Callable<Integer> {
  /** Added to a feature, in deviations; then multiplied with it. */
  private static final double[][] SHIFTS = {{0.25, 1}, {0.5, 1}, {1, 1}, {2, 1}, {0, 1.5}, {0, 3}};

  private static final double DEFAULT_RATE = Watch.DEFAULTS.falseAlarmRate();

  /** Of false alarms per window; the default is too small to be seen in a short run. */
  private static final double VISIBLE_RATE = 0.01;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Mixin private Report report;

  @Option(
      names = "--streams",
      defaultValue = "20",
      description =
          "Streams of each kind, each with a reference of its own. Default: ${DEFAULT-VALUE}.")
  private int streams;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Of all random numbers. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--python",
      description = "Interpreter that has what peers/requirements.txt lists; without, no peers.")
  private Optional<Path> python = Optional.empty();

  private final List<List<String>> quiet = new ArrayList<>();
  private final List<List<String>> delays = new ArrayList<>();
  private final List<List<String>> names = new ArrayList<>();
  private List<String> detectors = List.of();

  @Override
  public Integer call() throws IOException {
    for (Scenario.Kind kind : Scenario.Kind.values()) {
      run(kind, 20);
    }
    run(Scenario.Kind.NORMAL, 5);
    run(Scenario.Kind.NORMAL, 100);
    Map<String, String> settings =
        Map.of(
            "seed", String.valueOf(seed),
            "streams of each kind", String.valueOf(streams),
            "rows of reference and window", Scenario.REFERENCE + " and " + Scenario.WINDOW,
            "false alarms per window, by default", Figures.of(DEFAULT_RATE),
            "peers", python.isPresent() ? "scipy, river" : "did not run: no `--python`");
    List<Table> tables =
        List.of(
            table("Nothing moves: windows with an alarm", "asked for", quiet),
            table("One feature moves: windows until the alarm (found within 5)", "shift", delays),
            table(
                "The same: the feature that moved is named first, wrong names beside it",
                "shift",
                names));
    report.write(new Section("drift", report.run(settings), List.of(), List.of(), tables));
    return 0;
  }

  private void run(Scenario.Kind kind, int features) throws IOException {
    report.say(kind.label + ", " + features + " features");
    Scenario still = Scenario.quiet(kind, features);
    for (double rate : new double[] {DEFAULT_RATE, VISIBLE_RATE}) {
      List<Alarms> alarms = alarms(still, rate);
      quiet.add(row(still, Figures.of(rate), alarms, Alarms::falseAlarms));
    }
    for (double[] shift : SHIFTS) {
      Scenario scenario = Scenario.shifted(kind, features, shift[0], shift[1]);
      report.say("  " + scenario.shift());
      List<Integer> moved =
          IntStream.range(0, streams).mapToObj(i -> scenario.moved(seed, i)).toList();
      List<Alarms> alarms = alarms(scenario, DEFAULT_RATE);
      delays.add(row(scenario, scenario.shift(), alarms, Alarms::delay));
      names.add(row(scenario, scenario.shift(), alarms, each -> each.naming(moved)));
    }
  }

  private static List<String> row(
      Scenario scenario, String what, List<Alarms> alarms, Function<Alarms, String> cell) {
    Stream<String> head =
        Stream.of(scenario.kind().label, Figures.count(scenario.features()), what);
    return Stream.concat(head, alarms.stream().map(cell)).toList();
  }

  /** The alarms of all detectors at the same rate of false alarms per window. */
  private List<Alarms> alarms(Scenario scenario, double rate) throws IOException {
    List<List<SampleRow>> rows =
        IntStream.range(0, streams).mapToObj(i -> scenario.stream(seed, i)).toList();
    List<Watch> watches = rows.stream().map(stream -> Watch.over(scenario, stream, rate)).toList();
    int windows = scenario.before() + scenario.after();
    List<Alarms> alarms = new ArrayList<>();
    alarms.add(
        new Alarms(
            "attribution", scenario, windows, watches.stream().map(Watch::attribution).toList()));
    alarms.add(
        new Alarms("or input", scenario, windows, watches.stream().map(Watch::any).toList()));
    if (python.isPresent()) {
      alarms.addAll(peers(python.get(), scenario, rows, rate));
    }
    detectors = alarms.stream().map(Alarms::detector).toList();
    return alarms;
  }

  /** scipy and river on the same rows: {@code benchmarks/peers/drift_peer.py}. */
  private List<Alarms> peers(
      Path interpreter, Scenario scenario, List<List<SampleRow>> rows, double rate)
      throws IOException {
    Path file = Files.createTempFile("attribution-bench", ".f32");
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      ByteBuffer bytes = ByteBuffer.allocate(scenario.features() * Float.BYTES);
      for (List<SampleRow> stream : rows) {
        for (SampleRow row : stream) {
          bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(row.reduced());
          out.write(bytes.array());
        }
      }
    }
    int shiftRow = scenario.after() == 0 ? -1 : scenario.shiftRow();
    List<?> arguments =
        List.of(
            file,
            scenario.rows(),
            scenario.features(),
            Scenario.REFERENCE,
            Scenario.WINDOW,
            shiftRow,
            rate);
    byte[] answer = new PythonScript(interpreter, report.home(), "drift_peer.py").run(arguments);
    Files.delete(file);
    return Stream.of(JSON.readValue(answer, Peer[].class))
        .map(peer -> new Alarms(peer.name(), scenario, peer.windows(), peer.streams()))
        .toList();
  }

  /** A peer's alarms for each stream that it saw; a slow one has seen the first streams only. */
  private record Peer(String name, int windows, List<List<Alarms.Alarm>> streams) {}

  private Table table(String title, String third, List<List<String>> rows) {
    List<String> columns = new ArrayList<>(List.of("rows", "features", third));
    columns.addAll(detectors);
    return new Table(title, columns, rows);
  }
}
