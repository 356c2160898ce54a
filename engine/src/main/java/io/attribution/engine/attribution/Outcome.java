package io.attribution.engine.attribution;

/** What became of one row: explained, or rejected with a reason. */
public sealed interface Outcome permits Attributed, Rejected {}
