@NullMarked
package io.attribution.logging;

import org.jspecify.annotations.NullMarked;
