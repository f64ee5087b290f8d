namespace Lowrank.Language;

/// <summary>A row that is not taken.</summary>
/// <param name="Place">Where it stands: <c>data.jsonl, row 3 (line 4)</c>.</param>
/// <param name="Reason">Why, in a few words that are the same for all rows of one kind.</param>
public sealed record SkippedRow(string Place, string Reason);
