package io.attribution.stream.cli;

import io.attribution.stream.app.Application;
import io.attribution.stream.app.ApplicationFailure;
import io.attribution.stream.config.AppConfig;
import io.attribution.stream.logging.UncaughtFaults;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Explains the records of a topic until it is stopped. */
@Command(
    name = "run",
    description = {
      "Explains the records of a topic until Ctrl-C or SIGTERM.",
      "",
      "Reads FeatureRecords, publishes contributions, verification metrics and dead letters. No"
          + " record is lost when it is killed; with processing.guarantee=exactly_once_v2, the"
          + " default, none is published twice."
    },
    footer = {
      "  attribution topics create --config my.properties",
      "  attribution run --config my.properties",
      "  attribution run --config my.properties --set num.stream.threads=4"
    })
final class RunCommand implements Callable<Integer> {
  private final StandardStreams streams;
  @Mixin private ConfigOptions options = new ConfigOptions();

  RunCommand(StandardStreams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws InterruptedException {
    AppConfig config = options.load();
    Thread.setDefaultUncaughtExceptionHandler(new UncaughtFaults());
    try (Application application = Application.open(config)) {
      Runtime.getRuntime().addShutdownHook(new Thread(application::close, "shutdown"));
      application
          .identities()
          .forEach(
              model ->
                  streams.say(
                      "model %s %s (%d features, %d outputs): method %s, engine %s on %s"
                          .formatted(
                              model.name(),
                              model.version(),
                              model.features(),
                              model.outputs(),
                              model.method().label(),
                              model.engine(),
                              application.device())));
      application
          .address()
          .ifPresent(address -> streams.say("dashboard, API, health and metrics at " + address));
      application.start();
      streams.say(
          "explaining the records of topic '"
              + config.topics().names().features()
              + "'; stop with Ctrl-C");
      application
          .awaitStop()
          .ifPresent(
              fault -> {
                throw new ApplicationFailure(fault);
              });
    }
    return ExitCode.OK.number();
  }
}
