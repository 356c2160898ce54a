@NullMarked
package io.attribution.engine.internal.graph;

import org.jspecify.annotations.NullMarked;
