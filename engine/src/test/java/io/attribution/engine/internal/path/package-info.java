@NullMarked
package io.attribution.engine.internal.path;

import org.jspecify.annotations.NullMarked;
