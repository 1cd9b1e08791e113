/// The end of all sessions that a user had at one moment, whatever their number: one mark in the user's record takes
/// effect with the transaction that writes it, and the families' own records may follow later.
package struct SessionCutoff: Sendable, Hashable {
    /// Families that began at this time or before are over.
    package let time: Timestamp
    /// The one family that goes on all the same; `nil` for none.
    package let kept: FamilyID?
    package let reason: FamilyRecord.RevocationReason

    package init(time: Timestamp, kept: FamilyID?, reason: FamilyRecord.RevocationReason) {
        self.time = time
        self.kept = kept
        self.reason = reason
    }

    /// Whether `family`, which is one of the same user, is over.
    package func ends(_ family: FamilyRecord) -> Bool { family.createdAt <= time && family.id != kept }
}
