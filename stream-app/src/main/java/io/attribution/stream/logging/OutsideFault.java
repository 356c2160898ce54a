package io.attribution.stream.logging;

import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
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
   * @param root the root cause: of a class from outside, or thrown by Kafka's own code
   */
  static boolean isOne(IThrowableProxy root) {
    StackTraceElementProxy[] trace = root.getStackTraceElementProxyArray();
    return PACKAGES.stream().anyMatch(root.getClassName()::startsWith)
        || (trace.length > 0
            && trace[0].getStackTraceElement().getClassName().startsWith(PACKAGES.get(0)));
  }
}
