// SPDX-License-Identifier: Apache-2.0
/** How far a group is behind as one of its members sees it, when to tell, and what would help. */
@NullMarked
package io.bowline.backlog;

import org.jspecify.annotations.NullMarked;
