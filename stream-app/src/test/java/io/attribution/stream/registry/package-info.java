/** Tests of the access to the Schema Registry. */
@NullMarked
package io.attribution.stream.registry;

import org.jspecify.annotations.NullMarked;
