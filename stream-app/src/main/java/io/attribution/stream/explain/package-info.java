/** From a file of feature records to a file of explanations, without Kafka. */
@NullMarked
package io.attribution.stream.explain;

import org.jspecify.annotations.NullMarked;
