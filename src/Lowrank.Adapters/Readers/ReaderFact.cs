namespace Lowrank.Adapters;

/// <summary>What a program was seen to make of the files of a dialect.</summary>
/// <param name="Dialect">The dialect, by name.</param>
/// <param name="Kind">What the files hold, one of <see cref="AdapterKinds.All"/>.</param>
/// <param name="Program">The program, one of <see cref="ReaderFacts.Programs"/>.</param>
/// <param name="Reading">What it makes of them at strength 1.</param>
/// <param name="Off">By how much of a layer's change it is wrong, at the most; null where that says nothing.</param>
/// <param name="OffAtHalf">The same at strength ½, where it is right at 1: its law of strength is another.</param>
/// <param name="Why">What it does otherwise; empty where there is no more to say.</param>
public sealed record ReaderFact(
    string Dialect, string Kind, string Program, Reading Reading, double? Off = null, double? OffAtHalf = null, string Why = "");
