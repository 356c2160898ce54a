/** Access to the Schema Registry: lookups, registration, retries. */
@NullMarked
package io.attribution.stream.registry;

import org.jspecify.annotations.NullMarked;
