namespace Lowrank.Models;

/// <summary>A part of an outline while it is opened.</summary>
sealed class OutlinePart : IDisposable
{
    /// <summary>A part of shapes alone, or with the file that holds its weights, which is taken over.</summary>
    /// <exception cref="LowrankException">The file holds a tensor in two spellings.</exception>
    internal OutlinePart(string name, nn.Module module, ITensorFile? file = null)
    {
        (Name, Module) = (name, module);
        if (file is not null) Weights = new(name, file, StoredNames.Of(name, file));
    }

    internal string Name { get; }

    internal nn.Module Module { get; }

    internal PartWeights? Weights { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Module.Dispose();
        Weights?.File.Dispose();
    }
}
