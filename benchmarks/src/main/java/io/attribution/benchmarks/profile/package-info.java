/** What a JVM spent its time on, from a recording of Java Flight Recorder. */
@NullMarked
package io.attribution.benchmarks.profile;

import org.jspecify.annotations.NullMarked;
