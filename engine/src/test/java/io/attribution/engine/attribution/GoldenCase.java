package io.attribution.engine.attribution;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.attribution.engine.bundle.TestFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A bundle with the float64 reference that tools/golden/generate.py computed for it. */
public final class GoldenCase {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path directory;
  private final ByteBuffer data;
  private final JsonNode header;

  private GoldenCase(Path directory) throws IOException {
    this.directory = directory;
    byte[] file = Files.readAllBytes(directory.resolve("reference.safetensors"));
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int headerLength = (int) bytes.getLong(0);
    this.header = JSON.readTree(file, Long.BYTES, headerLength);
    this.data = bytes.position(Long.BYTES + headerLength).slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  public static GoldenCase named(String name) {
    return of(root().resolve(name));
  }

  /** One of those that tools/golden/graphs.py wrote. */
  static GoldenCase ofGraph(String name) {
    return of(TestFiles.folder("golden-graph").resolve(name));
  }

  private static GoldenCase of(Path directory) {
    try {
      return new GoldenCase(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All case names, in order. */
  public static List<String> names() {
    try (Stream<Path> cases = Files.list(root())) {
      return cases
          .filter(Files::isDirectory)
          .map(p -> p.getFileName().toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path root() {
    return TestFiles.folder("golden");
  }

  public Path directory() {
    return directory;
  }

  public JsonNode verification() {
    try {
      return JSON.readTree(directory.resolve("reference.json").toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public boolean has(String name) {
    return header.has(name);
  }

  /** The x of the case, one array per row. */
  public float[][] features() {
    double[][] rows = rows("x");
    float[][] features = new float[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      features[i] = new float[rows[i].length];
      for (int k = 0; k < rows[i].length; k++) {
        features[i][k] = (float) rows[i][k];
      }
    }
    return features;
  }

  /** A tensor of the reference, each row flattened. */
  public double[][] rows(String name) {
    JsonNode entry = header.path(name);
    int rows = entry.path("shape").path(0).asInt();
    int begin = entry.path("data_offsets").path(0).asInt();
    int length = entry.path("data_offsets").path(1).asInt() - begin;
    boolean wide = entry.path("dtype").asText().equals("F64");
    int width = wide ? Double.BYTES : Float.BYTES;
    double[][] values = new double[rows][length / width / rows];
    for (int i = 0; i < rows; i++) {
      for (int k = 0; k < values[i].length; k++) {
        int at = begin + (i * values[i].length + k) * width;
        values[i][k] = wide ? data.getDouble(at) : data.getFloat(at);
      }
    }
    return values;
  }
}
