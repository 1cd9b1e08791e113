/// A setting that the service cannot start with.
package struct SettingError: Error, Equatable, Sendable, CustomStringConvertible {
    package let setting: Setting
    /// What is wrong with the value and what would be right.
    package let fault: String
    /// What could be set instead, as in the environment: `SIGNET_KEY_LEAD=48h`.
    package let example: String

    /// - Parameter example: for a fault that depends on other settings, so that ``Setting/example`` may be one, too.
    package init(_ setting: Setting, _ fault: String, example: String? = nil) {
        self.setting = setting
        self.fault = fault
        self.example = example ?? "\(setting.environmentName)=\(setting.example)"
    }

    package var description: String {
        guard setting.hasFlag else { return "\(setting.environmentName) \(fault)" }
        return "\(setting.environmentName) (--\(setting.flag)) \(fault); for example: \(example)"
    }
}
