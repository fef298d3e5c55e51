// SPDX-License-Identifier: Apache-2.0
package io.bowline.conventions;

import static io.bowline.conventions.Findings.CORE;
import static io.bowline.conventions.Findings.finds;

import org.junit.jupiter.api.Test;

/** What a user can call and nobody described is found. */
final class DocRulesTest {

  @Test
  void aSignatureIsFound() {
    finds(DocRules::authors, CORE, "/**\n * A.\n * @author me\n */\nclass A {}\n", 1);
    finds(DocRules::authors, CORE, "class A { String tag = \"@author\"; }\n");
  }

  @Test
  void aPublicTypeWithoutJavadocIsFound() {
    String text =
        """
        public class A {
          public record B() {}
          /** Told. */
          public enum C {}
          class D { public class E {} }
        }
        """;
    finds(DocRules::publicTypes, CORE, text, 1, 2);
    finds(DocRules::publicTypes, "examples/src/main/java/io/bowline/", text);
  }

  @Test
  void aPublicMethodWithoutJavadocIsFound() {
    finds(
        DocRules::publicMethods,
        "transport-kafka/src/main/java/io/bowline/kafka/",
        """
        public class A {
          public A() {}
          public void b() {}
          /** Told. */
          public void c() {}
          void d() {}
          @Override public String toString() { return new Object() { public void f() {} } + ""; }
          public interface G { void h(); private void i() {} }
          public record J(int k) { public J {} }
        }
        class L { public void m() {} }
        """,
        2,
        3,
        8,
        9);
  }
}
