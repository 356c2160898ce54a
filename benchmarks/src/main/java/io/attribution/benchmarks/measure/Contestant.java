package io.attribution.benchmarks.measure;

/** Something that can be made to work for a while and tells how long it took. */
public interface Contestant {

  /** How it is called in tables; unique in its group. */
  String name();

  /**
   * Works, alone on the machine.
   *
   * @param calls how often, at least 1
   * @return seconds for all of them
   */
  double time(int calls);
}
