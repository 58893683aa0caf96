import Glibc
import LogModel

// File systems, disks and network interfaces.

extension HostReading {
  /// File systems on disks of this machine.
  ///
  /// One of a network may keep who asks it waiting for ever.
  private static let diskFileSystems: Set<String> = [
    "bcachefs", "btrfs", "exfat", "ext2", "ext3", "ext4", "f2fs", "fuseblk", "hfsplus", "jfs",
    "nilfs2", "ntfs", "ntfs3", "reiserfs", "ufs", "vfat", "xfs", "zfs",
  ]

  mutating func readFileSystems(_ files: HostFiles) {
    var devices: Set<[UInt8]> = []
    var read = 0
    for words in files.firstLines("proc/1/mounts", "proc/self/mounts") where words.count >= 3 {
      let mount = Self.unescaped(words[1])
      let kind = HostFiles.text(words[2].prefix(16))
      // What a container has for its root is on some disk.
      guard Self.diskFileSystems.contains(kind) || kind == "overlay" && mount == [0x2F],
        mount.first == 0x2F, !mount.contains(0), read < Self.maxEntries
      else { continue }
      // The same disk elsewhere says the same once more.
      guard !devices.contains(Array(words[0])),
        let space = Self.space(files.root.appending(mount.drop { $0 == 0x2F }))
      else { continue }
      devices.insert(Array(words[0]))
      read += 1
      add(space, HostFiles.text(mount))
    }
  }

  private mutating func add(_ space: statvfs, _ path: String) {
    let gibibyte = 1024.0 * 1024 * 1024
    let block = Double(space.f_frsize)
    let total = Double(space.f_blocks) * block
    let free = Double(space.f_bavail) * block
    let used = total - Double(space.f_bfree) * block
    guard total > 0, used >= 0, used + free > 0 else { return }
    add(.diskTotal, path, total / gibibyte)
    add(.diskUsed, path, used / gibibyte)
    add(.diskFree, path, free / gibibyte)
    add(.diskUsagePercent, path, 100 * used / (used + free))
    guard space.f_files > 0, space.f_ffree <= space.f_files else { return }
    add(
      .diskInodesPercent, path, 100 * Double(space.f_files - space.f_ffree) / Double(space.f_files))
  }

  /// Of a folder; a file may be mounted, too, as containers do with `/etc/hosts`.
  private static func space(_ folder: Path) -> statvfs? {
    var status = stat()
    var space = statvfs()
    guard unsafe folder.withCString({ unsafe stat($0, &status) }) == 0,
      status.st_mode & S_IFMT == S_IFDIR,
      unsafe folder.withCString({ unsafe statvfs($0, &space) }) == 0
    else { return nil }
    return space
  }

  /// `\040` stands for a blank.
  private static func unescaped(_ word: HostFiles.Word) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = word
    while let byte = rest.popFirst() {
      let digits = rest.prefix(3)
      guard byte == 0x5C, digits.count == 3, digits.allSatisfy({ $0 &- 0x30 < 8 }) else {
        bytes.append(byte)
        continue
      }
      bytes.append(UInt8(truncatingIfNeeded: digits.reduce(0) { $0 * 8 + Int($1 - 0x30) }))
      rest = rest.dropFirst(3)
    }
    return bytes
  }

  /// From `proc/diskstats`: whole disks, which are those that `sys/block` knows.
  mutating func readDisks(_ files: HostFiles) {
    let whole = files.names("sys/block").map { Set($0) }
    var read = 0
    for words in files.lines("proc/diskstats") where words.count >= 14 && read < Self.maxEntries {
      let name = HostFiles.text(words[2])
      let isKnown = whole?.contains(words[2].map { $0 == 0x2F ? 0x21 : $0 }) ?? true
      guard isKnown, !["loop", "ram", "zram", "fd", "sr"].contains(where: { name.hasPrefix($0) })
      else { continue }
      read += 1
      for (metric, place) in [
        (HostMetric.diskReads, 3), (.diskBytesRead, 5), (.diskWrites, 7), (.diskBytesWritten, 9),
        (.diskBusyPercent, 12),
      ] {
        count(HostFiles.integer(words[place]).map { Counter(metric, name, $0) })
      }
    }
  }

  /// From `net/dev`: received as bytes, packets, errors, drops and four more; then sent.
  mutating func readInterfaces(_ files: HostFiles) {
    var read = 0
    // Its first process has the host's network where a container looks at its files.
    for words in files.firstLines("proc/1/net/dev", "proc/net/dev") where read < Self.maxEntries {
      // The first number may follow the colon without a blank.
      let line = Array(words.joined(separator: [0x20]))
      guard let colon = line.firstIndex(of: 0x3A) else { continue }
      let name = HostFiles.text(line[..<colon])
      let numbers = line[(colon + 1)...].split(separator: 0x20).map { HostFiles.integer($0) }
      guard numbers.count >= 12, name != "lo", !name.isEmpty else { continue }
      read += 1
      for (metric, value) in [
        (HostMetric.bytesReceived, numbers[0]), (.packetsReceived, numbers[1]),
        (.bytesSent, numbers[8]), (.packetsSent, numbers[9]),
        (.networkErrors, Self.sum(numbers[2], numbers[10])),
        (.networkDrops, Self.sum(numbers[3], numbers[11])),
      ] {
        count(value.map { Counter(metric, name, $0) })
      }
    }
  }

  private static func sum(_ one: Int64?, _ other: Int64?) -> Int64? {
    guard let one, let other else { return nil }
    let (sum, isTooLarge) = one.addingReportingOverflow(other)
    return isTooLarge ? nil : sum
  }
}
