package io.attribution.benchmarks.engine;

import io.attribution.benchmarks.measure.Contestant;

/**
 * Something to do in this process.
 *
 * @param name how it is called in tables
 * @param call one call
 */
record EngineContestant(String name, Runnable call) implements Contestant {

  @Override
  public double time(int calls) {
    long start = System.nanoTime();
    for (int i = 0; i < calls; i++) {
      call.run();
    }
    return (System.nanoTime() - start) / 1e9;
  }
}
