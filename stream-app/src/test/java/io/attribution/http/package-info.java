/** Tests of http. */
@NullMarked
package io.attribution.http;

import org.jspecify.annotations.NullMarked;
