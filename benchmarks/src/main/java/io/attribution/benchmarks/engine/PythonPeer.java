package io.attribution.benchmarks.engine;

import ai.djl.Device;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.attribution.benchmarks.engine.EngineUnderTest.Answer;
import io.attribution.benchmarks.measure.PythonScript;
import io.attribution.benchmarks.measure.Turns.Contestant;
import io.attribution.engine.matrix.FloatMatrix;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * A Python process that stays, as warm as this one; it works only on request. {@code
 * benchmarks/peers/engine_peer.py} describes the lines that they exchange.
 */
final class PythonPeer implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Process process;
  private final BufferedWriter requests;
  private final BufferedReader answers;

  /** For matrices, one way at a time. */
  private final Path file;

  PythonPeer(PythonScript script) throws IOException {
    this.file = Files.createTempFile("attribution-bench", ".f32");
    ProcessBuilder builder =
        new ProcessBuilder(script.python().toString(), "-u", script.file().toString());
    // The launcher's setting for this process; the peer keeps its library's own.
    builder.environment().remove("OMP_WAIT_POLICY");
    this.process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    this.requests = process.outputWriter(StandardCharsets.UTF_8);
    this.answers = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Loads a bundle in place of the one before; returns the versions of Python and packages. */
  String load(Path bundle, int threads, Device device) {
    String folder = bundle.toAbsolutePath().toString();
    String torchDevice = device.isGpu() ? "cuda:" + device.getDeviceId() : "cpu";
    JsonNode answer =
        ask(Map.of("op", "load", "bundle", folder, "threads", threads, "device", torchDevice));
    return answer.path("versions").asText();
  }

  /**
   * Makes a peer ready for a batch.
   *
   * @param peer one of engine_peer.py's
   * @param full from raw features to l2, and not only z and J
   * @param batch x (n, D), or e (n, K)
   */
  Prepared prepare(String peer, boolean full, FloatMatrix batch) {
    return prepare(batch, Map.of("op", "prepare", "peer", peer, "full", full));
  }

  /**
   * Makes a peer ready that explains a batch.
   *
   * @param peer one of contributions.py's
   * @param batch x (n, D)
   * @param error the worst of completeness that counts as equal
   * @throws PeerException when the peer is not installed, or cannot explain the encoder
   */
  Prepared prepareContributions(String peer, FloatMatrix batch, double error) {
    return prepare(batch, Map.of("op", "contributions", "peer", peer, "error", error));
  }

  private Prepared prepare(FloatMatrix batch, Map<String, Object> what) {
    int rows = batch.rows();
    byte[] bytes = new byte[rows * batch.columns() * Float.BYTES];
    batch.bytes(0, rows).get(bytes);
    try {
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, Object> request = new HashMap<>(what);
    request.put("rows", rows);
    request.put("inputs", file.toString());
    JsonNode answer = ask(request);
    return new Prepared(
        this,
        answer.path("key").asText(),
        answer.path("tuned").asText(),
        answer.path("rows").asInt(rows));
  }

  /** What the peer says of its failure. */
  static final class PeerException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    PeerException(String message) {
      super(message);
    }
  }

  /**
   * A peer with a batch.
   *
   * @param key of the peer and the batch
   * @param tuned the settings that were fastest
   * @param rows how many of the batch, from the first on, one call works on
   */
  record Prepared(PythonPeer python, String key, String tuned, int rows) {

    /**
     * @param callsPerCall for peers that explain one output, or some of the rows, at a time
     */
    Contestant contestant(String name, int callsPerCall) {
      return new Contestant(
          name,
          calls -> {
            JsonNode answer = python.ask(Map.of("op", "time", "key", key, "calls", calls));
            return callsPerCall * answer.path("seconds").asDouble();
          });
    }

    /** The results of one call, of the shapes of what is expected. */
    Answer answer(Answer expected) {
      JsonNode unused =
          python.ask(Map.of("op", "write", "key", key, "out", python.file.toString()));
      try {
        ByteBuffer bytes =
            ByteBuffer.wrap(Files.readAllBytes(python.file)).order(ByteOrder.LITTLE_ENDIAN);
        return new Answer(next(bytes, expected.small()), next(bytes, expected.large()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static FloatMatrix next(ByteBuffer bytes, FloatMatrix like) {
    int size = like.rows() * like.columns() * Float.BYTES;
    ByteBuffer own = bytes.slice(bytes.position(), size).order(ByteOrder.LITTLE_ENDIAN);
    bytes.position(bytes.position() + size);
    return FloatMatrix.wrap(own, like.rows(), like.columns());
  }

  private JsonNode ask(Map<String, Object> request) {
    try {
      requests.write(JSON.writeValueAsString(request) + "\n");
      requests.flush();
      String line = answers.readLine();
      if (line == null) {
        throw new IllegalStateException("the Python peer has ended");
      }
      JsonNode answer = JSON.readTree(line);
      if (answer.has("error")) {
        throw new PeerException("the Python peer: " + answer.path("error").asText());
      }
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    requests.close();
    Files.delete(file);
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
    }
  }
}
