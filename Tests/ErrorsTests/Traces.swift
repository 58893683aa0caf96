/// A trace of each language, in which `{n}` is a line number, `{i}` an id and `{x}` hexadecimal digits.
enum Traces {
  static let all: [(language: String, type: String, frames: [String], text: String)] = [
    (
      "Python", "KeyError", ["shop/orders:price", "shop/orders:place"],
      #"""
      2026-03-02T10:00:00Z ERROR order {i} failed
      Traceback (most recent call last):
        File "/srv/shop/orders.py", line {n}, in place
          total = self.price(order)
                  ^^^^^^^^^^^^^^^^^
        File "/usr/lib/python3.12/functools.py", line {n}, in wrapper
          return func(*args)
        File "/srv/shop/orders.py", line {n}, in price
          return PRICES[order.sku]
      KeyError: 'sku-{i}'
      """#
    ),
    (
      "JVM", "java.net.SocketTimeoutException",
      ["com.acme.pay.Gateway:read", "com.acme.pay.Gateway:charge"],
      """
      2026-03-02T10:00:00Z ERROR [http-nio-8080-exec-{i}] c.a.shop.OrderController - order {i} failed
      com.acme.shop.OrderException: cannot charge order {i}
      \tat com.acme.shop.Orders.lambda$place${i}(Orders.java:{n})
      \tat com.acme.shop.Orders$$Lambda$14/0x{x}.run(Unknown Source)
      \tat java.base/java.lang.Thread.run(Thread.java:{n})
      Caused by: java.net.SocketTimeoutException: Read timed out after {i} ms
      \tat java.base/sun.nio.ch.NioSocketImpl.timedRead(NioSocketImpl.java:{n})
      \tat com.acme.pay.Gateway.read(Gateway.java:{n})
      \tat com.acme.pay.Gateway.charge(Gateway.java:{n})
      \t... {n} more
      """
    ),
    (
      "Node", "TypeError", ["server/orders:placeOrder", "server/routes"],
      """
      2026-03-02T10:00:00Z ERROR request {i} failed
      TypeError: Cannot read properties of undefined (reading 'sku{i}')
          at Object.placeOrder (/app/server/orders.js:{n}:12)
          at async /app/server/routes.js:{n}:5
          at process.processTicksAndRejections (node:internal/process/task_queues:{n}:5)
      """
    ),
    (
      "Go", "runtime error", ["github.com/acme/shop/orders:(*Service).Place", "main:main"],
      """
      2026-03-02T10:00:00Z ERROR worker {i} died
      panic: runtime error: index out of range [{i}] with length 3

      goroutine {i} [running]:
      panic({0x{x}, 0xc{x}})
      \t/usr/local/go/src/runtime/panic.go:{n} +0x1d
      github.com/acme/shop/orders.(*Service).Place.func1(0xc{x}, 0x{x})
      \t/src/shop/orders/service.go:{n} +0x{x}
      main.main()
      \t/src/shop/main.go:{n} +0x{x}
      exit status 2
      """
    ),
    (
      ".NET", "System.InvalidOperationException", ["Shop.Orders:Price", "Shop.Orders:Place"],
      """
      2026-03-02T10:00:00Z ERROR order {i} failed
      Shop.OrderException: order {i}
       ---> System.InvalidOperationException: Sequence of {i} contains no elements
         at System.Linq.ThrowHelper.ThrowNoElementsException()
         at Shop.Orders.Price(Order order, Int32 count) in /src/Shop/Orders.cs:line {n}
         at Shop.Orders.<Place>d__{i}.MoveNext() in /src/Shop/Orders.cs:line {n}
         --- End of inner exception stack trace ---
         at Shop.Api.Handle(Request request) in /src/Shop/Api.cs:line {n}
      """
    ),
    (
      "PHP", "RuntimeException",
      ["Orders", "Orders:Shop\\Orders->price", "public/index:Shop\\Orders->place"],
      """
      2026-03-02T10:00:00Z ERROR PHP Fatal error:  Uncaught RuntimeException: no price for {i} in /var/www/src/Orders.php:{n}
      Stack trace:
      #0 /var/www/src/Orders.php({n}): Shop\\Orders->price({i})
      #1 /var/www/public/index.php({n}): Shop\\Orders->place(Object(Shop\\Order))
      #2 {main}
        thrown in /var/www/src/Orders.php on line {n}
      """
    ),
    (
      "Ruby", "RuntimeError", ["orders:price", "orders:place", "server:<main>"],
      """
      2026-03-02T10:00:00Z ERROR /app/lib/orders.rb:{n}:in `price': no price for {i} (RuntimeError)
      \tfrom /app/lib/orders.rb:{n}:in `block (2 levels) in place'
      \tfrom /usr/lib/ruby/gems/3.2.0/gems/rack-3.0/lib/rack.rb:{n}:in `call'
      \tfrom server.rb:{n}:in `<main>'
      """
    ),
    (
      "Rust", "panic", ["shop::orders::price", "shop::main"],
      """
      2026-03-02T10:00:00Z ERROR thread 'worker-{i}' panicked at src/orders.rs:{n}:9:
      no price for {i}
      stack backtrace:
         0: rust_begin_unwind
                   at /rustc/{x}/library/std/src/panicking.rs:{n}:5
         1: core::panicking::panic_fmt
                   at /rustc/{x}/library/core/src/panicking.rs:{n}:14
         2: shop::orders::price::{{closure}}::h0123456789{x}
                   at ./src/orders.rs:{n}:9
         3: shop::main
                   at ./src/main.rs:{n}:5
      """
    ),
    (
      "Swift", "Fatal error", ["shop:Orders.price", "shop:Orders.place"],
      """
      2026-03-02T10:00:00Z ERROR Swift/ContiguousArrayBuffer.swift:{n}: Fatal error: Index {i} out of range

      *** Program crashed: Illegal instruction at 0x{x} ***

      Thread 0 "shop" crashed:

      0 [ra]          0x0000{x} _assertionFailure(_:_:file:line:flags:) + 1{n} in libswiftCore.so
      1 [ra]          0x0000{x} closure #1 in Orders.price(of:) + {n} in shop at /src/Sources/shop/Orders.swift:{n}:12
      2 [ra] [async]  0x0000{x} Orders.place(_:) + {n} in shop at /src/Sources/shop/Orders.swift:{n}:5
      3 [ra]          0x0000{x} main + {n} in shop at /<compiler-generated>
      """
    ),
  ]

  /// The trace as another process writes it: other lines, ids and addresses.
  static func text(_ text: String, variant: Int) -> String {
    let number = variant * 7 + 11
    return text.replacing("{n}", with: "\(number)").replacing("{i}", with: "\(variant * 131 + 4)")
      .replacing("{x}", with: ["7f3a9c", "5b01de", "c0ffee", "00a1b2", "9d8e7f"][variant % 5])
  }
}
