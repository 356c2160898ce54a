package io.attribution.topology;

/** The names of the topics. */
public record Topics(
    String features, String projected, String reduced, String verification, String deadLetter) {

  public static final Topics DEFAULT =
      new Topics(
          "features",
          "attributions.projected",
          "attributions.reduced",
          "attributions.verification",
          "attributions.dead-letter");
}
