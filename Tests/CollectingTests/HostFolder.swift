import Collecting
import LogModel
import TestSupport

/// A root with files such as the kernel's, in which a disk is a folder.
struct HostFolder {
  let scratch = Scratch()

  init(_ files: [String: String] = Self.files) {
    let folders = files.keys.map { $0.split(separator: "/").dropLast().joined(separator: "/") }
    _ = Command.run("mkdir", ["-p"] + Set(folders).sorted().map { scratch.file($0) })
    for (name, text) in files { write(name, text) }
  }

  func write(_ name: String, _ text: String) { scratch.write(name, text) }

  func remove(_ name: String) { _ = Command.run("rm", ["-rf", scratch.file(name)]) }

  func reading(at seconds: Int64 = 0) -> HostReading {
    HostReading(root: Path(scratch.path), time: seconds * 1_000_000)
  }

  static let files = [
    "proc/uptime": "1000.50 1900.00\n",
    "proc/stat": """
    cpu  100 0 50 800 50 0 0 0 0 0
    cpu0 60 0 20 400 20 0 0 0 0 0
    cpu1 40 0 30 400 30 0 0 0 0 0
    intr 12345 0 1 2
    procs_running 3
    procs_blocked 1

    """,
    "proc/loadavg": "0.52 1.25 2.00 3/456 7890\n",
    "proc/meminfo": """
    MemTotal:        8388608 kB
    MemFree:         1048576 kB
    MemAvailable:    4194304 kB
    Buffers:          102400 kB
    Cached:          2048000 kB
    SwapTotal:       1048576 kB
    SwapFree:         524288 kB

    """,
    "proc/net/dev": """
    Inter-|   Receive                                                |  Transmit
     face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
        lo: 5 5 0 0 0 0 0 0 5 5 0 0 0 0 0 0
      eth0:1000 10 1 2 0 0 0 0 2000 20 3 4 0 0 0 0

    """,
    "proc/diskstats": """
       7       0 loop0 9 0 9 9 9 9 9 9 9 9 9
     253       0 vda 100 0 2000 9 200 0 4000 9 0 500 9 0 0 0 0
     253       1 vda1 1 1 1 1 1 1 1 1 1 1 1

    """,
    "sys/block/vda/size": "1\n", "sys/block/loop0/size": "1\n",
    "proc/1/mounts": #"""
    proc /proc proc rw 0 0
    /dev/vda1 /data\040one ext4 rw 0 0
    /dev/vda1 /elsewhere ext4 rw 0 0
    server:/home /home nfs4 rw 0 0

    """#,
    "data one/x": "", "elsewhere/x": "", "home/x": "",
    "proc/17/stat": "", "proc/4711/stat": "",
    "proc/self/status": "Name:\tlogbook\nVmHWM:\t  20480 kB\nVmRSS:\t  10240 kB\nThreads:\t3\n",
    "proc/self/stat": "9 (a ) b) S 1 1 1 0 -1 4 1 0 0 0 125 25 0 0 20 0 3 0 1\n",
    "proc/self/fd/0": "", "proc/self/fd/3": "",
  ]
}

extension HostReading {
  /// `name label value`, of levels that begin so.
  func levels(_ prefix: String) -> [String] { Self.texts(levels, prefix) }

  func rates(since earlier: HostReading, _ prefix: String = "") -> [String] {
    Self.texts(
      rates(since: earlier.counters, time: earlier.time, uptime: earlier.uptime), prefix)
  }

  private static func texts(_ levels: [Level], _ prefix: String) -> [String] {
    levels.filter { $0.metric.rawValue.hasPrefix(prefix) }.map {
      ([$0.metric.rawValue, $0.label].filter { !$0.isEmpty } + ["\($0.value)"]).joined(
        separator: " ")
    }
  }
}
