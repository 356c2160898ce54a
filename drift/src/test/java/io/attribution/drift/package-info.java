@NullMarked
package io.attribution.drift;

import org.jspecify.annotations.NullMarked;
