namespace Lowrank.Adapters;

/// <summary>An adapter that was written.</summary>
/// <param name="Path">The file or folder.</param>
/// <param name="Dialect">The spelling.</param>
/// <param name="Targets">Adapted layers.</param>
/// <param name="Tensors">Tensors.</param>
/// <param name="Bytes">Their bytes.</param>
public sealed record WrittenAdapter(string Path, string Dialect, int Targets, int Tensors, long Bytes)
{
    /// <summary>What the user should know.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
