/** What happens to the cluster on purpose. */
@NullMarked
package io.attribution.cluster.fault;

import org.jspecify.annotations.NullMarked;
