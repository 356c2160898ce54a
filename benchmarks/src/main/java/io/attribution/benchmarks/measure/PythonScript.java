package io.attribution.benchmarks.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A script of benchmarks/peers that runs to its end.
 *
 * @param python the interpreter, with what requirements.txt lists
 * @param home the repository
 * @param name of the script
 */
public record PythonScript(Path python, Path home, String name) {

  public Path file() {
    return home.resolve("benchmarks/peers").resolve(name);
  }

  /**
   * @return standard output
   * @throws IOException when the interpreter does not start or the script fails; with the last line
   *     of standard error
   */
  public byte[] run(List<?> arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(python.toString(), file().toString()));
    arguments.forEach(argument -> command.add(argument.toString()));
    Path errors = Files.createTempFile("attribution-bench", ".err");
    try {
      Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
      byte[] output = process.getInputStream().readAllBytes();
      if (process.waitFor() == 0) {
        return output;
      }
      List<String> lines = Files.readAllLines(errors);
      throw new IOException(lines.isEmpty() ? name + " failed" : lines.get(lines.size() - 1));
    } catch (IOException e) {
      throw new IOException(
          "--python %s: %s; install benchmarks/peers/requirements.txt for this interpreter or name another"
              .formatted(python, e.getMessage()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      Files.delete(errors);
    }
  }
}
