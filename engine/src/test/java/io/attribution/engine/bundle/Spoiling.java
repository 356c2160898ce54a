package io.attribution.engine.bundle;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Puts a wrong value into sound JSON. */
final class Spoiling {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Spoiling() {}

  /** Puts parsed JSON where a pointer points. */
  static void put(ObjectNode root, String pointer, String json) {
    try {
      JsonPointer at = JsonPointer.compile(pointer);
      JsonNode parent = root.at(at.head());
      ((ObjectNode) parent).set(at.last().getMatchingProperty(), JSON.readTree(json));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(json, e);
    }
  }
}
