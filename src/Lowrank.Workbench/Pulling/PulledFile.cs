namespace Lowrank.Workbench;

/// <summary>A file of a pull.</summary>
/// <param name="Path">Its path in the repository.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Present">Bytes that the cache had before.</param>
public sealed record PulledFile(string Path, long Bytes, long Present);
