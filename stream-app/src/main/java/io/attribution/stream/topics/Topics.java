package io.attribution.stream.topics;

/**
 * The names of the topics.
 *
 * @param samples a few explained records per second, in one piece
 * @param windows verification merged over windows of time
 * @param alerts what opened and what resolved
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
