package io.attribution.stream.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.attribution.stream.json.JsonOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** One JSON value, written rather than built. */
@FunctionalInterface
interface JsonBody {
  void write(JsonGenerator json) throws IOException;

  /** The value in UTF-8. */
  default byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JsonOutput.to(out)) {
      write(json);
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    }
    return out.toByteArray();
  }
}
