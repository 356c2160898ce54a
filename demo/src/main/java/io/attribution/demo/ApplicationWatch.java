package io.attribution.demo;

import io.attribution.stream.app.Application;
import io.attribution.stream.app.ApplicationFailure;
import io.attribution.stream.terminal.StopSignal;
import org.jspecify.annotations.Nullable;

/** Ends the demonstration when the application stops by itself. */
final class ApplicationWatch {
  private final Application application;
  private final StopSignal stop;
  private volatile @Nullable Throwable fault;

  private ApplicationWatch(Application application, StopSignal stop) {
    this.application = application;
    this.stop = stop;
  }

  static ApplicationWatch start(Application application, StopSignal stop) {
    ApplicationWatch watch = new ApplicationWatch(application, stop);
    Thread thread = new Thread(watch::run, "application-watch");
    thread.setDaemon(true);
    thread.start();
    return watch;
  }

  private void run() {
    try {
      application
          .awaitStop()
          .ifPresent(
              thrown -> {
                fault = thrown;
                stop.raise();
              });
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * @throws ApplicationFailure when the application stopped by itself
   */
  void requireHealthy() {
    Throwable thrown = fault;
    if (thrown != null) {
      throw new ApplicationFailure(thrown);
    }
  }
}
