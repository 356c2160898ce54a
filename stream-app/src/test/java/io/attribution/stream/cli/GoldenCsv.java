package io.attribution.stream.cli;

import io.attribution.engine.attribution.GoldenCase;
import io.attribution.engine.bundle.BundleLoader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.StringJoiner;

/** The rows of a golden case as a CSV file. */
final class GoldenCsv {
  private GoldenCsv() {}

  static Path write(GoldenCase golden, Path file) {
    try {
      return Files.writeString(file, text(golden));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(GoldenCase golden) {
    List<String> features = BundleLoader.load(golden.directory()).features();
    StringBuilder text = new StringBuilder(String.join(",", features)).append('\n');
    for (float[] row : golden.features()) {
      StringJoiner cells = new StringJoiner(",", "", "\n");
      for (float value : row) {
        cells.add(Float.toString(value));
      }
      text.append(cells);
    }
    return text.toString();
  }
}
