package io.attribution.benchmarks.pipeline;

/**
 * Memory on the way.
 *
 * @param records committed so far
 * @param seconds since the first output
 * @param residentBytes of the subject's processes
 */
record SoakPoint(long records, double seconds, long residentBytes) {}
