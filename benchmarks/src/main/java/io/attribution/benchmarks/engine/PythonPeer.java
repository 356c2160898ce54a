package io.attribution.benchmarks.engine;

import ai.djl.Device;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A Python process that stays, as warm as this one; it works only on request. {@code
 * benchmarks/peers/engine_peer.py} describes the lines that they exchange.
 */
final class PythonPeer implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Process process;
  private final BufferedWriter requests;
  private final BufferedReader answers;
  private final Path inputs;
  private final Path outputs;

  PythonPeer(PythonScript script) throws IOException {
    this.inputs = Files.createTempFile("attribution-bench", ".inputs");
    this.outputs = Files.createTempFile("attribution-bench", ".outputs");
    ProcessBuilder builder =
        new ProcessBuilder(script.python().toString(), "-u", script.file().toString());
    // The launcher's setting for this process; the peer keeps its library's own.
    builder.environment().remove("OMP_WAIT_POLICY");
    this.process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    this.requests = process.outputWriter(StandardCharsets.UTF_8);
    this.answers = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Loads a bundle in place of the one before; returns the versions of Python and PyTorch. */
  String load(Path bundle, int threads, Device device) {
    JsonNode answer =
        ask(
            "load",
            request ->
                request
                    .put("bundle", bundle.toAbsolutePath().toString())
                    .put("threads", threads)
                    .put("device", device.isGpu() ? "cuda:" + device.getDeviceId() : "cpu"));
    return "Python %s, PyTorch %s"
        .formatted(answer.path("python").asText(), answer.path("torch").asText());
  }

  /**
   * Makes a peer ready for a batch.
   *
   * @param peer one of engine_peer.py's
   * @param full from raw features to l2, and not only z and J
   * @param batch x (n, D), or e (n, K)
   */
  Prepared prepare(String peer, boolean full, FloatMatrix batch) {
    byte[] bytes = new byte[batch.rows() * batch.columns() * Float.BYTES];
    batch.bytes(0, batch.rows()).get(bytes);
    try {
      Files.write(inputs, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    JsonNode answer =
        ask(
            "prepare",
            request ->
                request
                    .put("peer", peer)
                    .put("full", full)
                    .put("rows", batch.rows())
                    .put("inputs", inputs.toString()));
    return new Prepared(answer.path("key").asText(), answer.path("tuned").asText());
  }

  /** A peer with a batch, and the settings that were fastest for it. */
  final class Prepared {
    private final String key;
    private final String tuned;

    private Prepared(String key, String tuned) {
      this.key = key;
      this.tuned = tuned;
    }

    String tuned() {
      return tuned;
    }

    /**
     * @param callsPerCall for peers that explain one output at a time
     */
    Contestant contestant(String name, int callsPerCall) {
      return new Contestant(
          name,
          calls -> {
            JsonNode answer = ask("time", request -> request.put("key", key).put("calls", calls));
            return callsPerCall * answer.path("seconds").asDouble();
          });
    }

    /** The results of one call, of the shapes of what is expected. */
    Answer answer(Answer expected) {
      ask("write", request -> request.put("key", key).put("out", outputs.toString()));
      try {
        ByteBuffer bytes =
            ByteBuffer.wrap(Files.readAllBytes(outputs)).order(ByteOrder.LITTLE_ENDIAN);
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

  private JsonNode ask(String operation, Consumer<ObjectNode> arguments) {
    ObjectNode request = JSON.createObjectNode().put("op", operation);
    arguments.accept(request);
    try {
      requests.write(request + "\n");
      requests.flush();
      String line =
          Optional.ofNullable(answers.readLine())
              .orElseThrow(() -> new IllegalStateException("the Python peer has ended"));
      JsonNode answer = JSON.readTree(line);
      if (answer.has("error")) {
        throw new IllegalStateException("the Python peer: " + answer.path("error").asText());
      }
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    requests.close();
    Files.delete(inputs);
    Files.delete(outputs);
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
    }
  }
}
