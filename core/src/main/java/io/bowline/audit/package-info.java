// SPDX-License-Identifier: Apache-2.0
/** What a broker's own settings promise for what it stores. */
@NullMarked
package io.bowline.audit;

import org.jspecify.annotations.NullMarked;
