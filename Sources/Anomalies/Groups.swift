/// Which of a number of elements belong together (disjoint sets; Tarjan, "Efficiency of a good but not
/// linear set union algorithm", 1975).
struct Groups {
  private var parents: [Int]

  init(count: Int) { parents = Array(0..<count) }

  mutating func join(_ left: Int, _ right: Int) {
    let (left, right) = (root(left), root(right))
    // The first one stands for all.
    parents[max(left, right)] = min(left, right)
  }

  /// In the order of their first elements, each ascending.
  var members: [[Int]] {
    var members: [[Int]] = []
    var places: [Int: Int] = [:]
    for element in parents.indices {
      var root = element
      while parents[root] != root { root = parents[root] }
      if let place = places[root] {
        members[place].append(element)
      } else {
        places[root] = members.count
        members.append([element])
      }
    }
    return members
  }

  private mutating func root(_ element: Int) -> Int {
    var element = element
    while parents[element] != element {
      parents[element] = parents[parents[element]]
      element = parents[element]
    }
    return element
  }
}
