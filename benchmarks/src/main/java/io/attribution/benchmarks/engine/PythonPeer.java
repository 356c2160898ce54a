package io.attribution.benchmarks.engine;

import ai.djl.Device;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.attribution.benchmarks.measure.Contestant;
import io.attribution.engine.matrix.FloatMatrix;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A Python process that stays, so that it is as warm as this one; it works only while it is asked
 * to. See {@code benchmarks/peers/engine_peer.py} for the lines they exchange.
 */
final class PythonPeer implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Process process;
  private final BufferedWriter requests;
  private final BufferedReader answers;
  private final Path scratch;
  private final List<String> playing;

  /**
   * @param python the interpreter, with what requirements.txt lists
   * @param script engine_peer.py
   * @param playing which of its peers take turns
   */
  PythonPeer(String python, Path script, List<String> playing) throws IOException {
    this.playing = List.copyOf(playing);
    this.scratch = Files.createTempDirectory("attribution-bench");
    ProcessBuilder builder = new ProcessBuilder(python, "-u", script.toString());
    // The launcher's setting for this process; the peer keeps its library's own.
    builder.environment().remove("OMP_WAIT_POLICY");
    this.process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    this.requests = process.outputWriter(StandardCharsets.UTF_8);
    this.answers = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Loads a bundle in place of the one before; says which versions it runs on. */
  String load(Path bundle, int threads, Device device) {
    JsonNode answer =
        ask(
            "load",
            r ->
                r.put("bundle", bundle.toAbsolutePath().toString())
                    .put("threads", threads)
                    .put("device", device.isGpu() ? "cuda:" + device.getDeviceId() : "cpu"));
    return "Python "
        + answer.path("python").asText()
        + ", PyTorch "
        + answer.path("torch").asText();
  }

  /**
   * Makes a peer ready for a batch.
   *
   * @param peer one of engine_peer.py's
   * @param full from raw features to l2, and not only z and J
   * @param batch x (n, D), or e (n, K)
   */
  Prepared prepare(String peer, boolean full, FloatMatrix batch) {
    Path file = scratch.resolve("inputs");
    write(file, batch);
    JsonNode answer =
        ask(
            "prepare",
            r ->
                r.put("peer", peer)
                    .put("full", full)
                    .put("rows", batch.rows())
                    .put("inputs", file.toString()));
    return new Prepared(answer.path("key").asText(), answer.path("tuned").asText());
  }

  boolean plays(String peer) {
    return playing.contains(peer);
  }

  /** A peer with a batch. */
  final class Prepared {
    private final String key;
    private final String tuned;

    private Prepared(String key, String tuned) {
      this.key = key;
      this.tuned = tuned;
    }

    /** The settings that turned out best. */
    String tuned() {
      return tuned;
    }

    /**
     * @param name how it is called in tables
     * @param callsPerCall for peers that answer for one output at a time
     */
    Contestant contestant(String name, int callsPerCall) {
      return new Contestant() {
        @Override
        public String name() {
          return name;
        }

        @Override
        public double time(int calls) {
          return callsPerCall
              * ask("time", r -> r.put("key", key).put("calls", calls)).path("seconds").asDouble();
        }
      };
    }

    /**
     * What one call gives.
     *
     * @param expected has the shapes of what is expected
     */
    Answer answer(Answer expected) {
      Path file = scratch.resolve("outputs");
      ask("write", r -> r.put("key", key).put("out", file.toString()));
      ByteBuffer bytes = read(file);
      int split = bytesOf(expected.small());
      return new Answer(
          matrix(bytes.slice(0, split), expected.small()),
          matrix(bytes.slice(split, bytes.capacity() - split), expected.large()));
    }
  }

  private JsonNode ask(String operation, Consumer<ObjectNode> arguments) {
    ObjectNode request = JSON.createObjectNode().put("op", operation);
    arguments.accept(request);
    try {
      requests.write(request.toString());
      requests.newLine();
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

  private static int bytesOf(FloatMatrix matrix) {
    return matrix.rows() * matrix.columns() * Float.BYTES;
  }

  private static FloatMatrix matrix(ByteBuffer bytes, FloatMatrix like) {
    return FloatMatrix.wrap(bytes, like.rows(), like.columns());
  }

  private static void write(Path file, FloatMatrix matrix) {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer bytes = matrix.bytes(0, matrix.rows());
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ByteBuffer read(Path file) {
    try {
      return ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      requests.close();
      Files.deleteIfExists(scratch.resolve("inputs"));
      Files.deleteIfExists(scratch.resolve("outputs"));
      Files.delete(scratch);
      process.waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
    }
  }
}
