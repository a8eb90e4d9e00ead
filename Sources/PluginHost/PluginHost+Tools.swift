import JSONCoding

/// Actions for a language model to propose.
extension PluginHost {
    /// The actions that somebody may have done, as a model is offered them: the first sixteen in
    /// order of name, each with the policy that counts now.
    package func tools(for actor: ActionOrder.Actor) -> ActionTools {
        let actions = actions().map { plugin, action in
            let wishes = entries[plugin.id]?.settings?.policies[action.name]
            return (action, ActionPolicy(action, config: plugin.config, wishes))
        }
        return ActionTools(actions, for: actor)
    }
}
