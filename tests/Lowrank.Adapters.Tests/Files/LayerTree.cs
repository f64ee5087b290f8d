namespace Lowrank.Adapters.Tests;

/// <summary>Layers at any paths, in the order in which they are given.</summary>
public sealed class LayerTree : nn.Module
{
    public LayerTree(params IReadOnlyList<(string Path, nn.Module Layer)> layers) : base(nameof(LayerTree))
    {
        // A fresh layer of ours holds whatever lay in its memory.
        foreach (var parameter in layers.SelectMany(layer => layer.Layer.parameters())) nn.init.uniform_(parameter);
        foreach (var level in layers.GroupBy(l => l.Path.Split('.')[0]))
            register_module(level.Key, level.First().Path == level.Key ? level.Single().Layer : new LayerTree([.. level.Select(l => (l.Path[(level.Key.Length + 1)..], l.Layer))]));
    }
}
