/**
 * The command {@code cluster-test}: a cluster, faults on purpose, and what became of every record.
 */
@NullMarked
package io.attribution.cluster;

import org.jspecify.annotations.NullMarked;
