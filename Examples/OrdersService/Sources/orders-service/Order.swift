import Hummingbird

/// An order of a customer.
struct Order: ResponseCodable {
    let id: String
    let customer: String
    let item: String
    let quantity: Int

    /// The sample orders that every customer has.
    static func samples(for customer: String) -> [Order] {
        [
            Order(id: "1001", customer: customer, item: "tea", quantity: 2),
            Order(id: "1002", customer: customer, item: "teapot", quantity: 1),
        ]
    }
}

/// A message that an order has left the warehouse.
struct Shipment: ResponseCodable {
    let order: String
    let shippedBy: String
}
