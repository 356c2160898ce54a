package io.attribution.engine.attribution;

/** What became of one row. */
public sealed interface Outcome permits Attributed, Rejected {}
