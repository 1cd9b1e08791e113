/// A setting that the service cannot start with.
package struct SettingError: Error, Equatable, Sendable, CustomStringConvertible {
    package let setting: Setting
    /// What is wrong with the value and what would be right.
    package let fault: String

    package init(_ setting: Setting, _ fault: String) {
        self.setting = setting
        self.fault = fault
    }

    package var description: String {
        guard setting.hasFlag else { return "\(setting.environmentName) \(fault)" }
        return "\(setting.environmentName) (--\(setting.flag)) \(fault); for example: "
            + "\(setting.environmentName)=\(setting.example)"
    }
}
