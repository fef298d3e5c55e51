// SPDX-License-Identifier: Apache-2.0
package io.bowline.conventions;

import com.github.javaparser.ast.Node;
import com.github.javaparser.ast.body.CallableDeclaration;
import com.github.javaparser.ast.body.ClassOrInterfaceDeclaration;
import com.github.javaparser.ast.body.CompactConstructorDeclaration;
import com.github.javaparser.ast.body.ConstructorDeclaration;
import com.github.javaparser.ast.body.MethodDeclaration;
import com.github.javaparser.ast.body.TypeDeclaration;
import com.github.javaparser.ast.comments.Comment;
import com.github.javaparser.ast.nodeTypes.NodeWithJavadoc;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a user can call says what he gets. */
final class DocRules {
  private static final String ADVICE = "Say what the caller gets: shape, unit, default, errors";

  private DocRules() {}

  static Stream<Finding> authors(SourceFile file) {
    return file.isJava()
        ? file.tree().getAllComments().stream()
            .filter(comment -> comment.getContent().contains("@author"))
            .map(comment -> atAuthor(file, comment))
        : Stream.empty();
  }

  private static Finding atAuthor(SourceFile file, Comment comment) {
    return file.finding(comment, "an author tag", "Remove it: the history knows who wrote what");
  }

  static Stream<Finding> publicTypes(SourceFile file) {
    return published(file)
        ? file.all(TypeDeclaration.class)
            .filter(type -> isVisible(type) && !isDocumented(type))
            .map(
                type ->
                    file.finding(
                        type, "public type " + type.getName() + " without Javadoc", ADVICE))
        : Stream.empty();
  }

  static Stream<Finding> publicMethods(SourceFile file) {
    if (!published(file)) {
      return Stream.empty();
    }
    Stream<? extends CallableDeclaration<?>> callables =
        Stream.concat(file.all(MethodDeclaration.class), file.all(ConstructorDeclaration.class));
    Stream<Finding> undocumented =
        callables
            .filter(callable -> !callable.isAnnotationPresent("Override"))
            .filter(callable -> isVisible(callable) && !isDocumented(callable))
            .map(callable -> undocumented(file, callable, callable.getNameAsString()));
    Stream<Finding> compact =
        file.all(CompactConstructorDeclaration.class)
            .filter(one -> one.isPublic() && isVisible(parent(one)) && !isDocumented(one))
            .map(one -> undocumented(file, one, one.getNameAsString()));
    return Stream.concat(undocumented, compact);
  }

  private static Finding undocumented(SourceFile file, Node where, String name) {
    return file.finding(where, "public " + name + " without Javadoc", ADVICE);
  }

  /**
   * What users depend on: all that is not an example, a benchmark, a server of the tests or a test.
   */
  private static boolean published(SourceFile file) {
    String module = file.module();
    return file.isJava()
        && file.isMain()
        && !module.equals("examples")
        && !module.startsWith("benchmarks")
        && !module.startsWith("servers/");
  }

  private static boolean isDocumented(Node node) {
    return node instanceof NodeWithJavadoc<?> documented
        && documented.getJavadocComment().filter(text -> !text.getContent().isBlank()).isPresent();
  }

  private static boolean isVisible(CallableDeclaration<?> callable) {
    TypeDeclaration<?> owner = parent(callable);
    boolean open = callable.isPublic() || (isInterface(owner) && !callable.isPrivate());
    return owner != null && open && isVisible(owner);
  }

  private static boolean isVisible(@Nullable TypeDeclaration<?> type) {
    if (type == null) {
      return false;
    }
    if (type.isTopLevelType()) {
      return type.isPublic();
    }
    TypeDeclaration<?> owner = parent(type);
    return (type.isPublic() || isInterface(owner)) && isVisible(owner);
  }

  private static boolean isInterface(@Nullable TypeDeclaration<?> type) {
    return type instanceof ClassOrInterfaceDeclaration declared && declared.isInterface();
  }

  /** The type in which this stands; null for what stands in an anonymous class, or in none. */
  private static @Nullable TypeDeclaration<?> parent(Node node) {
    Optional<Node> parent = node.getParentNode();
    return parent.orElse(null) instanceof TypeDeclaration<?> type ? type : null;
  }
}
