package io.attribution.stream.logging;

import java.util.List;

/** Which exceptions come from outside the program, so that their message says all there is. */
final class OutsideFault {
  private static final List<String> PACKAGES =
      List.of(
          "org.apache.kafka.",
          "io.confluent.",
          "java.io.",
          "java.net.",
          "java.nio.",
          "java.security.",
          "javax.net.",
          "javax.security.",
          "java.util.concurrent.TimeoutException",
          "org.eclipse.jetty.",
          "io.attribution.stream.registry.");

  private OutsideFault() {}

  /**
   * @param exception the root cause's class
   */
  static boolean isOne(String exception) {
    return PACKAGES.stream().anyMatch(exception::startsWith);
  }
}
