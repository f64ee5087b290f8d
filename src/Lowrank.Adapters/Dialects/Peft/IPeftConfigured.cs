namespace Lowrank.Adapters;

/// <summary>Tensors with PEFT's configuration beside them: one for all, or one for each component of a model.</summary>
interface IPeftConfigured
{
    /// <summary>The configurations.</summary>
    IEnumerable<PeftConfig> Configs { get; }

    /// <summary>The configuration of a layer, and the layer's path as that configuration means it.</summary>
    /// <param name="path">The layer's path, below what PEFT puts before it.</param>
    (PeftConfig Config, string Path)? ConfigAt(string path);
}
