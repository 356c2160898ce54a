package io.attribution.stream.cli;

import io.attribution.engine.bundle.BundleLoader;
import io.attribution.stream.produce.CsvProduction;
import io.attribution.stream.produce.CsvRows;
import io.attribution.stream.produce.CsvSource;
import io.attribution.stream.produce.FeatureProducer;
import io.attribution.stream.produce.KafkaTarget;
import io.attribution.stream.produce.Pace;
import io.attribution.stream.produce.Production;
import io.attribution.stream.terminal.StatusLine;
import io.attribution.stream.terminal.StopSignal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Sends the rows of a CSV file to a topic as feature records. */
@Command(
    name = "produce",
    description = {
      "Sends the rows of a CSV file to a topic as feature records, in Confluent's wire format: what"
          + " your own producer would send to have its records explained.",
      "",
      "A row is one record. Its schema, FeatureRecord, is registered if it is not there yet."
    },
    footer = {
      "  attribution produce --bootstrap-servers localhost:9092 \\",
      "      --registry http://localhost:8081 --bundle examples/wdbc/bundle \\",
      "      --input examples/wdbc/data.csv --rate 100 --loop"
    })
final class ProduceCommand implements Runnable {
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

  private final StandardStreams streams;
  private final Verbosity verbosity;
  @Spec private CommandSpec spec;

  @Option(
      names = "--bootstrap-servers",
      required = true,
      paramLabel = "HOST:PORT[,...]",
      description = "Kafka brokers.")
  private String bootstrapServers;

  @Option(
      names = "--registry",
      required = true,
      paramLabel = "URL",
      description = "Schema Registry.")
  private String registry;

  @Option(
      names = "--topic",
      paramLabel = "TOPIC",
      defaultValue = "features",
      description = "Where the records go. Default: ${DEFAULT-VALUE}.")
  private String topic;

  @Option(
      names = "--input",
      required = true,
      paramLabel = "FILE.csv",
      description = "Rows to send: CSV in UTF-8 with a header. - is standard input.")
  private Path input;

  @Option(
      names = "--bundle",
      paramLabel = "DIR",
      description =
          "Put the columns into the order that this model bundle wants, and refuse a file that"
              + " lacks one. Without it columns go in the file's order.")
  private @Nullable Path bundle;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description =
          "Name this model in every record. Without it the application's default model explains"
              + " them.")
  private @Nullable String model;

  @Option(
      names = "--key-column",
      paramLabel = "NAME",
      description = "Column with the message's key. Default: the row's number, from 0.")
  private @Nullable String keyColumn;

  @Option(
      names = "--id-column",
      paramLabel = "NAME",
      description = "Column with the recordId, which the explanations repeat. Default: the key.")
  private @Nullable String idColumn;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "unlimited",
      converter = Rate.class,
      description = "Records per second, evenly spaced. Default: ${DEFAULT-VALUE}.")
  private double rate;

  @Option(names = "--loop", description = "Begin again at the end of the file, until Ctrl-C.")
  private boolean loop;

  @Option(
      names = "--records",
      paramLabel = "N",
      converter = PositiveInt.class,
      description = "Stop after N records.")
  private @Nullable Integer records;

  @Option(
      names = "--property",
      paramLabel = "KEY=VALUE",
      description =
          "A setting of Kafka's producer or of the Schema Registry's client, such as"
              + " security.protocol=SASL_SSL; may be repeated.")
  private Map<String, String> properties = Map.of();

  ProduceCommand(StandardStreams streams, Verbosity verbosity) {
    this.streams = streams;
    this.verbosity = verbosity;
  }

  @Override
  public void run() {
    verbosity.silenceClients();
    KafkaTarget target = target();
    StatusLine status = StatusLine.onError(streams.err());
    try (StopSignal stop = StopSignal.interrupting(STOP_TIMEOUT)) {
      Production production = produce(target, status, stop);
      spec.commandLine().getOut().println(production.summary());
      spec.commandLine().getOut().flush();
    }
  }

  private Production produce(KafkaTarget target, StatusLine status, StopSignal stop) {
    OptionalLong limit = records == null ? OptionalLong.empty() : OptionalLong.of(records);
    try (CsvRows rows = new CsvRows(source(), streams.in(), loop);
        FeatureProducer producer = FeatureProducer.open(target)) {
      return new CsvProduction(
              producer, Optional.ofNullable(model), Pace.of(rate, System::nanoTime), status, stop)
          .run(rows, limit);
    }
  }

  private KafkaTarget target() {
    try {
      return new KafkaTarget(bootstrapServers, registry, topic, properties);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(), "Invalid value for option '--property': " + e.getMessage());
    }
  }

  private CsvSource source() {
    Optional<List<String>> features =
        Optional.ofNullable(bundle).map(directory -> BundleLoader.load(directory).features());
    return new CsvSource(
        input, features, Optional.ofNullable(keyColumn), Optional.ofNullable(idColumn));
  }
}
