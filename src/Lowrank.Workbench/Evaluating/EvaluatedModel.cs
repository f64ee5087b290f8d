using Lowrank.Language;

namespace Lowrank.Workbench;

/// <summary>What was measured of the base, or with one adapter.</summary>
/// <param name="Name">"base", or the adapter's name.</param>
/// <param name="Adapter">The adapter's file; null for the base.</param>
/// <param name="Strength">Its strength; null for the base.</param>
/// <param name="Measures">The measures.</param>
/// <param name="Rows">Rows that were measured.</param>
/// <param name="IsWhole">Whether these are all that there are.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record EvaluatedModel(
    string Name, string? Adapter, double? Strength, IReadOnlyList<Measured> Measures, int Rows, bool IsWhole, double Seconds);
