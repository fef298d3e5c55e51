// SPDX-License-Identifier: Apache-2.0
package io.bowline.conventions;

import static io.bowline.conventions.Findings.CORE;
import static io.bowline.conventions.Findings.finds;
import static io.bowline.conventions.Findings.places;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Each rule about sizes finds the first thing that is too large, and nothing smaller. */
final class SizeRulesTest {

  @Test
  void aMethodOf41LinesIsFound() {
    String forty = "class A {\n  void a() {" + "\n    a();".repeat(38) + "\n  }\n}\n";
    String more = forty.replaceFirst("a\\(\\);", "a();\n    a();");
    finds(SizeRules::methods, CORE, forty);
    finds(SizeRules::methods, CORE, more, 2);
  }

  @Test
  void aConstructorAndALambdaInAFieldAreMeasuredToo() {
    String body = "\n    toString();".repeat(40);
    finds(SizeRules::methods, CORE, "class A {\n  A() {" + body + "\n  }\n}\n", 2);
    finds(SizeRules::methods, CORE, "record A(int i) {\n  A {" + body + "\n  }\n}\n", 2);
    finds(SizeRules::methods, CORE, "class A {\n  static {" + body + "\n  }\n}\n", 2);
    finds(SizeRules::methods, CORE, "class A {\n  Runnable r = () -> {" + body + "\n  };\n}\n", 2);
  }

  @Test
  void aFileOf301LinesIsFound() {
    finds(SizeRules::files, CORE, "\n".repeat(300));
    finds(SizeRules::files, CORE, "\n".repeat(301), 301);
  }

  @Test
  void aKitMayHave450Lines() {
    String kit = "testkit/src/main/java/io/bowline/testkit/TransportConformance.java";
    assertEquals(List.of(), places(SizeRules::files, new SourceFile(kit, "\n".repeat(450))));
    assertEquals(
        List.of(kit + ":451"), places(SizeRules::files, new SourceFile(kit, "\n".repeat(451))));
  }

  @Test
  void aBuilderMayHave400Lines() {
    String builder = "core/src/main/java/io/bowline/consumer/ConsumerBuilder.java";
    assertEquals(List.of(), places(SizeRules::files, new SourceFile(builder, "\n".repeat(400))));
    assertEquals(
        List.of(builder + ":401"),
        places(SizeRules::files, new SourceFile(builder, "\n".repeat(401))));
  }

  @Test
  void aFifthParameterIsFound() {
    finds(
        SizeRules::parameters,
        CORE,
        """
        class A {
          A(int a, int b, int c, int d, int e) {}
          void four(int a, int b, int c, int d) {}
          void five(int a, int b, int c, int d, int e) {}
          @Override public void theirs(int a, int b, int c, int d, int e) {}
        }
        """,
        2,
        4);
  }

  @Test
  void aNinthPartOfARecordIsFound() {
    String eight = "record A(int a, int b, int c, int d, int e, int f, int g, int h) {}";
    finds(SizeRules::parameters, CORE, eight);
    finds(SizeRules::parameters, CORE, eight.replace("int a", "int x, int a"), 1);
  }

  @Test
  void aFourthLevelIsFound() {
    finds(
        SizeRules::nesting,
        CORE,
        """
        class A {
          void a() {
            for (;;) {
              if (b()) {
              } else if (c()) {
              } else if (d()) {
                try {
                  e();
                } finally {
                  f();
                }
              }
            }
          }
          void b() {
            for (;;) {
              while (b()) {
                list.forEach(x -> {
                  if (c()) {
                  }
                });
              }
            }
          }
        }
        """,
        19);
  }
}
