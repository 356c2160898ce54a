package io.attribution.benchmarks.report;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Where a subcommand's results go, and what it says on the way. */
public final class Destination {
  @Option(
      names = "--report",
      paramLabel = "FOLDER",
      description =
          "Where the page, its pictures and the results as JSON go. Default:"
              + " benchmarks/target/report; docs/benchmarks to publish.")
  private Optional<Path> folder = Optional.empty();

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  /** The repository. */
  public Path home() {
    return Path.of(Optional.ofNullable(System.getProperty("attribution.home")).orElse("."));
  }

  /** For what is made on the way and not committed. */
  public Path scratch() {
    return home().resolve("benchmarks/target");
  }

  /** For the measuring tools' own files. */
  public Path raw() {
    return scratch().resolve("raw");
  }

  /** Where the page goes. */
  public Path folder() {
    return folder.orElse(scratch().resolve("report"));
  }

  /** One line for the person who waits. */
  public void say(String line) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("bench: " + line);
    err.flush();
  }

  /**
   * Writes a section and the page with all of them.
   *
   * @param settings how long was measured, with what
   */
  public void write(Function<Run, Section> section, Map<String, String> settings)
      throws IOException {
    Report report = new Report(folder(), home());
    report.add(section.apply(run(settings)));
    say("wrote " + report.page());
  }

  /** Writes a section to a page of its own. */
  public void writeApart(Function<Run, Section> section, Map<String, String> settings)
      throws IOException {
    Report report = new Report(folder(), home());
    Section written = section.apply(run(settings));
    report.addApart(written);
    say("wrote " + report.pageOf(written.name()));
  }

  private Run run(Map<String, String> settings) {
    String now = Instant.now().truncatedTo(ChronoUnit.MINUTES).toString();
    return new Run(now, command(), Machine.describe(), settings);
  }

  /** As typed, without the place of this machine's files. */
  public String command() {
    List<String> words = new ArrayList<>(List.of("./attribution", "bench"));
    words.add(spec.name());
    spec.commandLine().getParseResult().originalArgs().stream()
        .skip(1)
        .map(Destination::withoutFolders)
        .forEach(words::add);
    return String.join(" ", words);
  }

  static String withoutFolders(String word) {
    int value = word.startsWith("--") ? word.indexOf('=') + 1 : 0;
    String text = word.substring(value);
    return text.startsWith("/") ? word.substring(0, value) + Path.of(text).getFileName() : word;
  }
}
