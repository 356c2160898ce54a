package io.attribution.stream.logging;

import java.lang.Thread.UncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what ends a thread. Java itself would print the stack trace on standard error, past the log
 * and its limits, for every stream thread that is replaced.
 */
public final class UncaughtFaults implements UncaughtExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(UncaughtFaults.class);
  private static final String STREAMS = "org.apache.kafka.streams.";

  @Override
  public void uncaughtException(Thread thread, Throwable fault) {
    if (thread.getClass().getName().startsWith(STREAMS)) {
      // app.FailurePolicy has said why, and what follows.
      LOG.debug("{} ended", thread.getName(), fault);
    } else {
      LOG.error("thread {} ended", thread.getName(), fault);
    }
  }
}
