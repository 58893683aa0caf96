/// `2026-02-01T00:00:00.123Z INFO [worker-12] component: message`, about 109 bytes a line.
///
/// One session id, `agent:main:discord:1465999999999999999`, occurs exactly once, two thirds down, but
/// not in the part of a log that comes after `first` lines of it.
func writeApplicationLog(lines: Int, seed: UInt64, after first: Int, to output: inout Output) {
  var random = Random(seed: seed)
  var clock = Clock(after: first)
  let shapes = applicationShapes.map { level, source in (Array(level.utf8), Template(source)) }
  let rare = Template("gateway: session agent:main:discord:1465999999999999999 opened by {user}")
  for line in 0..<lines {
    clock.advance(&random, upTo: 84)
    clock.writeISO(to: &output)
    output.append(UInt8(ascii: " "))
    var (level, template) = shapes[random.skewed(shapes.count)]
    if first == 0 && line == lines * 2 / 3 { (level, template) = (Array("INFO".utf8), rare) }
    output.append(level)
    output.append(" [worker-")
    output.append(UInt64(1 + random.skewed(16)))
    output.append("] ")
    template.write(line: line, &random, to: &output)
    output.endLine()
  }
}

/// The frequent ones first: half of all lines are one of the first five.
private let applicationShapes: [(String, String)] = [
  ("INFO", "http: {verb} {page} answered {status} in {n 1-300} ms for {ip}"),
  ("DEBUG", "sql: SELECT * FROM {table} WHERE id = {order} took {n 0-40} ms, 1 row returned"),
  ("INFO", "gateway: session {session} finished turn {n 1-40} after {n 1-90} s"),
  ("INFO", "cart: {user} added {n 1-5} x {item} to the cart, the total is now {n 3-400} EUR"),
  ("DEBUG", "cache: entry for {page} is {n 0-90} s old and still fresh, serving it"),
  ("INFO", "auth: access token of {user} renewed, valid for another 3600 seconds"),
  ("INFO", "queue: picked job {hex 8} from queue {queue}, {n 0-60} more are waiting"),
  ("INFO", "queue: job {hex 8} of queue {queue} is done after {n 3-900} ms"),
  ("INFO", "gateway: session {session} called the tool search_products"),
  ("DEBUG", "pool: {n 1-64} of 64 connections are busy on {host}"),
  ("INFO", "checkout: order {order} of {user} placed"),
  ("INFO", "mail: confirmation of order {order} sent to {user}@example.com via smtp-relay"),
  ("INFO", "stock: {item} is at {n 0-400} pieces after order {order}"),
  ("INFO", "kafka: committed offset {order} of topic {topic}, partition {n 0-11}"),
  ("DEBUG", "render: template product/{item}.html rendered in {d 0-30} ms"),
  ("INFO", "session: {session} opened from {ip} by {user}"),
  ("WARN", "http: {verb} {page} answered {status} in {n 1000-1900} ms, slower than 1000 ms"),
  ("INFO", "search: \"{item} {item}\" found {n 0-300} products in {n 2-90} ms"),
  ("DEBUG", "lock: row {order} of table {table} is taken by {host}"),
  ("INFO", "upload: stored /srv/shop/media/{hex 16}.webp, {n 10-900} kB from {ip}"),
  ("INFO", "payment: intent pi_{hex 24} for order {order} captured"),
  ("INFO", "gc: pause of {d 0-20} ms, heap is at {n 200-900} MB of 2048 MB"),
  ("INFO", "session: {session} closed after {n 1-900} s and {n 1-90} turns"),
  ("DEBUG", "dns: shop-{n 1-40}.internal.example.com resolved to {ip}, ttl 300"),
  ("INFO", "health: {host} is well: load {d 0-9}, memory {n 20-95}%, disk {n 20-95}%"),
  ("INFO", "webhook: POST https://hooks.example.com/{hex 12} answered {status} in {n 20-900} ms"),
  ("INFO", "index: rebuilt {table} with {n 100-9000} documents in {n 20-4000} ms"),
  ("WARN", "stock: {item} is down to {n 0-5} pieces, below the threshold of 10"),
  ("INFO", "export: wrote /var/lib/shop/export/2026-02-{n 10-28}/{table}.csv.gz"),
  ("INFO", "rate: {ip} has used {n 1-100} of 100 requests in this minute"),
  ("DEBUG", "feature: checkout_v{n 1-4} is on for {user}"),
  ("INFO", "price: {item} changed from {n 3-90} EUR to {n 3-90} EUR by {user}"),
  ("WARN", "retry: attempt {n 2-5} of 5 for job {uuid} of queue {queue}: {reason}"),
  ("INFO", "cert: certificate of shop.example.com is valid for {n 1-90} more days"),
  ("INFO", "cron: nightly-{table} started with process id {n 1000-9000}"),
  ("WARN", "pool: no free connection on {host} for more than {n 1-9} seconds"),
  ("INFO", "config: reloaded /etc/shop/{table}.yaml, its checksum is {hex 8}"),
  ("ERROR", "payment: order {order} failed: {reason} (10.0.9.17:443), attempt {n 1-5} of 5"),
  ("ERROR", "gateway: session {session} lost: {reason}"),
  ("ERROR", "sql: deadlock on table {table}, transaction {order} was rolled back"),
  ("WARN", "auth: {n 3-9} failed logins of {user} from {ip} within one minute"),
  ("FATAL", "worker: out of memory after {n 100-900} MB, the process will restart"),
]
