/** A Kafka broker and a Schema Registry inside the process: what the demo and the tests run on. */
@NullMarked
package io.attribution.local;

import org.jspecify.annotations.NullMarked;
