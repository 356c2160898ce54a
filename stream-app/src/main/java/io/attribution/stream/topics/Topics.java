package io.attribution.stream.topics;

/**
 * The names of the topics.
 *
 * @param samples a few complete explained records per second
 * @param windows verification merged over time windows
 * @param alerts opened and resolved alerts
 */
public record Topics(
    String features,
    String projected,
    String reduced,
    String verification,
    String deadLetter,
    String samples,
    String windows,
    String alerts) {

  public static final Topics DEFAULT =
      new Topics(
          "features",
          "attributions.projected",
          "attributions.reduced",
          "attributions.verification",
          "attributions.dead-letter",
          "attributions.samples",
          "attributions.verification.windows",
          "attributions.alerts");
}
