package io.attribution.topology;

/**
 * Hears of alerts as they open and resolve. Called by stream threads: implementations are quick and
 * do not throw. The same news may come again after a restart.
 */
public interface AlertListener {
  /** Nobody listens. */
  AlertListener SILENT =
      new AlertListener() {
        @Override
        public void opened(String model, String kind) {
          // Nobody listens.
        }

        @Override
        public void resolved(String model, String kind) {
          // Nobody listens.
        }
      };

  /**
   * @param model the bundle's name
   * @param kind as in DriftAlert: linearity_error, attribution, input
   */
  void opened(String model, String kind);

  /**
   * @param model the bundle's name
   * @param kind as in DriftAlert: linearity_error, attribution, input
   */
  void resolved(String model, String kind);
}
