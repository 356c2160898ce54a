package io.attribution.benchmarks.pipeline;

/** Kafka Streams' processing guarantees, named as it names them. */
enum Guarantee {
  exactly_once_v2,
  at_least_once
}
