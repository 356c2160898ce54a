package io.attribution.demo;

import io.attribution.stream.app.Application;
import io.attribution.stream.app.ApplicationFailure;
import io.attribution.stream.config.AppConfig;
import io.attribution.stream.produce.FeatureProducer;
import io.attribution.stream.produce.KafkaTarget;
import io.attribution.stream.terminal.Line;
import io.attribution.stream.terminal.Screen;
import io.attribution.stream.terminal.StopSignal;
import io.attribution.stream.terminal.Style;
import io.attribution.stream.topics.Topics;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs the demonstration: starts broker, registry and application, feeds the example's records,
 * shows what comes out, and at the end reads the topics back and checks them.
 */
final class Demo {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
  private static final Duration LONG = Duration.ofDays(1);

  private final DemoOptions options;
  private final DemoOutput output;
  private final StopSignal stop;
  private final Example example;
  private final ExplanationPanel panel;
  private final Scoreboard board;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  /**
   * @throws io.attribution.stream.config.ConfigException when there is no such example
   */
  Demo(DemoOptions options, DemoOutput output, StopSignal stop) {
    this.options = options;
    this.output = output;
    this.stop = stop;
    this.example = Example.load(options.home(), options.example(), options.inject());
    this.panel = new ExplanationPanel(example, output.coloured());
    this.board = new Scoreboard(Clock.systemUTC());
  }

  /** What is running before the first record is sent. */
  private record Stage(DemoCluster cluster, Topics topics, Application application) {}

  /**
   * Runs to the end of the records, or until the stop signal.
   *
   * @return false when a record was lost or doubled, or the alerts are not those that should come
   * @throws ApplicationFailure when the application stopped by itself
   * @throws io.attribution.stream.produce.ProduceException when a record could not be sent
   */
  boolean run() {
    try (DemoCluster cluster =
        step("starting a Kafka broker and a Schema Registry", DemoCluster::start)) {
      return stop.isRaised() ? stopped(0) : open(cluster);
    } catch (DemoOutput.Stopped e) {
      return stopped(0);
    }
  }

  private boolean open(DemoCluster cluster) {
    AppConfig config = options.config(cluster, example.bundle());
    cluster.createTopics(config, example.bundle());
    try (Application application =
        step("loading model " + example.bundle().label(), () -> Application.open(config))) {
      watch(application);
      step("starting the topology", () -> start(application));
      requireHealthy();
      application
          .address()
          .ifPresent(page -> output.print(Line.of("dashboard: ").add(Style.BOLD, page.toString())));
      return stop.isRaised()
          ? stopped(0)
          : explain(new Stage(cluster, config.topics().names(), application));
    }
  }

  private boolean explain(Stage stage) {
    try (Feed feed = new Feed(options, example, FeatureProducer.open(target(stage)), stop)) {
      Duration took = stream(stage, feed);
      requireHealthy();
      if (stop.isRaised()) {
        return stopped(feed.sent());
      }
      boolean holds = conclude(stage, feed, took);
      if (options.keep()) {
        keep(stage);
        requireHealthy();
      }
      return holds;
    }
  }

  private <T> T step(String what, Supplier<T> work) {
    return output.step(what, stop, work);
  }

  private boolean start(Application application) {
    application.start();
    boolean stopped = false;
    while (!application.isRunning() && !stopped) {
      stopped = stop.await(LOOK_AGAIN);
    }
    return stopped;
  }

  /** Ends the demonstration when the application stops by itself. */
  private void watch(Application application) {
    Thread thread = new Thread(() -> awaitFailure(application), "application-watch");
    thread.setDaemon(true);
    thread.start();
  }

  private void awaitFailure(Application application) {
    try {
      application
          .awaitStop()
          .ifPresent(
              thrown -> {
                failure.set(thrown);
                stop.raise();
              });
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void requireHealthy() {
    Throwable thrown = failure.get();
    if (thrown != null) {
      throw new ApplicationFailure(thrown);
    }
  }

  private static KafkaTarget target(Stage stage) {
    return new KafkaTarget(
        stage.cluster().bootstrapServers(),
        stage.cluster().registryUrl(),
        stage.topics().features(),
        Map.of());
  }

  private Duration stream(Stage stage, Feed feed) {
    try (TopicReader reader = TopicReader.ofOutputs(stage.cluster(), stage.topics());
        Streaming.Display display = display(stage)) {
      return new Streaming(feed, reader, board, stop, System::nanoTime).run(display, options);
    }
  }

  private Streaming.Display display(Stage stage) {
    if (!output.live()) {
      return new PlainDisplay(output.text(), panel, System::nanoTime);
    }
    String footer =
        stage.application().address().map(page -> "dashboard " + page + "  ").orElse("")
            + "Ctrl-C stops.  Kafka "
            + stage.cluster().bootstrapServers()
            + "  registry "
            + stage.cluster().registryUrl();
    return new LiveScreen(
        new Screen(output.bytes(), output.coloured()),
        new ScreenLayout(stage.application().identities().get(0), panel, footer),
        System::nanoTime);
  }

  private boolean conclude(Stage stage, Feed feed, Duration took) {
    if (!options.keep()) {
      // Closing commits the last outputs before the topics are read.
      stage.application().close();
    }
    Tally tally =
        step("reading the topics back", () -> TopicReader.readAll(stage.cluster(), stage.topics()));
    RunSummary summary =
        new RunSummary(
            new RunSummary.Run(feed.sent(), feed.bad(), took, options.inject()), tally, board);
    if (output.live()) {
      output.print(Line.EMPTY);
      board.latest().ifPresent(latest -> output.print(panel.printed("LAST EXPLANATION", latest)));
    }
    output.print(Line.EMPTY);
    output.print(summary.lines());
    return summary.holds();
  }

  private void keep(Stage stage) {
    output.print(
        HowToRead.lines(
            stage.cluster().bootstrapServers(),
            stage.cluster().registryUrl(),
            stage.topics(),
            options.example()));
    while (!stop.await(LONG)) {
      // Days pass.
    }
    output.print(Line.of("stopped: the broker, the registry and their records are gone"));
  }

  private boolean stopped(long sent) {
    String after = "stopped after " + Figures.clock(board.elapsed());
    String what =
        sent == 0
            ? ", before the first record"
            : ": %s in, %s explained, %s, %s in flight"
                .formatted(
                    Figures.count(sent),
                    Figures.count(board.projected()),
                    Figures.counted(board.deadLetters(), "dead letter"),
                    Figures.count(Math.max(0, sent - board.outcomes())));
    output.print(Line.of(after + what));
    return true;
  }
}
