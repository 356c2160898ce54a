/** What became of every input record, as a reader of committed records sees it. */
@NullMarked
package io.attribution.cluster.check;

import org.jspecify.annotations.NullMarked;
