/** Rows waiting to be attributed together, and when they are due. */
@NullMarked
package io.attribution.batch;

import org.jspecify.annotations.NullMarked;
