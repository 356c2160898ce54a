package io.attribution.benchmarks.measure;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.attribution.benchmarks.measure.Section.Run;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Where a benchmark's results go, and what it says on the way. People write the pages, {@code
 * docs/benchmarks/*.md}; between {@code <!-- bench NAME -->} and {@code <!-- end -->} this program
 * writes the tables and charts of {@code results/NAME.json}, or all claims for the name "claims".
 */
public final class Report {
  private static final Pattern BLOCK =
      Pattern.compile("(<!-- bench ([a-z-]+) -->\n).*?(<!-- end -->)", Pattern.DOTALL);
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  @Option(
      names = "--report",
      paramLabel = "FOLDER",
      description =
          "Where the pages and the results as JSON go. Default: benchmarks/target/report;"
              + " docs/benchmarks to publish.")
  private Optional<Path> folder = Optional.empty();

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  /** The repository. */
  public Path home() {
    Path home = Path.of(Optional.ofNullable(System.getProperty("attribution.home")).orElse("."));
    return home.toAbsolutePath().normalize();
  }

  /** For files that are not committed. */
  public Path scratch() {
    return home().resolve("benchmarks/target");
  }

  /** One line of progress. */
  public void say(String line) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("bench: " + line);
    err.flush();
  }

  /** The run of this command, now. */
  public Run run(Map<String, String> settings) {
    return Run.now(command(), settings);
  }

  /** Writes a section, in place of an earlier one of its name, and the pages that show it. */
  public void write(Section section) throws IOException {
    Path target = folder.orElse(scratch().resolve("report"));
    for (Path page : write(section, home(), target)) {
      say("wrote " + page);
    }
  }

  static List<Path> write(Section section, Path home, Path target) throws IOException {
    Path results = Files.createDirectories(target.resolve("results"));
    JSON.writeValue(results.resolve(section.name() + ".json").toFile(), section);
    List<Path> written = new ArrayList<>();
    List<Path> pages;
    try (Stream<Path> files = Files.list(home.resolve("docs/benchmarks"))) {
      pages = files.filter(file -> file.toString().endsWith(".md")).sorted().toList();
    }
    for (Path page : pages) {
      String text = Files.readString(page);
      if (text.contains("<!-- bench " + section.name() + " -->")) {
        Path copy = target.resolve(page.getFileName());
        String up = target.toAbsolutePath().normalize().relativize(home) + "/";
        Files.writeString(copy, filled(text, results).replace("](../../", "](" + up));
        written.add(copy);
      }
    }
    return written;
  }

  /** The page with each block as the results have it now. */
  static String filled(String page, Path results) throws IOException {
    Map<String, Section> sections = new LinkedHashMap<>();
    for (MatchResult block : BLOCK.matcher(page).results().toList()) {
      Path file = results.resolve(block.group(2) + ".json");
      if (Files.exists(file)) {
        sections.put(block.group(2), JSON.readValue(file.toFile(), Section.class));
      }
    }
    return BLOCK
        .matcher(page)
        .replaceAll(block -> Matcher.quoteReplacement(filled(block, sections)));
  }

  private static String filled(MatchResult block, Map<String, Section> sections) {
    Section section = sections.get(block.group(2));
    String content = section == null ? "*Not measured.*\n" : section.markdown();
    if (block.group(2).equals("claims")) {
      content = Section.claims(sections.values());
    }
    return block.group(1) + "\n" + content + "\n" + block.group(3);
  }

  /** As typed, without the folders of this machine. */
  private String command() {
    return spec.commandLine().getParseResult().originalArgs().stream()
        .skip(1)
        .map(Report::withoutFolders)
        .collect(Collectors.joining(" ", "./attribution bench " + spec.name() + " ", ""))
        .strip();
  }

  static String withoutFolders(String word) {
    int value = word.startsWith("--") ? word.indexOf('=') + 1 : 0;
    String text = word.substring(value);
    return text.startsWith("/") ? word.substring(0, value) + Path.of(text).getFileName() : word;
  }
}
