/// The word lists that templates name.
enum Words {
  static let lists: [String: [[UInt8]]] = [
    "ip": (0..<240).map { "10.\($0 % 4).\($0 / 4 % 40).\(1 + $0 * 37 % 254)" },
    "user": (0..<900).map { "user\(100 + $0 * 7 % 900)" },
    "host": (0..<24).map { "node-\($0 / 8 + 1)\($0 % 8)" },
    "table": ["orders", "customer", "cart_item", "session", "invoice", "stock", "price", "audit"],
    "queue": ["mail", "invoice", "thumbnail", "index", "webhook", "export"],
    "topic": ["orders.v2", "stock.events", "clicks", "mail.out"],
    "verb": ["GET", "GET", "POST", "GET", "PUT", "DELETE", "PATCH"],
    "item": [
      "teapot", "lamp", "chair", "kettle", "blanket", "mug", "clock", "vase", "basket", "mirror",
      "candle", "towel", "pillow", "curtain", "shelf", "drawer",
    ],
    "reason": [
      "connection reset by peer", "i/o timeout", "deadline exceeded", "no route to host",
      "too many open files", "certificate has expired",
    ],
    "status": ["200", "200", "200", "200", "304", "201", "404", "302", "500", "503", "403"],
    "page": paths, "agent": agents, "model": ["gpt-4o", "qwen-max", "o1-mini", "deepseek-r1"],
    "referer": (0..<60).map {
      $0 < 25
        ? "-"
        : $0 % 2 == 0
          ? "https://shop.example.com\(paths[$0])" : "https://search.example.org/?q=item+\($0)"
    },
    "consumer": ["clawdbot", "support", "batch", "-"],
  ].mapValues { $0.map { Array($0.utf8) } }

  private static let paths: [String] = (0..<400).map {
    let item = ["teapot", "lamp", "chair", "kettle", "blanket", "mug", "clock"][$0 % 7]
    return switch $0 % 9 {
    case 0: "/products/\(item)-\($0)"
    case 1: "/static/js/chunk.\(0xA1B2C3 &* ($0 + 1) % 0xFFFFFF).js"
    case 2: "/search?q=\(item)&page=\($0 % 5 + 1)"
    case 3: "/images/\(item)/\($0)_large.webp"
    case 4: "/api/v2/cart/items/\($0)"
    case 5: "/blog/2026/01/\($0 % 28 + 1)/how-to-choose-a-\(item)"
    case 6: "/account/orders/\(70000 + $0)"
    case 7: "/static/css/main.\($0).css"
    default: "/category/\(item)?sort=price&filter=in-stock"
    }
  }

  private static let agents: [String] = (0..<48).map {
    let version = 118 + $0 % 12
    return switch $0 % 6 {
    case 4:
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/\(version).0.0.0 Safari/537.36"
    case 1: "Mozilla/5.0 (X11; Linux x86_64; rv:\(version).0) Gecko/20100101 Firefox/\(version).0"
    case 2:
      "Mozilla/5.0 (iPhone; CPU iPhone OS 17_\($0 % 7) like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.\($0 % 7) Mobile/15E148 Safari/604.1"
    case 3: "Mozilla/5.0 (compatible; ExampleBot/2.\($0 % 4); +https://bot.example.com/)"
    case 0: "curl/7.\(80 + $0 % 9).0"
    default:
      "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.\($0 % 6) Safari/605.1.15"
    }
  }

  /// 1,200 words for prose, short ones first.
  static let vocabulary: [[UInt8]] = {
    let syllables = [
      "an", "or", "te", "li", "ma", "so", "ver", "ing", "con", "ra", "ti", "del", "pu", "est", "ka",
    ]
    var random = Random(seed: 7)
    return (0..<1200).map { index in
      let count = 1 + index / 300 + random.below(2)
      let word = (0..<count).map { _ in syllables[random.below(syllables.count)] }.joined()
      return Array((index % 40 == 39 ? word + "," : word).utf8)
    }
  }()
}
