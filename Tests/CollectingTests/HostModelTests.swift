import Collecting
import LogModel
import TestSupport
import Testing

/// A host to which anything happens between two looks, and which knows what its counters truly went up by.
private struct HostModel {
  struct Device {
    /// What `/proc` shows: received, sent or read, written.
    var shown: [Int64]
    /// What it went up by since the last look.
    var added: [Int64]
    /// Since the last look it is another one, or has begun anew.
    var isNew = true
  }

  static let names = ["eth0", "veth1", "vda", "sdb"]
  private(set) var devices: [String: Device] = [:]
  /// Of the host, which no clock sets, in hundredths of a second.
  private(set) var uptime: Int64 = 100_000
  var clock: Int64 = 1_772_445_600

  mutating func looked() {
    for name in devices.keys {
      devices[name]?.isNew = false
      devices[name]?.added = [0, 0]
    }
  }

  mutating func happen(_ random: inout SeededRandom) {
    let elapsed = Int64.random(in: 1...500_000, using: &random)
    uptime += elapsed
    // Somebody may set the clock, back as well.
    clock += elapsed / 100 + (Int.random(in: 0..<10, using: &random) == 0 ? -90_000 : 1)
    if Int.random(in: 0..<12, using: &random) == 0 {
      devices = [:]
      uptime = Int64.random(in: 1...uptime, using: &random)
    }
    for name in Self.names {
      switch Int.random(in: 0..<10, using: &random) {
      case 0: devices[name] = nil
      // One that comes, takes the other's place, wraps or is loaded anew.
      case 1, 2:
        devices[name] = Device(shown: [0, 0], added: devices[name]?.added ?? [0, 0])
      default: break
      }
      for place in 0..<2 {
        let more = Int64.random(in: 0...5_000_000_000, using: &random) & ~511
        devices[name]?.shown[place] += more
        devices[name]?.added[place] += more
      }
    }
  }

  func write(to host: HostFolder) {
    let part = uptime % 100
    host.write("proc/uptime", "\(uptime / 100).\(part < 10 ? "0" : "")\(part) 0\n")
    func lines(_ prefix: String, _ line: (String, [Int64]) -> String) -> String {
      devices.filter { $0.key.contains("eth") == (prefix == "eth") }
        .map { line($0.key, $0.value.shown) }.joined()
    }
    host.write(
      "proc/net/dev", lines("eth") { "\($0): \($1[0]) 0 0 0 0 0 0 0 \($1[1]) 0 0 0 0 0 0 0\n" })
    host.write(
      "proc/diskstats",
      lines("disk") { "8 0 \($0) 0 0 \($1[0] / 512) 0 0 0 \($1[1] / 512) 0 0 0 0\n" })
  }
}

@Suite struct `The rates of a host to which anything happens` {
  private static let metrics: [String: [HostMetric]] = [
    "eth0": [.bytesReceived, .bytesSent], "veth1": [.bytesReceived, .bytesSent],
    "vda": [.diskBytesRead, .diskBytesWritten], "sdb": [.diskBytesRead, .diskBytesWritten],
  ]

  @Test(arguments: UInt64(1)...20)
  func `are what its counters went up by, and none where one began anew`(_ seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let host = HostFolder()
    for name in ["vda", "sdb"] {
      _ = Command.run("mkdir", ["-p", host.scratch.file("sys/block/\(name)")])
    }
    var model = HostModel()
    model.write(to: host)
    var last = host.reading(at: model.clock)
    var before = model
    var known = model.devices
    for look in 0..<40 {
      model.looked()
      for _ in 0..<Int.random(in: 1...3, using: &random) { model.happen(&random) }
      model.write(to: host)
      let reading = host.reading(at: model.clock)
      let rates = reading.rates(since: last.counters, time: last.time, uptime: last.uptime)
      let seconds = Double(model.uptime - before.uptime) / 100
      #expect(rates.allSatisfy { $0.value >= 0 }, "SEED=\(seed), look \(look)")
      for (name, metrics) in Self.metrics {
        for (place, metric) in metrics.enumerated() {
          let rate = rates.first { $0.metric == metric && $0.label == name }?.value
          let at = "SEED=\(seed), look \(look): \(metric.rawValue) of \(name)"
          guard let device = model.devices[name], let former = known[name], seconds >= 0.5,
            device.shown[place] >= former.shown[place]
          else {
            #expect(rate == nil, "\(at)")
            continue
          }
          let visible = Double(device.shown[place] - former.shown[place])
          let found = (rate ?? -1) * seconds
          // Two decimals, of a time in microseconds.
          let least = 0.006 * seconds + 2e-6 * visible / seconds
          #expect(abs(found - visible) <= least, "\(at)")
          let truth = Double(device.added[place])
          #expect(found <= truth + least, "\(at)")
          if !device.isNew { #expect(abs(found - truth) <= least, "\(at)") }
        }
      }
      (last, before, known) = (reading, model, model.devices)
    }
  }
}
