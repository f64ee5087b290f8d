namespace Lowrank.Workbench;

/// <summary>A row that was asked.</summary>
/// <param name="Facts">What the models were given.</param>
/// <param name="Human">What people wrote of it: the first of their texts.</param>
/// <param name="Base">What the base wrote, in pieces, each with whether it is a word that nothing supports.</param>
/// <param name="Adapter">What was written with the adapter.</param>
public sealed record DemoText(
    string Facts, string Human, IReadOnlyList<(string Text, bool IsInvented)> Base, IReadOnlyList<(string Text, bool IsInvented)> Adapter);
