namespace Lowrank.Graphs;

/// <summary>A file that an output node wrote.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Subfolder">The folder in the output folder, "" for itself.</param>
/// <param name="Kind">"output" or "temp".</param>
/// <param name="Path">Where it lies.</param>
public sealed record ShownFile(string Name, string Subfolder, string Kind, string Path);
