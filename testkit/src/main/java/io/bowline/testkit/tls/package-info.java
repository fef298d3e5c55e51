// SPDX-License-Identifier: Apache-2.0
/** Certificates for tests: good, expired, of a stranger, and of a client. */
@NullMarked
package io.bowline.testkit.tls;

import org.jspecify.annotations.NullMarked;
