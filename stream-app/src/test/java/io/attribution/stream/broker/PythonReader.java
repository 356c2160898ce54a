package io.attribution.stream.broker;

import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * {@code tools/read_topics.py} with the libraries that it is pinned to, in an environment of its
 * own.
 */
final class PythonReader {
  private static final Path TOOLS = Path.of("..", "tools");
  private static final Path DIRECTORY = Path.of("target", "python-reader");
  private static final Path PYTHON = DIRECTORY.resolve(Path.of("bin", "python"));
  private static final List<String> LIBRARIES = List.of("confluent-kafka", "fastavro");
  private static final Duration TO_INSTALL = Duration.ofMinutes(2);
  private static final Duration TO_READ = Duration.ofMinutes(1);

  private PythonReader() {}

  /** Makes the environment; ends the calling test as skipped where that cannot be done here. */
  static PythonReader install() throws IOException, InterruptedException {
    require("there is no python3 with venv", "python3", "-m", "venv", DIRECTORY.toString());
    List<String> pip = new ArrayList<>(List.of(PYTHON.toString(), "-m", "pip", "install"));
    pip.addAll(List.of("--quiet", "--disable-pip-version-check", "--only-binary", ":all:"));
    pip.addAll(List.of("--timeout", "10", "--retries", "1"));
    pip.addAll(pinned());
    require("PyPI cannot be reached", pip.toArray(String[]::new));
    return new PythonReader();
  }

  /** The libraries with the versions that the tools name. */
  private static List<String> pinned() throws IOException {
    return Files.readAllLines(TOOLS.resolve("requirements.txt")).stream()
        .filter(line -> LIBRARIES.stream().anyMatch(library -> line.startsWith(library + "==")))
        .toList();
  }

  private static void require(String otherwise, String... command)
      throws IOException, InterruptedException {
    Path log = Files.createDirectories(Path.of("target")).resolve("python-reader.log");
    try {
      if (run(log, log, TO_INSTALL, command) != 0) {
        abort(otherwise + ": " + lastLine(log));
      }
    } catch (IOException e) {
      abort(otherwise + ": " + e.getMessage());
    }
  }

  /**
   * Reads topics from the beginning to the end.
   *
   * @return what it prints, one object per record
   */
  List<JsonNode> read(Endpoints endpoints, List<String> topics)
      throws IOException, InterruptedException {
    Path lines = Path.of("target", "read_topics.jsonl");
    Path log = Path.of("target", "read_topics.log");
    int exit =
        run(
            lines,
            log,
            TO_READ,
            PYTHON.toString(),
            TOOLS.resolve("read_topics.py").toString(),
            "--bootstrap",
            endpoints.bootstrapServers(),
            "--registry",
            endpoints.registryUrl(),
            "--topics",
            String.join(",", topics));
    if (exit != 0) {
      throw new AssertionError("read_topics.py ended with " + exit + ": " + lastLine(log));
    }
    ObjectMapper json = new ObjectMapper();
    List<JsonNode> records = new ArrayList<>();
    for (String line : Files.readAllLines(lines)) {
      records.add(json.readTree(line));
    }
    return records;
  }

  /** The exit code; that of a killed process when it takes longer than it may. */
  private static int run(Path out, Path err, Duration limit, String... command)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out.toFile());
    if (out.equals(err)) {
      builder.redirectErrorStream(true);
    } else {
      builder.redirectError(err.toFile());
    }
    Process process = builder.start();
    if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
      Files.writeString(err, "took longer than " + limit.toSeconds() + " s");
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    return process.waitFor();
  }

  private static String lastLine(Path log) throws IOException {
    return Files.readAllLines(log).stream()
        .filter(line -> !line.isBlank())
        .reduce("", (first, second) -> second);
  }
}
