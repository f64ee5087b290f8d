namespace Lowrank.Adapters;

/// <summary>A level of names of layers.</summary>
class NamedNode() : nn.Module(nameof(NamedNode))
{
    /// <summary>Takes a node over under its name.</summary>
    public void Register(string name, nn.Module node) => register_module(name, node);
}
