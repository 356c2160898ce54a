package io.attribution.engine.bundle;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/** JSON as bundles hold it: one document, no key twice, and no more than memory takes lightly. */
final class StrictJson {
  /** A residual layer takes two levels. */
  private static final int MOST_LEVELS = 100;

  /** Brackets, keys and values: some 100 bytes each once they are read. */
  private static final long MOST_TOKENS = 2_000_000;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MOST_LEVELS)
                          .maxTokenCount(MOST_TOKENS)
                          .build())
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private StrictJson() {}

  /**
   * @param subject what the bytes are, for messages
   * @throws BundleException when they are no such JSON; says where and why
   */
  static JsonNode parse(String subject, byte[] bytes) {
    try {
      return JSON.readTree(bytes);
    } catch (StreamConstraintsException e) {
      throw new BundleException(
          String.format(
              "%s%s holds more than is read, which is %d levels and %,d values (%s); export it again",
              subject, place(e), MOST_LEVELS, MOST_TOKENS, e.getOriginalMessage()),
          e);
    } catch (MismatchedInputException e) {
      throw new BundleException(
          subject + place(e) + " goes on after its JSON has ended; leave the rest out", e);
    } catch (JsonProcessingException e) {
      throw new BundleException(
          subject
              + place(e)
              + " is not valid JSON ("
              + firstLine(e.getOriginalMessage())
              + "); correct it there, or export the bundle again",
          e);
    } catch (IOException e) {
      throw new BundleException(subject + " is not JSON in UTF-8 (" + e.getMessage() + ")", e);
    }
  }

  private static String place(JsonProcessingException e) {
    JsonLocation at = e.getLocation();
    return at == null
        ? ""
        : String.format(": line %d, column %d:", at.getLineNr(), at.getColumnNr());
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("");
  }
}
