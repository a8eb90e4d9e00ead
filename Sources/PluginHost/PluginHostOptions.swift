import Credentials
import JSONCoding

/// Where plugins are, which of them run, and how they are watched.
package struct PluginHostOptions: Sendable {
    /// A plugin the operator has switched on.
    package struct Setting: Sendable, Hashable {
        /// As the manifest's `config` asks; files are relative to ``baseFolder``.
        package var config: JSON.Object
        /// The operator's yes to addresses of private networks and of this machine.
        package var allowsPrivateNetwork: Bool

        package init(
            config: JSON.Object = JSON.Object(),
            allowsPrivateNetwork: Bool = false
        ) {
            self.config = config
            self.allowsPrivateNetwork = allowsPrivateNetwork
        }
    }

    /// Folders whose subfolders are plugins: each with a `plugin.json`, and the library unless it
    /// is in a library folder.
    package var bundleFolders: [String]
    /// Plugins beside those in folders.
    package var bundles: [PluginBundle] = []
    /// Where else libraries are: the folder of the server's program, during development.
    package var libraryFolders: [String]
    /// The `maitred-plugin-host` program.
    package var hostProgram: String
    /// Folders that plugins may read because their language's runtime is there.
    package var runtimeFolders: [String]
    /// By plugin id; a plugin that is not named here is listed, not run.
    package var settings: [String: Setting]
    package var baseFolder: String
    /// Where installed packages are: a folder for each id, in it one for each version.
    package var installFolder: String?
    /// Public keys of whom to trust, by name.
    package var trustedKeys: [String: VerifyingKey] = [:]
    /// Ids of plugins that may run though nobody has signed them.
    package var unsigned: Set<String> = []
    /// Who is asked first for what can be provided: `llm.complete` and the like.
    package var providers: [String: [String]] = [:]
    /// Seals secrets of configurations for the disk.
    package var vault = SealedSecrets(SecureRandom.bytes(32))
    /// False only to debug a plugin: it then has all the server's powers over files and network.
    package var confined = true

    package var restarts = Supervision.Rules()
    /// How often a process is asked for a sign of life, and how long it may take to give one.
    package var heartbeat: Duration = .seconds(2)
    package var heartbeatLimit: Duration = .seconds(5)
    /// How long a plugin may go on with a call after its deadline before it counts as hung.
    package var hangLimit: Duration = .seconds(5)
    package var startLimit: Duration = .seconds(10)
    package var drainLimit: Duration = .seconds(2)

    /// For plugins that are named one by one.
    package init(
        bundles: [PluginBundle],
        hostProgram: String,
        settings: [String: Setting],
        baseFolder: String
    ) {
        self.init(
            bundleFolders: [],
            hostProgram: hostProgram,
            settings: settings,
            baseFolder: baseFolder
        )
        self.bundles = bundles
    }

    package init(
        bundleFolders: [String],
        libraryFolders: [String] = [],
        hostProgram: String,
        runtimeFolders: [String] = RuntimeFolders.ofThisProcess(),
        settings: [String: Setting] = [:],
        baseFolder: String = "/"
    ) {
        self.bundleFolders = bundleFolders
        self.libraryFolders = libraryFolders
        self.hostProgram = hostProgram
        self.runtimeFolders = runtimeFolders
        self.settings = settings
        self.baseFolder = baseFolder
    }
}
