/**
 * What runs: brokers and instances of the application in processes of their own, and a registry.
 */
@NullMarked
package io.attribution.cluster.process;

import org.jspecify.annotations.NullMarked;
