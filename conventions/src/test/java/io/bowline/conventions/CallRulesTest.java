// SPDX-License-Identifier: Apache-2.0
package io.bowline.conventions;

import static io.bowline.conventions.Findings.CORE;
import static io.bowline.conventions.Findings.finds;

import org.junit.jupiter.api.Test;

/** Each banned call is found at its line, where it is banned. */
final class CallRulesTest {

  @Test
  void timeAndChanceAreFoundInCore() {
    String text =
        """
        class A {
          long a = System.currentTimeMillis();
          double b = Math.random();
          Object c = new java.util.Random(7);
          Object d = Instant.now();
          java.util.function.LongSupplier e = System::currentTimeMillis;
          Object f = Instant.now(clock);
          long g = System.nanoTime();
          Object h = new Randomness();
        }
        """;
    finds(CallRules::timeAndChance, CORE, text, 2, 3, 4, 5, 6);
    finds(CallRules::timeAndChance, "core/src/test/java/io/bowline/", text);
    finds(CallRules::timeAndChance, "examples/src/main/java/io/bowline/", text);
  }

  @Test
  void theClockOfTheMachineIsFoundInStores() {
    String text =
        """
        class A {
          long a = System.currentTimeMillis();
          Object b = Instant.now();
          Object c = Clock.systemUTC();
          long d = System.nanoTime();
        }
        """;
    finds(CallRules::timeOfStores, "store-redis/src/main/java/io/bowline/", text, 2, 3, 4);
    finds(CallRules::timeOfStores, "store-redis/src/test/java/io/bowline/", text);
    finds(CallRules::timeOfStores, CORE, text);
  }

  @Test
  void aSleepIsFoundInTestsToo() {
    finds(
        CallRules::sleeping,
        "core/src/test/java/io/bowline/",
        """
        import static java.lang.Thread.sleep;
        class A {
          void a() {
            Thread.sleep(1);
            java.util.concurrent.TimeUnit.SECONDS.sleep(1);
            MILLISECONDS.sleep(1);
            run(Thread::sleep);
            server.sleep(1);
            sleep();
          }
        }
        """,
        1,
        4,
        5,
        6,
        7);
  }

  @Test
  void anImpoliteCallIsFound() {
    String text =
        """
        class A {
          void a(Exception e) {
            e.printStackTrace();
            System.exit(1);
            Runtime.getRuntime().halt(1);
            System.out.println();
            print(System.err);
            process.exit();
          }
        }
        """;
    String examples = "examples/src/main/java/io/bowline/";
    finds(CallRules::stackTraces, CORE, text, 3);
    finds(CallRules::stackTraces, examples, text);
    finds(CallRules::exits, CORE, text, 4, 5);
    finds(CallRules::exits, examples, text);
    finds(CallRules::printing, CORE, text, 6, 7);
    finds(CallRules::printing, examples, text);
    finds(CallRules::printing, CORE, text.replace("void a(", "public static void main("));
  }
}
