/** The input: records that a seed and an index determine, and where each of them went. */
@NullMarked
package io.attribution.cluster.feed;

import org.jspecify.annotations.NullMarked;
