/** Tests of the package of the same name. */
@NullMarked
package io.attribution.demo;

import org.jspecify.annotations.NullMarked;
