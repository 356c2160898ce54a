/**
 * Attribution drift: how often the watch errs, how soon it finds what was planted and whether it
 * names it, beside peers on the same rows.
 */
@NullMarked
package io.attribution.benchmarks.drift;

import org.jspecify.annotations.NullMarked;
