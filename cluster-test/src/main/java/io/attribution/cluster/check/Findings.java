package io.attribution.cluster.check;

import java.util.List;
import java.util.Map;

/**
 * What a check found.
 *
 * @param topics in the order of the table
 * @param tolerated violations that the guarantee allows
 */
public record Findings(List<Topic> topics, List<Violation> tolerated) {

  /**
   * One topic.
   *
   * @param expected input records that have to have an output here
   * @param delivered outputs read
   */
  public record Topic(
      String name, long expected, long delivered, Map<Violation, Occurrences> violations) {
    public Topic {
      violations = Map.copyOf(violations);
    }

    /** How often it occurred. */
    public long count(Violation violation) {
      Occurrences occurrences = violations.get(violation);
      return occurrences == null ? 0 : occurrences.count();
    }
  }

  /**
   * How often something occurred.
   *
   * @param first the first few, each a position and what is wrong there
   */
  public record Occurrences(long count, List<String> first) {
    public Occurrences {
      first = List.copyOf(first);
    }
  }

  public Findings {
    topics = List.copyOf(topics);
    tolerated = List.copyOf(tolerated);
  }

  /** Whether the guarantee held. */
  public boolean isClean() {
    return topics.stream()
        .flatMap(topic -> topic.violations().keySet().stream())
        .allMatch(tolerated::contains);
  }

  /** Over all topics. */
  public long count(Violation violation) {
    return topics.stream().mapToLong(topic -> topic.count(violation)).sum();
  }
}
