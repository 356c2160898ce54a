package io.attribution.demo;

import io.attribution.stream.app.Application;
import io.attribution.stream.config.AppConfig;
import io.attribution.stream.produce.FeatureProducer;
import io.attribution.stream.produce.KafkaTarget;
import io.attribution.stream.produce.Pace;
import io.attribution.stream.terminal.Line;
import io.attribution.stream.terminal.Screen;
import io.attribution.stream.terminal.StopSignal;
import io.attribution.stream.terminal.Style;
import io.attribution.stream.topics.Topics;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Runs the demonstration, from the broker's start to the last word. */
public final class Demo {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
  private static final Duration ALERT_TIMEOUT = Duration.ofSeconds(20);
  private static final Duration LONG = Duration.ofDays(1);

  private final DemoOptions options;
  private final DemoOutput output;
  private final Example example;
  private final ExplanationPanel panel;
  private final Scoreboard board = new Scoreboard(Clock.systemUTC());

  /**
   * @throws io.attribution.stream.config.ConfigException when there is no such example
   */
  public Demo(DemoOptions options, DemoOutput output) {
    this.options = options;
    this.output = output;
    this.example = Example.load(options.home(), options.example(), options.inject());
    this.panel = new ExplanationPanel(example, output.coloured());
  }

  /**
   * Shows everything, until it is done or told to stop.
   *
   * @return false when a record was lost or doubled
   * @throws io.attribution.stream.app.ApplicationFailure when the application stopped by itself
   * @throws io.attribution.stream.produce.ProduceException when a record could not be sent
   */
  public boolean run(StopSignal stop) {
    Steps steps = new Steps(output, stop);
    try (Scratch scratch = Scratch.create();
        DemoCluster cluster =
            steps.step("starting Kafka and a Schema Registry here", DemoCluster::start)) {
      return stop.isRaised()
          ? stopped(0)
          : explain(cluster, DemoSettings.of(cluster, example, scratch, options), steps, stop);
    } catch (Steps.Stopped e) {
      return stopped(0);
    }
  }

  private boolean explain(DemoCluster cluster, AppConfig config, Steps steps, StopSignal stop) {
    cluster.createTopics(config, example.bundle());
    try (Application application =
        steps.step("loading model " + example.bundle().label(), () -> Application.open(config))) {
      ApplicationWatch watch = ApplicationWatch.start(application, stop);
      steps.step("starting the topology", () -> start(application, stop));
      watch.requireHealthy();
      application
          .address()
          .ifPresent(page -> output.print(Line.of("dashboard: ").add(Style.BOLD, page.toString())));
      return stop.isRaised()
          ? stopped(0)
          : explain(new Stage(cluster, config.topics().names(), application, watch), steps, stop);
    }
  }

  /** What stands ready before the first record. */
  private record Stage(
      DemoCluster cluster, Topics topics, Application application, ApplicationWatch watch) {}

  private boolean explain(Stage stage, Steps steps, StopSignal stop) {
    try (Feed feed = feed(stage, stop)) {
      Duration took = stream(stage, feed, stop);
      stage.watch().requireHealthy();
      if (stop.isRaised()) {
        return stopped(feed.sent());
      }
      boolean holds = conclude(stage, feed, took, steps);
      if (options.keep()) {
        keep(stage, stop);
        stage.watch().requireHealthy();
      }
      return holds;
    }
  }

  private static boolean start(Application application, StopSignal stop) {
    application.start();
    boolean stopped = false;
    while (!application.isRunning() && !stopped) {
      stopped = stop.await(LOOK_AGAIN);
    }
    return stopped;
  }

  private Feed feed(Stage stage, StopSignal stop) {
    KafkaTarget target =
        new KafkaTarget(
            stage.cluster().bootstrapServers(),
            stage.cluster().registryUrl(),
            stage.topics().features(),
            Map.of());
    return new Feed(
        example,
        Injected.of(example, options.inject(), options.shiftFrom(example.bundle())),
        new FeedPlan(options.records()),
        FeatureProducer.open(target),
        Pace.of(options.recordsPerSecond(), System::nanoTime),
        stop);
  }

  private Duration stream(Stage stage, Feed feed, StopSignal stop) {
    Topics topics = stage.topics();
    List<String> outputs =
        List.of(
            topics.projected(),
            topics.reduced(),
            topics.verification(),
            topics.alerts(),
            topics.deadLetter());
    try (TopicReader reader = new TopicReader(stage.cluster(), topics, outputs);
        Display display = display(stage)) {
      TrafficMeter meter = new TrafficMeter(options.records(), System::nanoTime);
      Duration took =
          new Streaming(feed, reader, board, meter, System::nanoTime).run(display, stop);
      options.inject().ifPresent(injection -> awaitAlert(injection, reader, stop));
      return took;
    }
  }

  /** The alert stands a commit behind the explanations that it is about. */
  private void awaitAlert(Injection injection, TopicReader reader, StopSignal stop) {
    long deadline = System.nanoTime() + ALERT_TIMEOUT.toNanos();
    while (board.alerts().stream().noneMatch(injection::explains)
        && System.nanoTime() < deadline
        && !stop.isRaised()) {
      reader.poll(LOOK_AGAIN, board);
    }
  }

  private Display display(Stage stage) {
    if (!output.live()) {
      return new PlainDisplay(output.text(), panel, System::nanoTime);
    }
    String footer =
        stage.application().address().map(page -> "dashboard " + page + "  ").orElse("")
            + "Ctrl-C stops.  Kafka "
            + stage.cluster().bootstrapServers()
            + "  registry "
            + stage.cluster().registryUrl();
    LiveView view = new LiveView(stage.application().identities().get(0), panel, footer);
    return new ScreenDisplay(new Screen(output.bytes(), output.coloured()), view, System::nanoTime);
  }

  private boolean conclude(Stage stage, Feed feed, Duration took, Steps steps) {
    if (!options.keep()) {
      // Whatever it still had to commit is on the topics before they are read.
      stage.application().close();
    }
    Tally tally =
        steps.step("reading the topics back", () -> Tally.read(stage.cluster(), stage.topics()));
    Summary summary =
        new Summary(tally.balance(feed.sent()), feed.bad(), options.inject(), tally, board, took);
    if (output.live()) {
      output.print(Line.EMPTY);
      board.latest().ifPresent(latest -> output.print(panel.printed("LAST EXPLANATION", latest)));
    }
    output.print(Line.EMPTY);
    output.print(summary.lines());
    return summary.holds();
  }

  private void keep(Stage stage, StopSignal stop) {
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
            : ": %s in, %s explained, %s, %s on the way"
                .formatted(
                    Figures.count(sent),
                    Figures.count(board.explainedCount()),
                    Figures.counted(board.deadLetters().total(), "dead letter"),
                    Figures.count(Math.max(0, sent - board.outcomes())));
    output.print(Line.of(after + what));
    return true;
  }
}
