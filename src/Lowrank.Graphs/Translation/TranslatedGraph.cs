namespace Lowrank.Graphs;

/// <summary>A graph that was translated.</summary>
/// <param name="Graph">As the server takes it.</param>
/// <param name="Notes">What was left out or passed through, a sentence each.</param>
public sealed record TranslatedGraph(ApiGraph Graph, IReadOnlyList<string> Notes);
