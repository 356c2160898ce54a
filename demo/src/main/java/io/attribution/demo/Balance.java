package io.attribution.demo;

import io.attribution.drift.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What went in against what came out.
 *
 * @param sent records that were sent
 * @param inputs records on the input topic
 * @param projected records on the projected topic
 * @param deadLetters records on the dead-letter topic
 * @param missing inputs that did not come out
 * @param doubled sources of outcomes after the first of each
 * @param unknown sources of outcomes that are no inputs
 */
record Balance(
    long sent,
    long inputs,
    long projected,
    long deadLetters,
    List<Origin> missing,
    List<Origin> doubled,
    List<Origin> unknown) {
  private static final int NAMED = 5;

  /** Whether every record that was sent came out exactly once. */
  boolean holds() {
    return problems().isEmpty();
  }

  String equation() {
    return Figures.count(inputs)
        + " in "
        + (inputs == projected + deadLetters ? "=" : "≠")
        + " "
        + Figures.count(projected)
        + " projected + "
        + Figures.counted(deadLetters, "dead letter");
  }

  /** What is wrong, a line each. */
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    if (sent != inputs) {
      problems.add(
          Figures.count(sent)
              + " records were sent, "
              + Figures.count(inputs)
              + " are on the topic");
    }
    name(problems, missing, "came out nowhere");
    name(problems, doubled, "came out more than once");
    name(problems, unknown, "came out without having gone in");
    return problems;
  }

  private static void name(List<String> problems, List<Origin> positions, String what) {
    if (!positions.isEmpty()) {
      String named =
          positions.stream().limit(NAMED).map(Origin::toString).collect(Collectors.joining(", "));
      problems.add(
          Figures.counted(positions.size(), "record")
              + " "
              + what
              + ": "
              + named
              + (positions.size() > NAMED ? ", …" : ""));
    }
  }
}
