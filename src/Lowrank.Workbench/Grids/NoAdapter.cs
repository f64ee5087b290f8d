namespace Lowrank.Workbench;

/// <summary>The value "none" of an axis of adapters: takes an adapter's place, and is left out before anything is drawn.</summary>
sealed record NoAdapter() : AdapterChoice("none", 0);
