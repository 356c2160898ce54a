/**
 * The demonstration: a broker, a registry, an example's records and the real topology in one
 * process, a live view of what comes out, and a check that nothing was lost or doubled.
 */
@NullMarked
package io.attribution.demo;

import org.jspecify.annotations.NullMarked;
