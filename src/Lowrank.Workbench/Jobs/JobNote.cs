namespace Lowrank.Workbench;

/// <summary>A sentence that the user should know.</summary>
/// <param name="Text">The sentence.</param>
public sealed record JobNote(string Text) : JobEvent;
